// SPDX-License-Identifier: GPL-3.0-or-later
// A head that normalises its features, as a TorchScript module: what LibTorch and PyTorch make of
// it, against the same computed here.
#include <ATen/ATen.h>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>
#include <torch/csrc/jit/serialization/import.h>

#include "core/report/trained_export.h"
#include "evaluate/torch_engine.h"
#include "support/pytorch.h"

using namespace monotail;
using namespace monotail::test;

namespace fs = std::filesystem;

namespace {

/// Rows of very different length, one of them zero.
RowMatrix madeFeatures(std::int64_t samples, std::int64_t width)
{
    RowMatrix features(samples, width);
    std::mt19937 random(5);
    for (std::int64_t i = 0; i < samples; ++i)
        for (std::int64_t d = 0; d < width; ++d)
            features(i, d) = static_cast<float>((static_cast<double>(random()) / 2147483648.0 - 1) *
                                                std::pow(10.0, static_cast<double>(i % 7) - 3));
    features.row(samples - 1).setZero();
    features.row(0) *= 1e22f; // its square is beyond float32
    return features;
}

/// In float64, part by part.
RowMatrixD logitsOf(const ClassifierHead& head, const RowMatrix& features)
{
    RowMatrixD units = features.cast<double>();
    for (std::int64_t i = 0; i < units.rows() && head.unitParts > 0; ++i)
        for (std::int64_t part = 0; part < head.unitParts; ++part) {
            const std::int64_t each = units.cols() / head.unitParts;
            auto segment = units.row(i).segment(part * each, each);
            segment /= std::max(segment.norm(), 1e-12);
        }
    return (units * head.weight.cast<double>().transpose()).rowwise() +
           head.bias.cast<double>().transpose();
}

double largestDifference(const RowMatrixD& wanted, const float* found)
{
    const RowMatrix logits = Eigen::Map<const RowMatrix>(found, wanted.rows(), wanted.cols());
    return ((logits.cast<double>() - wanted).array().abs() / wanted.array().abs().max(1.0))
        .maxCoeff();
}

/// The demo's head with a bias, as one that cuts its 64 features into so many unit parts.
ClassifierHead headOf(std::int64_t unitParts)
{
    const ExportCase demo(demoFolder() / "stage1.pth.tar");
    return *otherHead(demo.head, 0.5, unitParts);
}

at::Tensor asTensor(const RowMatrix& features)
{
    at::Tensor tensor = at::empty({features.rows(), features.cols()}, at::kFloat);
    std::copy(features.data(), features.data() + features.size(), tensor.data_ptr<float>());
    return tensor;
}

} // namespace

class ScriptHeadTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void libTorchGetsOurLogits_data();
    void libTorchGetsOurLogits();
    void pyTorchGetsOurLogits();
    void otherInputsAreTakenOrRefused();
    void anExistingFileIsOnlyReplacedOnRequest();
    void whatCannotBeWrittenIsSaid();
    void anExportAnnouncesWhatTheModuleDoes();
    void anExportDoesNotReplaceItsSource();

private:
    QTemporaryDir m_folder;
    fs::path path(const char* name) const { return m_folder.filePath(name).toStdString(); }

    static void write(const ClassifierHead& head, const fs::path& target,
                      Overwrite overwrite = Overwrite::Replace)
    {
        loadTorchEngine()->writeScriptedHead(head, target, overwrite);
    }
};

void ScriptHeadTest::libTorchGetsOurLogits_data()
{
    QTest::addColumn<int>("unitParts");
    QTest::newRow("unit features") << 1;
    QTest::newRow("experts, each normalised") << 4;
    QTest::newRow("features as they are") << 0;
}

void ScriptHeadTest::libTorchGetsOurLogits()
{
    QFETCH(int, unitParts);
    const ClassifierHead head = headOf(unitParts);
    write(head, path("head.pt"));
    torch::jit::Module module = torch::jit::load(path("head.pt").string());
    RowMatrix features = madeFeatures(50, head.features());
    if (unitParts == 0)
        features = features.cwiseMax(-1).cwiseMin(1); // what float32 sums to 1e-6
    const at::Tensor logits = module.forward({asTensor(features)}).toTensor().contiguous();
    QVERIFY(logits.scalar_type() == at::kFloat);
    QCOMPARE(logits.size(0), std::int64_t{50});
    QVERIFY(largestDifference(logitsOf(head, features), logits.data_ptr<float>()) < 1e-6);
}

void ScriptHeadTest::pyTorchGetsOurLogits()
{
    const QString python = pythonWithTorch();
    if (python.isEmpty())
        QSKIP("skipped: no python3 with PyTorch");
    const ClassifierHead head = headOf(1);
    const RowMatrix features = madeFeatures(50, head.features());
    write(head, path("head.pt"));
    QFile file(m_folder.filePath("features.bin"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(reinterpret_cast<const char*>(features.data()),
               features.size() * static_cast<qint64>(sizeof(float)));
    file.close();
    QProcess process;
    process.start(python, {"-c",
                           "import sys, numpy, torch\n"
                           "head = torch.jit.load(sys.argv[1])\n"
                           "x = torch.from_numpy(numpy.fromfile(sys.argv[2], dtype='float32'))\n"
                           "sys.stdout.buffer.write(head(x.reshape(50, -1)).numpy().tobytes())\n",
                           m_folder.filePath("head.pt"), m_folder.filePath("features.bin")});
    QVERIFY(process.waitForFinished(120000));
    const QByteArray bytes = process.readAllStandardOutput();
    QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
    const RowMatrixD wanted = logitsOf(head, features);
    std::vector<float> found(static_cast<std::size_t>(wanted.size()));
    QCOMPARE(bytes.size(), wanted.size() * static_cast<qsizetype>(sizeof(float)));
    std::memcpy(found.data(), bytes.constData(), static_cast<std::size_t>(bytes.size()));
    QVERIFY(largestDifference(wanted, found.data()) < 1e-6);
}

void ScriptHeadTest::otherInputsAreTakenOrRefused()
{
    const ClassifierHead head = headOf(1);
    write(head, path("head.pt"));
    torch::jit::Module module = torch::jit::load(path("head.pt").string());
    const std::int64_t width = head.features();
    const at::Tensor features = at::ones({3, width});
    const at::Tensor wanted = module.forward({features}).toTensor();
    QVERIFY(at::equal(module.forward({features.to(at::kHalf)}).toTensor(), wanted));
    QVERIFY(at::equal(module.forward({features.to(at::kDouble)}).toTensor(), wanted));
    QCOMPARE(
        module.forward(std::vector<torch::jit::IValue>{at::ones({0, width})}).toTensor().size(0),
        std::int64_t{0});
    // Twice as wide must not pass for twice as many.
    QVERIFY_EXCEPTION_THROWN(
        module.forward(std::vector<torch::jit::IValue>{at::ones({3, 2 * width})}), std::exception);
}

void ScriptHeadTest::anExistingFileIsOnlyReplacedOnRequest()
{
    const ClassifierHead head = headOf(1);
    writeTextFile(path("there.pt"), "mine", Overwrite::Refuse);
    const std::string said = errorOf([&] { write(head, path("there.pt"), Overwrite::Refuse); });
    QVERIFY2(said.find("there.pt") != std::string::npos, said.c_str());
    QCOMPARE(readText(path("there.pt")), std::string("mine"));
    write(head, path("there.pt"), Overwrite::Replace);
    QVERIFY(readText(path("there.pt")).size() > 1000);
}

void ScriptHeadTest::whatCannotBeWrittenIsSaid()
{
    writeTextFile(path("file"), "", Overwrite::Replace);
    const std::string said = errorOf([&] { write(headOf(1), path("file") / "head.pt"); });
    QVERIFY2(said.find((path("file") / "head.pt").string()) == 0, said.c_str());
}

void ScriptHeadTest::anExportAnnouncesWhatTheModuleDoes()
{
    const ExportCase demo(demoFolder() / "stage1.pth.tar");
    const auto trained = otherHead(demo.head, 0.5, 1);
    const FeatureSet features = openFeatures((demoFolder() / "features-test.safetensors").string());
    const auto scorer = makeEigenScorer();
    Rescaling rescaling = unchanged(*trained);
    rescaling.scale.front() = 1.7;
    ExportRequest request = demo.request(path("exported.pt"), rescaling, trained);
    request.data = &features;
    request.scorer = scorer.get();
    request.format = ExportFormat::ScriptedHead;
    const ExportResult result = exportCorrected(request);
    QVERIFY(result.verified);
    QCOMPARE(result.bytes, static_cast<std::uint64_t>(fs::file_size(result.output)));
    QVERIFY(result.maxRounding > 0 && result.maxRounding < 1e-6);
    QCOMPARE(readJson(result.provenance).at("format").get<std::string>(),
             std::string("scripted-head"));

    torch::jit::Module module = torch::jit::load(result.output.string());
    const RowMatrix rows = features.features->read(0, features.samples());
    const at::Tensor predicted = module.forward({asTensor(rows)}).toTensor().argmax(1);
    std::int64_t right = 0;
    for (std::int64_t i = 0; i < features.samples(); ++i)
        right += predicted[i].item<std::int64_t>() == features.labels[static_cast<std::size_t>(i)];
    QCOMPARE(*result.announced->top1,
             100.0 * static_cast<double>(right) / static_cast<double>(features.samples()));
}

void ScriptHeadTest::anExportDoesNotReplaceItsSource()
{
    fs::copy_file(demoFolder() / "stage1.pth.tar", path("source.pth"));
    const ExportCase demo(path("source.pth"));
    const auto trained = otherHead(demo.head, 0.5, 1);
    const Rescaling none = unchanged(*trained);
    ExportRequest request = demo.request(path("source.pth"), none, trained);
    request.format = ExportFormat::ScriptedHead;
    request.overwrite = Overwrite::Replace;
    const std::string said = errorOf([&] { exportCorrected(request); });
    QVERIFY2(said.find("source.pth") != std::string::npos, said.c_str());
    QVERIFY(readText(path("source.pth")) == readText(demoFolder() / "stage1.pth.tar"));
    QVERIFY(!fs::exists(provenancePath(path("source.pth"))));
}

QTEST_APPLESS_MAIN(ScriptHeadTest)
#include "tst_script_head.moc"
