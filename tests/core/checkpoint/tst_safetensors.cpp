// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/safetensors.h"

#include "checkpoint_builder.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

std::string safetensors(const std::string& header, std::size_t data)
{
    std::string bytes = little<std::uint64_t>(header.size()) + header;
    for (std::size_t i = 0; i < data; ++i)
        bytes += static_cast<char>(i);
    return bytes;
}

const std::string good = R"({"__metadata__":{"format":"pt"},)"
                         R"("b":{"dtype":"I64","shape":[],"data_offsets":[8,16]},)"
                         R"("a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})";

} // namespace

class SafetensorsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void listsTensorsInFileOrder();
    void readsTheDemoFeatures();
    void refusesDamage_data();
    void refusesDamage();
    void everyTruncationIsAnError();
};

void SafetensorsTest::listsTensorsInFileOrder()
{
    const auto checkpoint = openBytes(safetensors(good, 16));
    QCOMPARE(checkpoint->format, std::string("safetensors"));
    QCOMPARE(checkpoint->tensors.size(), std::size_t{2});
    const Tensor& first = checkpoint->tensors[0];
    QCOMPARE(first.name, std::string("a"));
    QCOMPARE(first.shape, (std::vector<std::int64_t>{1, 2}));
    QCOMPARE(first.stride, (std::vector<std::int64_t>{2, 1}));
    QVERIFY(checkpoint->find("b")->dtype == DType::Int64);
    // Bytes 8 to 15, little-endian.
    QCOMPARE(readTensor(*checkpoint, *checkpoint->find("b")),
             std::vector<double>{static_cast<double>(0x0f0e0d0c0b0a0908)});
    QCOMPARE(checkpoint->metadata.at("format"), std::string("pt"));
}

void SafetensorsTest::readsTheDemoFeatures()
{
    const auto features = openCheckpoint(demoFolder() / "features-test.safetensors");
    QCOMPARE(features->find("features")->shape, (std::vector<std::int64_t>{10000, 64}));
    QCOMPARE(features->metadata.at("split"), std::string("test"));
}

void SafetensorsTest::refusesDamage_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* name, const std::string& header, std::size_t data,
                        const char* sentence) {
        QTest::newRow(name) << QByteArray::fromStdString(safetensors(header, data))
                            << QString(sentence);
    };
    const auto one = [](const std::string& dtype, const std::string& shape,
                        const std::string& offsets) {
        return R"({"a":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" +
               offsets + "}}";
    };
    const auto two = [](const std::string& first, const std::string& second) {
        return R"({"a":{"dtype":"U8","shape":[4],"data_offsets":)" + first +
               R"(},"b":{"dtype":"U8","shape":[4],"data_offsets":)" + second + "}}";
    };
    row("no JSON", "{abc", 0, "it is no JSON at byte 2");
    row("cut JSON", R"({"a":)", 0, "it is no JSON");
    row("unknown type", one("F8_E8M0", "[8]", "[0,8]"), 8,
        "tensor 'a' has the unknown element type 'F8_E8M0'");
    row("hole at the start", one("U8", "[4]", "[4,8]"), 8, "a hole in the data before tensor 'a'");
    row("hole between", two("[0,4]", "[5,9]"), 9, "a hole in the data before tensor 'b'");
    row("overlap", two("[0,4]", "[3,7]"), 7, "tensor 'b' overlaps another");
    row("the same bytes twice", two("[0,4]", "[0,4]"), 4, "tensor 'b' overlaps another");
    row("data after the last tensor", one("U8", "[4]", "[0,4]"), 6, "2 bytes follow the last");
    row("truncated data", one("U8", "[4]", "[0,4]"), 3, "only 3 bytes are there");
    row("backwards", one("U8", "[4]", "[0,-4]"), 4, "a number is negative");
    row("end before begin", two("[0,4]", "[4,2]"), 4, "hole in the data");
    row("size disagrees", one("F32", "[2]", "[0,4]"), 4, "should not have 4 bytes");
    row("size overflows", one("F32", "[4611686018427387905]", "[0,4]"), 4, "should not have");
    row("product overflows", one("U8", "[4611686018427387904,4]", "[0,0]"), 0, "should not have");
    row("a number of 2^64", one("U8", "[18446744073709551615]", "[0,4]"), 4, "a number stands");
    row("a fraction", one("U8", "[4.5]", "[0,4]"), 4, "a number is no integer");
    row("a text as shape", R"({"a":{"dtype":"U8","shape":"4","data_offsets":[0,4]}})", 4,
        "'shape' is a text");
    row("three offsets", one("U8", "[4]", "[0,4,8]"), 4, "more than two numbers");
    row("no offsets", R"({"a":{"dtype":"U8","shape":[4]}})", 4,
        "tensor 'a' lacks its dtype, shape or data_offsets");
    row("a name twice", R"({"a":{},"a":{}})", 0, "tensor 'a' lacks");
    row("nested lists", one("U8", "[[4]]", "[0,4]"), 4, "a list stands where none belongs");
    row("nested objects", R"({"a":{"b":{"c":1}}})", 0, "it nests too deeply");
    row("a truth value", R"({"a":true})", 0, "a truth value stands where none belongs");
    row("metadata that is a number", R"({"__metadata__":{"a":1}})", 0, "a number stands");
    row("deep nesting", "{\"a\":" + std::string(100'000, '['), 0, "a list stands");
}

void SafetensorsTest::refusesDamage()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, sentence);
    const std::string error = errorOf([&] { openBytes(bytes.toStdString()); });
    QVERIFY2(error.find(sentence.toStdString()) != std::string::npos, error.c_str());
    QCOMPARE(error.substr(0, 10), std::string("test.pth: "));
}

void SafetensorsTest::everyTruncationIsAnError()
{
    const std::string whole = safetensors(good, 16);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const std::string error = errorOf([&] { readSafetensors(fileOf(whole.substr(0, size))); });
        QVERIFY2(error.find("truncated or still being written") != error.npos, error.c_str());
    }
    const std::string huge = little<std::uint64_t>(std::uint64_t{1} << 33) + good;
    QVERIFY(errorOf([&] { openBytes(huge); }).find("the limit is 100000000") != huge.npos);
}

QTEST_APPLESS_MAIN(SafetensorsTest)
#include "tst_safetensors.moc"
