// SPDX-License-Identifier: GPL-3.0-or-later
// A file with two heads and a stored accuracy, as GLMC's `fc` and `fc_cb`: the data decides.
#include <QTemporaryDir>

#include "checkpoint/new_file.h"
#include "core/checkpoint/flat_checkpoint.h"
#include "support/program.h"

using namespace monotail;
using namespace monotail::test;
using nlohmann::json;

namespace {

constexpr std::int64_t classes = 4, width = 3, samples = 40;

} // namespace

class HeadDecisionTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }

    /// `fc` finds 75 % of the samples, `fc_cb` all of them; `stored` is the file's own accuracy.
    QString checkpoint(double stored) const
    {
        const std::vector<double> one{1, 0, 0, 0, 1, 0, 0, 0, 1, -1, -1, -1};
        std::vector<double> other = one;
        other[0] = -2; // class 0 never wins
        FlatCheckpoint flat(path("source.bin").toStdString());
        flat.tensor("state_dict.fc.weight", DType::Float32, {classes, width}, other);
        flat.tensor("state_dict.fc_cb.weight", DType::Float32, {classes, width}, one);
        flat.tensor("best_acc1", DType::Float64, {}, {stored});
        const Checkpoint& source = flat.write();
        NewFile content;
        for (const Tensor& tensor : source.tensors)
            content.tensors.push_back({tensor.name, tensor.dtype, tensor.shape, &tensor, {}});
        writeNewFile(source, content, path("two.pth").toStdString(), Overwrite::Replace);
        return path("two.pth");
    }

    QString data() const
    {
        std::vector<double> features, labels;
        for (std::int64_t i = 0; i < samples; ++i) {
            const std::int64_t label = i % classes;
            for (std::int64_t d = 0; d < width; ++d)
                features.push_back(label == classes - 1 ? -1 : d == label ? 1 : 0);
            labels.push_back(static_cast<double>(label));
        }
        FlatCheckpoint flat(path("features.bin").toStdString());
        flat.tensor("features", DType::Float32, {samples, width}, features);
        flat.tensor("labels", DType::Float32, {samples}, labels);
        const Checkpoint& source = flat.write();
        NewFile content{NewFileFormat::Safetensors, {}, {}};
        for (const Tensor& tensor : source.tensors)
            content.tensors.push_back({tensor.name, tensor.dtype, tensor.shape, &tensor, {}});
        writeNewFile(source, content, path("val.safetensors").toStdString(), Overwrite::Replace);
        return path("val.safetensors");
    }

    Outcome evaluate(double stored, const QStringList& more = {}) const
    {
        return runProgram(QStringList{"evaluate", checkpoint(stored), "--counts", "exp:40:10:4",
                                      "--data", data(), "--json"} +
                          more);
    }

private Q_SLOTS:
    void theStoredAccuracyDecides_data()
    {
        QTest::addColumn<double>("stored");
        QTest::addColumn<double>("measured");
        QTest::addRow("of the first head") << 75.0 << 75.0;
        QTest::addRow("of the other head") << 100.0 << 100.0;
        QTest::addRow("of neither: the usual name") << 60.0 << 75.0;
    }

    void theStoredAccuracyDecides()
    {
        QFETCH(double, stored);
        QFETCH(double, measured);
        const Outcome outcome = evaluate(stored);
        QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
        const json found = outcome.json();
        QCOMPARE(found.at("before").at("top1").get<double>(), measured);
        const bool isSaid = found.at("warnings").dump().find("it reaches the stored best_acc1") !=
                            std::string::npos;
        QCOMPARE(isSaid, stored == measured);
    }

    void whoNamesAHeadGetsIt()
    {
        const Outcome outcome = evaluate(100, {"--head", "fc"});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
        QCOMPARE(outcome.json().at("before").at("top1").get<double>(), 75.0);
    }
};

QTEST_APPLESS_MAIN(HeadDecisionTest)
#include "tst_head_decision.moc"
