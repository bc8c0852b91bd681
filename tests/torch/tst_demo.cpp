// SPDX-License-Identifier: GPL-3.0-or-later
// The demo's figures against an independent computation: plain LibTorch on the same features, PAVA
// by its max-min formula, metrics by tensor operations.
#include <ATen/ATen.h>
#include <QProcess>
#include <QTemporaryDir>
#include <cmath>

#include "checkpoint/checkpoint.h"
#include "support/shared_material.h"

using namespace monotail;
using nlohmann::json;

namespace {

const std::vector<double> counts{16, 9, 170, 94, 555, 5, 1000, 308, 52, 29};
const std::vector<std::int64_t> byFrequency{6, 4, 7, 2, 3, 8, 9, 0, 1, 5};
const std::vector<std::vector<std::int64_t>> groups{{6, 4, 7, 2}, {3, 8, 9}, {0, 1, 5}};
const char* const groupNames[] = {"many", "medium", "few"};

/// Reads a tensor of a safetensors file with nothing but its published layout.
at::Tensor readSafetensor(const std::string& bytes, const std::string& name)
{
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), 8);
    const json entry = json::parse(bytes.substr(8, length)).at(name);
    const auto type = entry.at("dtype") == "F32" ? at::kFloat : at::kLong;
    const auto offset = 8 + length + entry.at("data_offsets").at(0).get<std::uint64_t>();
    return at::from_blob(const_cast<char*>(bytes.data()) + offset,
                         entry.at("shape").get<std::vector<std::int64_t>>(), type)
        .clone();
}

at::Tensor readStateDict(const Checkpoint& checkpoint, const std::string& name)
{
    const Tensor* tensor = checkpoint.find("state_dict." + name);
    if (!tensor)
        return {};
    std::vector<float> values = readTensorAsFloat(checkpoint, *tensor);
    return at::from_blob(values.data(), tensor->shape, at::kFloat).clone();
}

/// Non-decreasing least squares: the largest, over starts, of the smallest, over ends, mean.
std::vector<double> isotonicByMaxMin(const std::vector<double>& y)
{
    std::vector<double> fitted;
    for (std::size_t i = 0; i < y.size(); ++i) {
        double best = -INFINITY;
        for (std::size_t a = 0; a <= i; ++a) {
            double lowest = INFINITY;
            double sum = 0;
            for (std::size_t b = a; b < y.size(); ++b) {
                sum += y[b];
                if (b >= i)
                    lowest = std::min(lowest, sum / static_cast<double>(b - a + 1));
            }
            best = std::max(best, lowest);
        }
        fitted.push_back(best);
    }
    return fitted;
}

struct Head
{
    at::Tensor weight, bias, norms, fitted;
};

Head readHead(const std::string& name)
{
    const auto checkpoint = openCheckpoint(test::demoFolder() / (name + ".pth.tar"));
    Head head{readStateDict(*checkpoint, "linear.weight"),
              readStateDict(*checkpoint, "linear.bias"),
              {},
              {}};
    const at::Tensor scales = readStateDict(*checkpoint, "scales");
    if (scales.defined()) {
        head.weight = head.weight * scales.unsqueeze(1);
        head.bias = head.bias * scales;
    }
    head.norms = head.weight.to(at::kDouble).norm(2, 1);
    std::vector<double> sorted;
    for (const std::int64_t c : byFrequency)
        sorted.push_back(head.norms[c].item<double>());
    const std::vector<double> fitted = isotonicByMaxMin(sorted);
    head.fitted = at::empty({10}, at::kDouble);
    for (std::size_t rank = 0; rank < 10; ++rank)
        head.fitted[byFrequency[rank]] = fitted[rank];
    return head;
}

at::Tensor logPriors()
{
    const at::Tensor n = at::tensor(counts, at::kDouble);
    return (n / n.sum()).log();
}

/// Scores of one row of the demo's method table.
at::Tensor scoresOf(const std::string& method, const Head& head, const at::Tensor& z)
{
    const at::Tensor none = at::zeros_like(head.bias);
    const auto scaled = [&](const at::Tensor& scale, const at::Tensor& bias) {
        return z * scale.to(at::kFloat) + bias;
    };
    if (method == "samn")
        return scaled(head.fitted / head.norms, head.bias);
    if (method == "samn, bias dropped")
        return scaled(head.fitted / head.norms, none);
    if (method == "equal")
        return scaled(head.norms.mean() / head.norms, head.bias);
    if (method == "tau=1")
        return scaled(1 / head.norms, head.bias);
    if (method == "tau=1, bias dropped")
        return scaled(1 / head.norms, none);
    if (method == "logit-adjust=1")
        return z + (head.bias.to(at::kDouble) - logPriors()).to(at::kFloat);
    return z + head.bias;
}

double recallOf(const at::Tensor& predicted, const at::Tensor& labels, std::int64_t c)
{
    const at::Tensor own = labels == c;
    return 100 * (predicted.masked_select(own) == c).to(at::kDouble).mean().item<double>();
}

double meanRecall(const at::Tensor& predicted, const at::Tensor& labels,
                  const std::vector<std::int64_t>& classes)
{
    double sum = 0;
    for (const std::int64_t c : classes)
        sum += recallOf(predicted, labels, c);
    return sum / static_cast<double>(classes.size());
}

/// Expected calibration error in percent of the samples that `chosen` (bool, N) picks.
double eceOf(const at::Tensor& scores, const at::Tensor& labels, const at::Tensor& chosen)
{
    const auto [confidence, predicted] = at::softmax(scores.to(at::kDouble), 1).max(1);
    const at::Tensor right = (predicted == labels).to(at::kDouble);
    const double total = chosen.sum().item<double>();
    double error = 0;
    for (int bin = 0; bin < 15; ++bin) {
        const at::Tensor in =
            chosen.logical_and(confidence > bin / 15.0).logical_and(confidence <= (bin + 1) / 15.0);
        const double size = in.sum().item<double>();
        if (size > 0)
            error += size / total *
                     std::abs(right.masked_select(in).mean().item<double>() -
                              confidence.masked_select(in).mean().item<double>());
    }
    return 100 * error;
}

#define COMPARE_NUMBER(actual, expected, tolerance)                                                \
    QVERIFY2(std::abs((actual).get<double>() - (expected)) <= (tolerance),                         \
             qPrintable(QString("%1 is %2, expected %3")                                           \
                            .arg(#actual)                                                          \
                            .arg((actual).get<double>(), 0, 'g', 12)                               \
                            .arg(expected, 0, 'g', 12)))

} // namespace

class DemoTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    json m_demo;
    at::Tensor m_features, m_labels;

    void compareRates(const json& metrics, const at::Tensor& scores)
    {
        const at::Tensor predicted = scores.argmax(1);
        const at::Tensor hit = (predicted == m_labels).to(at::kDouble);
        COMPARE_NUMBER(metrics["top1"], 100 * hit.mean().item<double>(), 1e-9);
        COMPARE_NUMBER(metrics["class_mean"], meanRecall(predicted, m_labels, byFrequency), 1e-9);
        const at::Tensor top = std::get<1>(scores.topk(5, 1));
        const at::Tensor inTop = (top == m_labels.unsqueeze(1)).any(1).to(at::kDouble);
        COMPARE_NUMBER(metrics["top5"], 100 * inTop.mean().item<double>(), 1e-9);
        double reciprocals = 0;
        for (std::size_t g = 0; g < 3; ++g) {
            const double mean = meanRecall(predicted, m_labels, groups[g]);
            COMPARE_NUMBER(metrics[groupNames[g]], mean, 1e-9);
            reciprocals += 1 / mean;
        }
        COMPARE_NUMBER(metrics["harmonic"], 3 / reciprocals, 1e-9);
        std::vector<double> recalls;
        for (std::int64_t c = 0; c < 10; ++c)
            recalls.push_back(recallOf(predicted, m_labels, c));
        const auto worst = std::min_element(recalls.begin(), recalls.end());
        QCOMPARE(metrics["worst_class"]["index"].get<std::int64_t>(), worst - recalls.begin());
        COMPARE_NUMBER(metrics["worst_decile"], *worst, 1e-9); // one class of ten
    }

    void compareCalibration(const json& metrics, const at::Tensor& scores)
    {
        const at::Tensor all = at::ones_like(m_labels).to(at::kBool);
        COMPARE_NUMBER(metrics["ece"], eceOf(scores, m_labels, all), 1e-3);
        const at::Tensor predicted = scores.argmax(1);
        for (std::size_t g = 0; g < 3; ++g) {
            const at::Tensor own = at::isin(m_labels, at::tensor(groups[g]));
            COMPARE_NUMBER(metrics["ece_groups"][groupNames[g]], eceOf(scores, m_labels, own),
                           1e-3);
        }
        const at::Tensor tail = at::isin(m_labels, at::tensor(groups[2]));
        const at::Tensor asHead =
            at::isin(predicted.masked_select(tail), at::tensor(groups[0])).to(at::kDouble);
        COMPARE_NUMBER(metrics["tail_as_head"], 100 * asHead.mean().item<double>(), 1e-9);
    }

    void comparePerClass(const json& rows, const at::Tensor& predicted)
    {
        QCOMPARE(rows.size(), std::size_t(10));
        for (std::int64_t c = 0; c < 10; ++c) {
            const json& row = rows[static_cast<std::size_t>(c)];
            const double named = (predicted == c).sum().item<double>();
            const double total = (m_labels == c).sum().item<double>();
            const double right = (predicted == c).logical_and(m_labels == c).sum().item<double>();
            COMPARE_NUMBER(row["total"], total, 0);
            COMPARE_NUMBER(row["correct"], right, 0);
            COMPARE_NUMBER(row["recall"], 100 * right / total, 1e-9);
            if (named > 0)
                COMPARE_NUMBER(row["precision"], 100 * right / named, 1e-9);
            COMPARE_NUMBER(row["f1"], 200 * right / (named + total), 1e-9);
            const double p = right / total, z = 1.959963984540054, zz = z * z / total;
            const double half = z * std::sqrt(p * (1 - p) / total + zz / (4 * total));
            COMPARE_NUMBER(row["low"], 100 * (p + zz / 2 - half) / (1 + zz), 1e-6);
            COMPARE_NUMBER(row["high"], 100 * (p + zz / 2 + half) / (1 + zz), 1e-6);
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        QProcess program;
        program.start(MONOTAIL_BINARY_DIR "/bin/monotail-cli", {"demo", m_folder.path(), "--json"});
        QVERIFY(program.waitForFinished(240000));
        QVERIFY2(program.exitCode() == 0, program.readAllStandardError().constData());
        m_demo = json::parse(program.readAllStandardOutput().toStdString());
        const std::string bytes = test::readText(test::demoFolder() / "features-test.safetensors");
        m_features = readSafetensor(bytes, "features");
        m_labels = readSafetensor(bytes, "labels");
    }

    void figuresEqualPlainLibTorch_data()
    {
        QTest::addColumn<QString>("part");
        for (const char* part : {"stage1", "crt", "lws"})
            QTest::addRow("%s", part) << part;
    }

    void figuresEqualPlainLibTorch()
    {
        QFETCH(QString, part);
        const json& found = m_demo.at(part.toStdString());
        const Head head = readHead(part.toStdString());
        const at::Tensor z = m_features.mm(head.weight.t());
        const at::Tensor before = scoresOf("none", head, z);
        compareRates(found["before"], before);
        compareCalibration(found["before"], before);
        comparePerClass(found["before"]["per_class"], before.argmax(1));
        const at::Tensor after = scoresOf("samn", head, z);
        compareRates(found["after"], after);
        compareCalibration(found["after"], after);
        comparePerClass(found["after"]["per_class"], after.argmax(1));
        QCOMPARE(found["methods"].size(), std::size_t(6));
        for (const json& row : found["methods"]) {
            const at::Tensor scores = scoresOf(row["method"].get<std::string>(), head, z);
            compareRates(row, scores);
            compareCalibration(row, scores);
        }
    }

    void blocksAreTheRunsOfTheFit_data() { figuresEqualPlainLibTorch_data(); }

    void blocksAreTheRunsOfTheFit()
    {
        QFETCH(QString, part);
        const json& profile = m_demo.at(part.toStdString())["profile"];
        const Head head = readHead(part.toStdString());
        std::size_t runs = 0;
        double last = 0;
        for (std::size_t rank = 0; rank < 10; ++rank) {
            const auto c = static_cast<std::size_t>(byFrequency[rank]);
            const double fitted = head.fitted[byFrequency[rank]].item<double>();
            COMPARE_NUMBER(profile["classes"][c]["norm"],
                           head.norms[byFrequency[rank]].item<double>(), 1e-6);
            COMPARE_NUMBER(profile["classes"][c]["fitted"], fitted, 1e-6);
            runs += rank == 0 || std::abs(fitted - last) > 1e-9;
            last = fitted;
            QCOMPARE(profile["classes"][c]["block"].get<std::size_t>(), runs - 1);
        }
        QCOMPARE(profile["blocks"].size(), runs);
    }

    void recordedAccuraciesAreReached_data() { figuresEqualPlainLibTorch_data(); }

    void recordedAccuraciesAreReached()
    {
        QFETCH(QString, part);
        const json recorded = test::readJson(test::demoFolder() / "accuracies.json");
        const json& found = m_demo.at(part.toStdString());
        const double top1 = recorded[part.toStdString()]["top1"];
        COMPARE_NUMBER(found["before"]["top1"], top1, 1e-9);
        COMPARE_NUMBER(found["stored_accuracy"]["stored"], top1, 1e-9);
        for (std::size_t c = 0; c < 10; ++c)
            QCOMPARE(found["before"]["per_class"][c]["correct"],
                     recorded[part.toStdString()]["per_class_hits"][c]);
    }

    void readmesPictureIsTheOneTheDemoDraws()
    {
        const std::string shown = test::readText(std::filesystem::path(MONOTAIL_SOURCE_DIR) /
                                                 "resources/pictures/stage1-norms.svg");
        QVERIFY(!shown.empty());
        QVERIFY(shown == test::readText(m_folder.filePath("stage1-norms.svg").toStdString()));
    }

    void modelsOwnLogitsBearWitness()
    {
        QVERIFY(m_demo["stage1"]["witness"]["holds"].get<bool>());
        QVERIFY(m_demo["stage1"]["witness"]["max_error"].get<double>() < 1e-5);
        // The stored logits are the stage-1 head's: they say nothing about the others.
        QVERIFY(m_demo["crt"]["witness"].is_null());
        QVERIFY(m_demo["lws"]["witness"].is_null());
    }

    void announcedAccuracyIsThatOfTheRescaledHead_data() { figuresEqualPlainLibTorch_data(); }

    void announcedAccuracyIsThatOfTheRescaledHead()
    {
        QFETCH(QString, part);
        const json& found = m_demo.at(part.toStdString());
        QVERIFY(found["export"]["verified"].get<bool>());
        // Rounding the rows to float32 once more may move a sample that sits on a boundary.
        COMPARE_NUMBER(found["export"]["announced"]["top1"], found["after"]["top1"].get<double>(),
                       0.011);
        for (const json& file : m_demo["files"])
            QVERIFY(QFile::exists(QString::fromStdString(file.get<std::string>())));
    }
};

QTEST_APPLESS_MAIN(DemoTest)
#include "tst_demo.moc"
