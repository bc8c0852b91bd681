// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "checkpoint/head.h"
#include "report/json.h"
#include "support/shared_material.h"

using namespace monotail;
using nlohmann::json;

namespace {

std::filesystem::path fixtures()
{
    return std::filesystem::path(MONOTAIL_SOURCE_DIR) / "tests/fixtures/heads";
}

const json& rows()
{
    static const json all = test::readJson(fixtures() / "expected_heads.json");
    return all;
}

std::string openError(const json& row)
{
    return test::errorOf(
        [&] { (void)openCheckpoint(fixtures() / row.at("file").get<std::string>()); });
}

std::shared_ptr<const Checkpoint> openRow(const json& row)
{
    if (!openError(row).empty())
        return nullptr;
    return openCheckpoint(fixtures() / row.at("file").get<std::string>());
}

HeadQuery queryOf(const json& row)
{
    HeadQuery query;
    if (!row.at("classes_known").is_null())
        query.classes = row.at("classes_known").get<std::int64_t>();
    return query;
}

json named(const std::string& name)
{
    return name.empty() ? json() : json(name);
}

/// "first", "last" or nothing.
template <typename Candidate>
json backgroundOf(const Candidate& head)
{
    if constexpr (requires { nameOf(head.background); }) {
        const std::string name(nameOf(head.background));
        return name == "none" ? json() : named(name);
    } else {
        return {};
    }
}

/// As `inspect --json` has it: all stored rows, and the features of one expert.
json asJson(const HeadCandidate& head)
{
    const json said = headJson(head);
    return {{"weight", head.weight},           {"bias", named(head.bias)},
            {"classes", said.at("classes")},   {"features", said.at("features")},
            {"kind", nameOf(head.kind)},       {"orientation", nameOf(head.orientation)},
            {"background", backgroundOf(head)}};
}

/// The fields of `row` that asJson() gives.
json wantedOf(const json& row)
{
    json out = row;
    for (const char* key : {"file", "classes_known", "folded"})
        out.erase(key);
    return out;
}

bool isClose(double found, double wanted)
{
    return std::abs(found - wanted) <= 1e-6 * std::max(1.0, std::abs(wanted));
}

} // namespace

/// Files with the key names of published codes, each with the head that a person would propose
/// (tests/fixtures/make_checkpoints.py).
class FixtureHeadsTest : public QObject
{
    Q_OBJECT

    template <typename Wanted>
    static void addRows(Wanted isWanted)
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < rows().size(); ++i) {
            const json& known = rows()[i].at("classes_known");
            if (isWanted(rows()[i]))
                QTest::addRow("%s%s", rows()[i].at("file").get<std::string>().c_str(),
                              known.is_null() ? "" : ", classes known")
                    << int(i);
        }
    }

private Q_SLOTS:
    void proposesWhatAPersonWould_data()
    {
        addRows([](const json& row) { return !row.contains("none"); });
    }
    void proposesWhatAPersonWould()
    {
        QFETCH(int, index);
        const json& row = rows()[static_cast<std::size_t>(index)];
        const auto checkpoint = openRow(row);
        QVERIFY2(checkpoint, openError(row).c_str());
        const HeadSearch search = findHeads(*checkpoint, queryOf(row));
        QVERIFY(!search.candidates.empty());
        QCOMPARE(QString::fromStdString(asJson(search.candidates.front()).dump()),
                 QString::fromStdString(wantedOf(row).dump()));
        QVERIFY2(search.tied <= 1, std::to_string(search.tied).c_str());
        QCOMPARE(chooseHead(*checkpoint, queryOf(row)), search.candidates.front());
    }

    void proposesNothingWithoutClasses_data()
    {
        addRows([](const json& row) { return row.contains("none"); });
    }
    void proposesNothingWithoutClasses()
    {
        QFETCH(int, index);
        const json& row = rows()[static_cast<std::size_t>(index)];
        const std::string name = row.at("file").get<std::string>();
        const auto checkpoint = openRow(row);
        QVERIFY2(checkpoint, openError(row).c_str());
        const std::string error =
            test::errorOf([&] { (void)chooseHead(*checkpoint, queryOf(row)); });
        const HeadSearch search = findHeads(*checkpoint, queryOf(row));
        const std::string proposal =
            search.candidates.empty() ? error : search.candidates.front().weight;
        QVERIFY2(error.find(name) != std::string::npos, proposal.c_str());
    }

    void foldsWhatTheForwardPassDoes_data()
    {
        addRows([](const json& row) { return row.contains("folded"); });
    }
    void foldsWhatTheForwardPassDoes()
    {
        QFETCH(int, index);
        const json& row = rows()[static_cast<std::size_t>(index)];
        const auto checkpoint = openRow(row);
        QVERIFY2(checkpoint, openError(row).c_str());
        ClassifierHead head;
        const std::string error = test::errorOf(
            [&] { head = readHead(*checkpoint, chooseHead(*checkpoint, queryOf(row))); });
        QVERIFY2(error.empty(), error.c_str());
        const json& weight = row.at("folded").at("weight");
        const json& bias = row.at("folded").at("bias");
        QCOMPARE(head.classes(), static_cast<std::int64_t>(weight.size()));
        for (Eigen::Index c = 0; c < head.weight.rows(); ++c) {
            const json& wanted = weight[static_cast<std::size_t>(c)];
            QCOMPARE(head.features(), static_cast<std::int64_t>(wanted.size()));
            double squares = 0;
            for (Eigen::Index d = 0; d < head.weight.cols(); ++d) {
                const double number = wanted[static_cast<std::size_t>(d)];
                squares += number * number;
                QVERIFY2(isClose(static_cast<double>(head.weight(c, d)), number),
                         qPrintable(QString("class %1, feature %2").arg(c).arg(d)));
            }
            QVERIFY(isClose(static_cast<double>(head.bias(c)), bias[static_cast<std::size_t>(c)]));
            QVERIFY(isClose(head.norms[static_cast<std::size_t>(c)], std::sqrt(squares)));
        }
    }
};

QTEST_APPLESS_MAIN(FixtureHeadsTest)
#include "tst_fixture_heads.moc"
