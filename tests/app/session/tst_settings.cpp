// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include "session/settings.h"

using namespace monotail;

class SettingsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_file = m_folder.filePath(QString("%1.ini").arg(++m_number)); }

    void everythingIsFoundAgain()
    {
        Inputs inputs{"/a/model, best.pth", "/a/ä counts.csv", "x.npy,y.npy", {}, {}};
        inputs.head.name = "fc.weight";
        inputs.head.kind = HeadKind::Lws;
        inputs.head.transposed = true;
        inputs.head.background = BackgroundRow::Last;
        inputs.head.logitScale = 14.285714;
        inputs.head.classes = 64;
        inputs.naming = {"/a/names.txt", "/a/map.csv"};
        {
            AppSettings settings(m_file);
            settings.setAppearance(Appearance::Dark);
            settings.setWindow("geometry", "layout");
            settings.addRecent(inputs);
        }
        const AppSettings settings(m_file);
        QCOMPARE(settings.appearance(), Appearance::Dark);
        QCOMPARE(settings.geometry(), QByteArray("geometry"));
        QCOMPARE(settings.layout(), QByteArray("layout"));
        QCOMPARE(settings.recent().size(), 1U);
        const Inputs found = settings.recent().front();
        QCOMPARE(found.checkpoint, inputs.checkpoint);
        QCOMPARE(found.counts, inputs.counts);
        QCOMPARE(found.data, inputs.data);
        QVERIFY(found.head == inputs.head);
        QCOMPARE(found.naming.classes, inputs.naming.classes);
        QCOMPARE(found.naming.classMap, inputs.naming.classMap);
    }

    void recentFilesAreNewestFirstOnceAndAtMostTen()
    {
        AppSettings settings(m_file);
        for (int i = 0; i < 12; ++i)
            settings.addRecent({std::to_string(i), {}, {}, {}, {}});
        settings.addRecent({"5", {}, {}, {}, {}});
        QCOMPARE(settings.recent().size(), 10U);
        QCOMPARE(settings.recent()[0].checkpoint, std::string("5"));
        QCOMPARE(settings.recent()[1].checkpoint, std::string("11"));
        QCOMPARE(settings.recent().back().checkpoint, std::string("2"));
        settings.clearRecent();
        QVERIFY(settings.recent().empty());
    }

    void nonsenseInTheFileIsPassedOver()
    {
        QFile file(m_file);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("[General]\nappearance=purple\nrecent=17\n\x01\x02]]]\n");
        file.close();
        const AppSettings settings(m_file);
        QCOMPARE(settings.appearance(), Appearance::System);
        QVERIFY(settings.recent().empty());
    }

    void appearanceIsAnnouncedOnce()
    {
        AppSettings settings(m_file);
        QSignalSpy changed(&settings, &AppSettings::appearanceChanged);
        settings.setAppearance(Appearance::Light);
        settings.setAppearance(Appearance::Light);
        QCOMPARE(changed.count(), 1);
    }

private:
    QTemporaryDir m_folder;
    QString m_file;
    int m_number = 0;
};

QTEST_GUILESS_MAIN(SettingsTest)
#include "tst_settings.moc"
