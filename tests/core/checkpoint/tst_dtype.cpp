// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <cmath>

#include "checkpoint/dtype.h"
#include "support/shared_material.h"

using namespace monotail;
using test::errorOf;

Q_DECLARE_METATYPE(monotail::DType)

namespace {

double written(DType type, double value)
{
    std::array<std::byte, 8> bytes{};
    return writeElement(type, bytes.data(), value);
}

} // namespace

class DTypeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesAreThoseOfPyTorch();
    void decodesHalfPrecision_data();
    void decodesHalfPrecision();
    void roundsOnceToNearestEven_data();
    void roundsOnceToNearestEven();
    void everyHalfReadsAndWritesBack();
    void readsIntegersLittleEndian();
    void complexNumbersAreNotNumbers();
    void onlyFloatingTypesAreWritten();
};

void DTypeTest::namesAreThoseOfPyTorch()
{
    QCOMPARE(nameOf(DType::BFloat16), std::string_view("bfloat16"));
    QCOMPARE(nameOf(DType::QInt32), std::string_view("qint32"));
    QVERIFY(dtypeOfStorage("HalfStorage") == DType::Float16);
    QVERIFY(dtypeOfStorage("QInt32Storage") == DType::QInt32);
    QVERIFY(!dtypeOfStorage("Storage"));
    QVERIFY(dtypeOfSafetensors("BF16") == DType::BFloat16);
    QVERIFY(dtypeOfSafetensors("F8_E4M3") == DType::Float8E4M3FN);
    QVERIFY(!dtypeOfSafetensors("F8_E8M0"));
    QVERIFY(dtypeNamed("float8_e5m2") == DType::Float8E5M2);
    QVERIFY(!dtypeNamed("float8_e4m3fnuz"));
    QVERIFY(!dtypeOfSafetensors(""));
    QCOMPARE(sizeOf(DType::Complex128), std::size_t{16});
    QVERIFY(isFloating(DType::BFloat16));
    QVERIFY(!isFloating(DType::Complex64));
}

void DTypeTest::decodesHalfPrecision_data()
{
    QTest::addColumn<DType>("type");
    QTest::addColumn<int>("bits");
    QTest::addColumn<double>("value");
    QTest::addRow("half one") << DType::Float16 << 0x3c00 << 1.0;
    QTest::addRow("half minus two") << DType::Float16 << 0xc000 << -2.0;
    QTest::addRow("half largest") << DType::Float16 << 0x7bff << 65504.0;
    QTest::addRow("half smallest subnormal") << DType::Float16 << 0x0001 << std::ldexp(1, -24);
    QTest::addRow("half smallest normal") << DType::Float16 << 0x0400 << std::ldexp(1, -14);
    QTest::addRow("half minus infinity") << DType::Float16 << 0xfc00 << -HUGE_VAL;
    // The largest and smallest of arXiv 2209.05433, table 1.
    QTest::addRow("e4m3 largest") << DType::Float8E4M3FN << 0x7e << 448.0;
    QTest::addRow("e4m3 smallest normal") << DType::Float8E4M3FN << 0x08 << std::ldexp(1, -6);
    QTest::addRow("e4m3 smallest subnormal") << DType::Float8E4M3FN << 0x81 << -std::ldexp(1, -9);
    QTest::addRow("e5m2 largest") << DType::Float8E5M2 << 0x7b << 57344.0;
    QTest::addRow("e5m2 minus infinity") << DType::Float8E5M2 << 0xfc << -HUGE_VAL;
    QTest::addRow("e5m2 smallest subnormal") << DType::Float8E5M2 << 0x01 << std::ldexp(1, -16);
    QTest::addRow("bfloat one and a half") << DType::BFloat16 << 0x3fc0 << 1.5;
    QTest::addRow("bfloat smallest subnormal") << DType::BFloat16 << 0x0001 << std::ldexp(1, -133);
}

void DTypeTest::decodesHalfPrecision()
{
    QFETCH(DType, type);
    QFETCH(int, bits);
    QFETCH(double, value);
    const std::byte bytes[] = {static_cast<std::byte>(bits), static_cast<std::byte>(bits >> 8)};
    const double read = readElement(type, bytes);
    QVERIFY(read == value);
}

void DTypeTest::roundsOnceToNearestEven_data()
{
    QTest::addColumn<DType>("type");
    QTest::addColumn<double>("value");
    QTest::addColumn<double>("stored");
    // Halves have 11 significant bits: between 1 and 2 they lie 2^-10 apart.
    QTest::addRow("zero") << DType::Float16 << 0.0 << 0.0;
    QTest::addRow("tie goes down to even") << DType::Float16 << 1 + std::ldexp(1, -11) << 1.0;
    QTest::addRow("tie goes up to even")
        << DType::Float16 << 1 + 3 * std::ldexp(1, -11) << 1 + std::ldexp(1, -9);
    QTest::addRow("just over a tie, lost if rounded through float32")
        << DType::Float16 << 1 + std::ldexp(1, -11) + std::ldexp(1, -40) << 1 + std::ldexp(1, -10);
    QTest::addRow("rounds up to the next power") << DType::Float16 << 1.9999 << 2.0;
    QTest::addRow("largest half") << DType::Float16 << 65519.0 << 65504.0;
    QTest::addRow("over the largest half") << DType::Float16 << 65520.0 << HUGE_VAL;
    QTest::addRow("half a subnormal goes to zero") << DType::Float16 << std::ldexp(1, -25) << 0.0;
    QTest::addRow("three quarters of a subnormal")
        << DType::Float16 << 0.75 * std::ldexp(1, -24) << std::ldexp(1, -24);
    QTest::addRow("largest subnormal rounds to the smallest normal")
        << DType::Float16 << std::ldexp(1023.75, -24) << std::ldexp(1, -14);
    QTest::addRow("bfloat tie goes down") << DType::BFloat16 << 1 + std::ldexp(1, -8) << 1.0;
    QTest::addRow("negative bfloat") << DType::BFloat16 << -3.14159 << -3.140625;
    QTest::addRow("float32") << DType::Float32 << 0.1 << static_cast<double>(0.1f);
    QTest::addRow("float64") << DType::Float64 << 0.1 << 0.1;
}

void DTypeTest::roundsOnceToNearestEven()
{
    QFETCH(DType, type);
    QFETCH(double, value);
    QFETCH(double, stored);
    QVERIFY(written(type, value) == stored);
    QVERIFY(written(type, -value) == -stored);
}

void DTypeTest::everyHalfReadsAndWritesBack()
{
    for (const DType type : {DType::Float16, DType::BFloat16})
        for (int bits = 0; bits < 0x10000; ++bits) {
            const std::byte bytes[] = {static_cast<std::byte>(bits),
                                       static_cast<std::byte>(bits >> 8)};
            const double value = readElement(type, bytes);
            std::byte back[2];
            writeElement(type, back, value);
            if (!std::isnan(value))
                QVERIFY(back[0] == bytes[0] && back[1] == bytes[1]);
            else
                QVERIFY(std::isnan(readElement(type, back)));
        }
}

void DTypeTest::readsIntegersLittleEndian()
{
    const std::byte bytes[8] = {std::byte{0xfe}, std::byte{0xff}, std::byte{0xff}, std::byte{0xff},
                                std::byte{0xff}, std::byte{0xff}, std::byte{0xff}, std::byte{0xff}};
    QCOMPARE(readElement(DType::Int64, bytes), -2.0);
    QCOMPARE(readElement(DType::Int32, bytes), -2.0);
    QCOMPARE(readElement(DType::Int16, bytes), -2.0);
    QCOMPARE(readElement(DType::Int8, bytes), -2.0);
    QCOMPARE(readElement(DType::UInt8, bytes), 254.0);
    QCOMPARE(readElement(DType::Bool, bytes), 1.0);
    QCOMPARE(readElement(DType::UInt64, bytes), 18446744073709551614.0);
    QCOMPARE(readElement(DType::UInt32, bytes), 4294967294.0);
    QCOMPARE(readElement(DType::UInt16, bytes), 65534.0);
    QVERIFY(std::isnan(readElement(DType::Float8E4M3FN, bytes + 1)));
}

void DTypeTest::complexNumbersAreNotNumbers()
{
    const std::byte bytes[16] = {};
    QCOMPARE(errorOf([&] { readElement(DType::Complex64, bytes); }),
             std::string("elements of type complex64 are not real numbers"));
    QCOMPARE(errorOf([&] { readElement(DType::QInt8, bytes); }),
             std::string("elements of type qint8 are not real numbers"));
}

void DTypeTest::onlyFloatingTypesAreWritten()
{
    QCOMPARE(errorOf([] { written(DType::Int64, 1); }),
             std::string("numbers are written to floating tensors only, not to int64"));
}

QTEST_APPLESS_MAIN(DTypeTest)
#include "tst_dtype.moc"
