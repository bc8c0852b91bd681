// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCryptographicHash>
#include <QtTest>

#include "base/sha256.h"

using namespace monotail;

class Sha256Test : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void publishedExample()
    {
        Sha256 digest;
        digest.add("abc");
        QCOMPARE(digest.hex(), std::string("ba7816bf8f01cfea414140de5dae2223"
                                           "b00361a396177a9cb410ff61f20015ad"));
    }

    void agreesWithQtForEveryLengthAndCut()
    {
        QByteArray bytes;
        for (int length = 0; length < 200; ++length) {
            Sha256 digest;
            const auto cut = static_cast<std::size_t>(length / 3);
            const auto size = static_cast<std::size_t>(length);
            digest.add(bytes.constData(), cut);
            digest.add(bytes.constData() + cut, size - cut);
            const QByteArray expected =
                QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
            QCOMPARE(QByteArray::fromStdString(digest.hex()), expected);
            bytes.append(static_cast<char>(length * 37));
        }
    }
};

QTEST_APPLESS_MAIN(Sha256Test)
#include "tst_sha256.moc"
