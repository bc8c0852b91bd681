// SPDX-License-Identifier: GPL-3.0-or-later
// `inspect` on files of every kind that PyTorch writes: what the program prints is what PyTorch
// says of them (tests/fixtures/make_checkpoints.py).
#include <map>

#include "support/program.h"

using namespace monotail::test;
using nlohmann::json;

namespace {

const QString folder = MONOTAIL_SOURCE_DIR "/tests/fixtures/checkpoints/";

const json& allExpected()
{
    static const json expected = readJson((folder + "expected.json").toStdString());
    return expected;
}

json part(const json& expected, const char* key)
{
    return expected.contains(key) ? expected.at(key) : json::array();
}

/// Storages numbered in the order of their first tensor, as in the reference.
json renumbered(json tensors)
{
    std::map<std::string, std::size_t> storages;
    for (json& tensor : tensors) {
        const auto name = tensor.at("storage").get<std::string>();
        tensor["storage"] = storages.emplace(name, storages.size()).first->second;
    }
    return tensors;
}

/// Numbers that JSON lacks are null.
json byName(const json& scalars)
{
    json out = json::object();
    for (const json& scalar : scalars)
        out[scalar.at(0).get<std::string>()] = scalar.at(1).is_object() ? json() : scalar.at(1);
    return out;
}

} // namespace

class InspectFixturesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void printsWhatPyTorchSays_data()
    {
        QTest::addColumn<QString>("file");
        for (const auto& [name, value] : allExpected().items())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }

    void printsWhatPyTorchSays()
    {
        QFETCH(QString, file);
        const json& expected = allExpected().at(file.toStdString());
        const Outcome outcome = runProgram({"inspect", folder + file, "--digest", "--json"});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
        const json found = outcome.json();
        QCOMPARE(found.at("format"), expected.at("format"));
        const json tensors = renumbered(found.at("tensors"));
        for (std::size_t i = 0; i < std::min(tensors.size(), expected.at("tensors").size()); ++i)
            QCOMPARE(QString::fromStdString(tensors[i].dump()),
                     QString::fromStdString(expected.at("tensors")[i].dump()));
        QCOMPARE(tensors.size(), expected.at("tensors").size());
        QCOMPARE(found.at("objects").dump(), part(expected, "objects").dump());
        QCOMPARE(found.at("scalars").dump(), byName(part(expected, "scalars")).dump());
        for (const json& warning : part(expected, "warnings"))
            QVERIFY2(outcome.output.contains(QString::fromStdString(warning.get<std::string>())),
                     warning.dump().c_str());
    }

    void printsTheSameNamesAsText_data() { printsWhatPyTorchSays_data(); }
    void printsTheSameNamesAsText()
    {
        QFETCH(QString, file);
        const json& expected = allExpected().at(file.toStdString());
        const Outcome outcome = runProgram({"inspect", folder + file, "--digest"});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
        const QStringList lines = outcome.output.split('\n');
        for (const json& tensor : expected.at("tensors")) {
            const auto digest = QString::fromStdString(tensor.at("sha256").get<std::string>());
            const auto name = QString::fromStdString(tensor.at("name").get<std::string>());
            const bool isThere = std::any_of(lines.begin(), lines.end(), [&](const QString& line) {
                return line.contains(name) && line.contains(digest);
            });
            QVERIFY2(isThere, qPrintable(name));
        }
    }
};

QTEST_APPLESS_MAIN(InspectFixturesTest)
#include "tst_inspect_fixtures.moc"
