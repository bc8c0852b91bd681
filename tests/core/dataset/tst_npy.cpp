// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cmath>

#include "core/dataset/numpy_files.h"
#include "core/dataset/scratch.h"
#include "dataset/class_set.h"
#include "dataset/npy.h"
#include "dataset/number_load.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

NumberArray parsed(const std::string& bytes)
{
    const auto owner = std::make_shared<std::string>(bytes);
    return readNpy({reinterpret_cast<const std::byte*>(owner->data()), owner->size()}, owner,
                   "a.npy");
}

std::string errorIn(const std::string& bytes)
{
    return errorOf([&] { parsed(bytes); });
}

/// float16 by its definition (IEEE 754, binary16).
double halfByDefinition(unsigned bits)
{
    const int exponent = static_cast<int>(bits >> 10 & 31);
    const double fraction = bits & 1023;
    const double size =
        exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
    return bits & 0x8000 ? -size : size;
}

} // namespace

class NpyTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyFloat16ConvertsExactly()
    {
        for (unsigned bits = 0; bits < 65536; ++bits) {
            const float value = toFloat(HalfBits{static_cast<std::uint16_t>(bits)});
            if ((bits & 0x7c00) == 0x7c00)
                QVERIFY2((bits & 1023) ? std::isnan(value) : std::isinf(value), "special");
            else
                QVERIFY2(static_cast<double>(value) == halfByDefinition(bits) &&
                             std::signbit(value) == (bits >= 0x8000),
                         qPrintable(QString::number(bits)));
        }
    }

    void bfloat16IsTheUpperHalfOfAFloat()
    {
        QCOMPARE(toFloat(BFloatBits{0x3fc0}), 1.5f);
        QCOMPARE(toFloat(BFloatBits{0xc2f7}), -123.5f);
    }

    void everyTypeOfNumberIsRead_data()
    {
        QTest::addColumn<QString>("descr");
        QTest::addColumn<QByteArray>("data");
        const auto row = [](const char* descr, const std::string& data) {
            QTest::newRow(descr) << descr << QByteArray::fromStdString(data);
        };
        row("<f2", little(0x4000, 2) + little(0, 2) + little(0x4700, 2));
        row("<f4", bytesOf<float>({2, 0, 7}));
        row("<f8", bytesOf<double>({2, 0, 7}));
        row("|i1", bytesOf<std::int8_t>({2, 0, 7}));
        row("<i2", bytesOf<std::int16_t>({2, 0, 7}));
        row("<i4", bytesOf<std::int32_t>({2, 0, 7}));
        row("<i8", bytesOf<std::int64_t>({2, 0, 7}));
        row("|u1", bytesOf<std::uint8_t>({2, 0, 7}));
        row("<u2", bytesOf<std::uint16_t>({2, 0, 7}));
        row("<u4", bytesOf<std::uint32_t>({2, 0, 7}));
        row("<u8", bytesOf<std::uint64_t>({2, 0, 7}));
    }

    void everyTypeOfNumberIsRead()
    {
        QFETCH(QString, descr);
        QFETCH(QByteArray, data);
        const std::string type = descr.toStdString();
        QCOMPARE(readWholeNumbers(parsed(npy(type, "(3,)", data.toStdString())), "class"),
                 (std::vector<std::int64_t>{2, 0, 7}));
        const auto rows = asRows(parsed(npy(type, "(1, 3)", data.toStdString())));
        QVERIFY(rows->read(0, 1) == (RowMatrix(1, 3) << 2, 0, 7).finished());
    }

    void fortranOrderIsHonoured()
    {
        // [[1, 2, 3], [4, 5, 6]], column after column.
        const auto rows =
            asRows(parsed(npy("<f4", "(2, 3)", bytesOf<float>({1, 4, 2, 5, 3, 6}), "True")));
        QVERIFY(rows->read(0, 2) == (RowMatrix(2, 3) << 1, 2, 3, 4, 5, 6).finished());
        QVERIFY(rows->read(1, 2) == (RowMatrix(1, 3) << 4, 5, 6).finished());
        QCOMPARE(rows->read(1, 1).rows(), Eigen::Index(0));
        QVERIFY(says(errorOf([&] { rows->read(1, 3); }), {"rows 1 to 3 were asked for"}));
    }

    void headersAreTakenInAnyOrderAndVersion()
    {
        const std::string data = bytesOf<float>({1, 2});
        const std::string header = "{\"shape\": (2L,), 'fortran_order':False,'descr':'<f4'}";
        QCOMPARE(parsed(npyWithHeader(header, data)).shape, std::vector<std::int64_t>{2});
        std::string second = npyWithHeader(header, data);
        second[6] = '\x02';
        second.insert(10, 2, '\0');
        QCOMPARE(parsed(second).shape, std::vector<std::int64_t>{2});
    }

    void brokenFilesAreExplained_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* name, const std::string& bytes, const char* sentence) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << sentence;
        };
        const std::string data = bytesOf<float>({1, 2});
        const std::string whole = npy("<f4", "(2,)", data);
        row("truncated data", whole.substr(0, whole.size() - 1),
            "there is data for 1 numbers only");
        row("truncated header", whole.substr(0, 40), "too long, or the file is truncated");
        row("bare magic", whole.substr(0, 6), "no .npy array, or a truncated one");
        row("more behind it", whole + "x", "1 bytes behind the array");
        row("big-endian", npy(">f4", "(2,)", data), "big-endian (>f4)");
        row("objects", npy("|O", "(1,)", data), "Python objects");
        row("texts", npy("<U10", "(1,)", data), "arrays of type <U10 are not read");
        row("structured",
            npyWithHeader("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}", data),
            "structured array");
        row("code in the header",
            npyWithHeader("{'descr': open('x'), 'fortran_order': False, 'shape': (2,)}", data),
            "the .npy header is broken");
        row("key twice",
            npyWithHeader("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
                          data),
            "unexpected entry descr");
        row("no shape", npyWithHeader("{'descr': '<f4', 'fortran_order': False}", data),
            "incomplete");
        row("negative shape", npy("<f4", "(-2,)", data), "shape in the .npy header is broken");
        row("shape that overflows", npy("<f4", "(4294967296, 4294967296)", data),
            "there is data for 2");
        row("version", "\x93NUMPY\x09" + whole.substr(7), ".npy format 9 is not known");
    }

    void brokenFilesAreExplained()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, sentence);
        QVERIFY(says(errorIn(bytes.toStdString()), {"a.npy", qPrintable(sentence)}));
    }

    void whatIsNotFiniteIsNamedWhenItIsRead()
    {
        const auto rows = asRows(
            parsed(npy("<f8", "(3, 2)", bytesOf<double>({1, 2, 3, std::nan(""), 1e300, 6}))));
        QVERIFY(rows->read(0, 1) == (RowMatrix(1, 2) << 1, 2).finished());
        QVERIFY(
            says(errorOf([&] { rows->read(0, 3); }), {"a.npy: sample 1 has nan at position 1"}));
        QVERIFY(
            says(errorOf([&] { rows->read(2, 3); }), {"a.npy: sample 2 has inf at position 0"}));
    }

    void emptyArraysAreNotRows()
    {
        const std::string bytes = npy("<f4", "(0, 4294967296, 4294967296)", "");
        QVERIFY(says(errorOf([&] { asRows(parsed(bytes)); }), {"a.npy: one row per sample"}));
        QVERIFY(says(errorOf([&] { asRows(parsed(npy("<f4", "(2, 0)", ""))); }),
                     {"a.npy: it is empty (2 x 0)"}));
    }

    void countsComeFromOneDimension()
    {
        const Scratch scratch;
        const std::string counts =
            scratch.file("counts.npy", npy("<f8", "(3,)", bytesOf<double>({9, 4, 1})));
        QCOMPARE(readClassSet(counts, 3).counts, (std::vector<std::int64_t>{9, 4, 1}));
        QVERIFY(says(errorOf([&] { readClassSet(counts, 4); }),
                     {"counts.npy gives 3 classes, the head has 4; one count per class"}));
        const std::string square =
            scratch.file("square.npy", npy("<i8", "(1, 2)", bytesOf<std::int64_t>({9, 4})));
        QVERIFY(says(errorOf([&] { readClassSet(square, 2); }),
                     {"square.npy: one number per class is expected, found 1 x 2"}));
        const std::string half =
            scratch.file("half.npy", npy("<f4", "(2,)", bytesOf<float>({9, 0.5f})));
        QVERIFY(says(errorOf([&] { readClassSet(half, 2); }),
                     {"half.npy: class 1 has 0.5, which is no whole number"}));
        const std::string wide = scratch.file(
            "wide.npy", npy("<u8", "(1,)", bytesOf<std::uint64_t>({std::uint64_t(1) << 63})));
        QVERIFY(says(errorOf([&] { readClassSet(wide, 1); }), {"class 0 has 9223372036854775808"}));
    }
};

QTEST_APPLESS_MAIN(NpyTest)
#include "tst_npy.moc"
