// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cmath>
#include <cstring>

#include "base/text.h"
#include "evaluate/accuracy.h"
#include "made_up.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

/// A tensor's bytes in a safetensors file: u64 header length, JSON header, buffer.
template <typename Number>
std::vector<Number> tensor(const std::string& file, const char* name)
{
    std::uint64_t length = 0;
    std::memcpy(&length, file.data(), sizeof length);
    const auto header = nlohmann::json::parse(file.substr(8, length));
    const auto begin = header.at(name).at("data_offsets")[0].get<std::size_t>();
    const auto end = header.at(name).at("data_offsets")[1].get<std::size_t>();
    std::vector<Number> out((end - begin) / sizeof(Number));
    std::memcpy(out.data(), file.data() + 8 + length + begin, end - begin);
    return out;
}

std::vector<std::int64_t> demoCounts()
{
    std::ifstream in(demoFolder() / "counts.csv");
    std::vector<std::int64_t> counts;
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line))
        counts.push_back(parseInteger(line.substr(line.rfind(',') + 1)).value());
    return counts;
}

} // namespace

/// The demo's own stage-1 logits as scores, against what PyTorch and numpy say of them.
class DemoAccuracyTest : public QObject
{
    Q_OBJECT
private:
    AccuracyReport m_report;

private Q_SLOTS:
    void initTestCase()
    {
        const std::string file = readText(demoFolder() / "features-test.safetensors");
        std::vector<float> logits = tensor<float>(file, "logits");
        const auto labels = tensor<std::int64_t>(file, "labels");
        const FeatureSet features = featuresOf(
            Eigen::Map<const RowMatrix>(logits.data(), std::ptrdiff_t(labels.size()), 10), labels);
        const ClassifierHead head = headOf(RowMatrix::Identity(10, 10), std::vector<float>(10, 0));
        const ScoreResult result = predictAll(
            features, head, {rescalingOf(std::vector<double>(10, 1), std::vector<double>(10, 0))},
            *makeEigenScorer(), {});
        m_report = measureAccuracy(result.methods[0], labels, groupClasses(demoCounts(), {}));
    }

    void everyClassHasPyTorchsHits()
    {
        const auto expected = readJson(demoFolder() / "accuracies.json").at("stage1");
        for (std::size_t c = 0; c < 10; ++c)
            QCOMPARE(m_report.perClass[c].correct,
                     expected.at("per_class_hits")[c].get<std::int64_t>());
        QVERIFY(std::fabs(*m_report.top1 - expected.at("top1").get<double>()) < 1e-9);
    }

    void ratesAreNumpys()
    {
        const std::vector<std::pair<Rate, double>> rates{
            {m_report.classMean, 68.31},
            {m_report.top5, 98.66},
            {m_report.groups[0], 84.425},
            {m_report.groups[1], 80.1},
            {m_report.groups[2], 35.0333333333},
            {m_report.harmonic, 56.7392296314},
            {m_report.worstDecile, 0.5},
            {m_report.tailAsHead, 58.4666666667},
            {m_report.calibration.ece, 15.2633958679},
            {m_report.calibration.groups[0], 4.8472764438},
            {m_report.calibration.groups[1], 4.4367665768},
            {m_report.calibration.groups[2], 40.5527001051},
        };
        for (const auto& [found, expected] : rates)
            QVERIFY2(std::fabs(*found - expected) < 1e-4,
                     qPrintable(QString("%1 for %2").arg(*found).arg(expected)));
        QCOMPARE(m_report.nearTies, std::int64_t(0));
    }

    void oneTemperatureHelpsAnOverconfidentModel()
    {
        QVERIFY(*m_report.fitted->ece < *m_report.calibration.ece);
    }
};

QTEST_APPLESS_MAIN(DemoAccuracyTest)
#include "tst_demo_accuracy.moc"
