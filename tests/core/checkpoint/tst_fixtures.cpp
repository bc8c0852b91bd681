// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <limits>
#include <map>

#include "checkpoint/checkpoint.h"
#include "support/shared_material.h"

using namespace monotail;
using nlohmann::json;

namespace {

std::filesystem::path fixtures()
{
    return std::filesystem::path(MONOTAIL_SOURCE_DIR) / "tests/fixtures/checkpoints";
}

const json& allExpected()
{
    static const json expected = test::readJson(fixtures() / "expected.json");
    return expected;
}

json part(const json& expected, const char* key)
{
    return expected.contains(key) ? expected.at(key) : json::array();
}

/// Tensors as the reference lists them. Storages are numbered in the order of their first tensor:
/// which tensors share one counts, not how a format names it.
json tensorsOf(const Checkpoint& checkpoint)
{
    json out = json::array();
    std::map<std::string, std::size_t> storages;
    for (const Tensor& tensor : checkpoint.tensors)
        out.push_back({{"name", tensor.name},
                       {"dtype", nameOf(tensor.dtype)},
                       {"shape", tensor.shape},
                       {"stride", tensor.stride},
                       {"storage", storages.emplace(tensor.storage, storages.size()).first->second},
                       {"sha256", tensorDigest(checkpoint, tensor)}});
    return out;
}

json scalarsOf(const Checkpoint& checkpoint)
{
    json out = json::array();
    for (const ScalarEntry& entry : checkpoint.scalars) {
        json value;
        std::visit([&](const auto& held) { value = held; }, entry.value);
        if (value.is_number_float() && !std::isfinite(value.get<double>())) {
            const double number = value.get<double>();
            value = {{"float", std::isnan(number) ? "nan" : number > 0 ? "inf" : "-inf"}};
        }
        out.push_back({entry.name, value});
    }
    return out;
}

json listsOf(const Checkpoint& checkpoint)
{
    json out = json::array();
    for (const NumberList& list : checkpoint.lists)
        out.push_back({list.name, list.values});
    return out;
}

void compare(const json& found, const json& wanted)
{
    for (std::size_t i = 0; i < std::min(found.size(), wanted.size()); ++i)
        QCOMPARE(QString::fromStdString(found[i].dump()), QString::fromStdString(wanted[i].dump()));
    QCOMPARE(found.size(), wanted.size());
}

} // namespace

/// Files of every kind that PyTorch writes, each against what PyTorch itself says of it
/// (tests/fixtures/make_checkpoints.py).
class FixturesTest : public QObject
{
    Q_OBJECT

    static void addFiles()
    {
        QTest::addColumn<QString>("file");
        for (const auto& [name, value] : allExpected().items())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }

private Q_SLOTS:
    void tensorsAreWhatPyTorchSays_data() { addFiles(); }
    void tensorsAreWhatPyTorchSays()
    {
        QFETCH(QString, file);
        const json& expected = allExpected().at(file.toStdString());
        const auto checkpoint = openCheckpoint(fixtures() / file.toStdString());
        QCOMPARE(checkpoint->format, expected.at("format").get<std::string>());
        compare(tensorsOf(*checkpoint), expected.at("tensors"));
    }

    void otherValuesAreWhatPyTorchSays_data() { addFiles(); }
    void otherValuesAreWhatPyTorchSays()
    {
        QFETCH(QString, file);
        const json& expected = allExpected().at(file.toStdString());
        const auto checkpoint = openCheckpoint(fixtures() / file.toStdString());
        compare(scalarsOf(*checkpoint), part(expected, "scalars"));
        compare(listsOf(*checkpoint), part(expected, "lists"));
        compare(checkpoint->objects, part(expected, "objects"));
        const json& warnings = part(expected, "warnings");
        QCOMPARE(checkpoint->warnings.size(), warnings.size());
        for (std::size_t i = 0; i < warnings.size(); ++i)
            QVERIFY2(checkpoint->warnings[i].find(warnings[i].get<std::string>()) == 0,
                     checkpoint->warnings[i].c_str());
    }

    void everyFileHasItsReference()
    {
        std::size_t files = 0;
        for (const auto& entry : std::filesystem::directory_iterator(fixtures()))
            if (const std::string name = entry.path().filename().string();
                name != "expected.json") {
                QVERIFY2(allExpected().contains(name), name.c_str());
                ++files;
            }
        QCOMPARE(files, allExpected().size());
    }
};

QTEST_APPLESS_MAIN(FixturesTest)
#include "tst_fixtures.moc"
