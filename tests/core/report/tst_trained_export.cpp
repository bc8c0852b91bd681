// SPDX-License-Identifier: GPL-3.0-or-later
// A trained head in the place of a checkpoint's: what is written, announced and recorded.
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "base/sha256.h"
#include "core/report/trained_export.h"
#include "support/pytorch.h"

using namespace monotail;
using namespace monotail::test;

namespace fs = std::filesystem;

namespace {

fs::path fixture(const char* name)
{
    return fs::path(MONOTAIL_SOURCE_DIR) / "tests/fixtures/heads" / name;
}

template <typename Numbers>
QString digestOf(const Numbers& numbers)
{
    Sha256 digest;
    digest.add(numbers.data(), static_cast<std::size_t>(numbers.size()) * sizeof(float));
    return QString::fromStdString(digest.hex());
}

/// Logits of another model: W f + b of no head.
class OtherLogits : public RowSource
{
public:
    OtherLogits(std::int64_t rows, std::int64_t width) : m_rows(rows), m_width(width) {}
    std::int64_t rows() const override { return m_rows; }
    std::int64_t width() const override { return m_width; }
    RowMatrix read(std::int64_t begin, std::int64_t end) const override
    {
        return RowMatrix::NullaryExpr(end - begin, m_width, [&](auto row, auto column) {
            return static_cast<float>((begin + row * 7 + column * 3) % 5);
        });
    }

private:
    std::int64_t m_rows, m_width;
};

} // namespace

class TrainedExportTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aHeadThatFitsIsPatchedIn();
    void whatIsAnnouncedIsTheTrainedHeads();
    void aRescalingIsWrittenWithIt();
    void readersKnowThatItWasRetrained();
    void headsOfOtherKindsBecomeNewFiles_data();
    void headsOfOtherKindsBecomeNewFiles();
    void anExportWithoutTrainingSaysNothingOfIt();
    void unitFeaturesAreWarnedOf();
    void unitFeaturesWithABiasAreRefused_data();
    void unitFeaturesWithABiasAreRefused();
    void unitPartsAreRefused();
    void pytorchSeesTheTrainedHead_data();
    void pytorchSeesTheTrainedHead();

private:
    QTemporaryDir m_folder;
    fs::path path(const char* name) const { return m_folder.filePath(name).toStdString(); }
};

void TrainedExportTest::aHeadThatFitsIsPatchedIn()
{
    const ExportCase demo(demoFolder() / "stage1.pth.tar");
    const auto trained = otherHead(demo.head, 0.5);
    const Rescaling none = unchanged(*trained);
    const ExportResult result = exportCorrected(demo.request(path("patched.pth"), none, trained));
    QVERIFY(result.format == ExportFormat::Patch);
    QVERIFY(result.verified);
    QCOMPARE(result.maxRounding, 0.0);
    const auto written = openCheckpoint(result.output);
    const ClassifierHead head = readHead(*written, demo.head.source);
    QVERIFY(head.weight == trained->weight);
    QVERIFY(head.bias == trained->bias);
    for (const Tensor& tensor : written->tensors)
        if (tensor.name != head.source.weight && tensor.name != head.source.bias)
            QCOMPARE(tensorDigest(*written, tensor),
                     tensorDigest(*demo.checkpoint, *demo.checkpoint->find(tensor.name)));
}

void TrainedExportTest::whatIsAnnouncedIsTheTrainedHeads()
{
    const ExportCase demo(demoFolder() / "stage1.pth.tar");
    const auto trained = otherHead(demo.head, 0.5);
    const FeatureSet features = openFeatures((demoFolder() / "features-test.safetensors").string());
    const auto scorer = makeEigenScorer();
    const Rescaling none = unchanged(*trained);
    ExportRequest request = demo.request(path("announced.pth"), none, trained);
    request.data = &features;
    request.scorer = scorer.get();
    const ExportResult result = exportCorrected(request);
    const AccuracyReport wanted = evaluateHead(*demo.checkpoint, *trained, demo.classes, features,
                                               request.rule, {}, *scorer, {})
                                      .before;
    QVERIFY(result.announced);
    QCOMPARE(result.announced->top1, wanted.top1);
    QCOMPARE(result.announced->classMean, wanted.classMean);
    const AccuracyReport old = evaluateHead(*demo.checkpoint, demo.head, demo.classes, features,
                                            request.rule, {}, *scorer, {})
                                   .before;
    QVERIFY(old.top1 != wanted.top1); // else this would tell nothing
}

void TrainedExportTest::aRescalingIsWrittenWithIt()
{
    const ExportCase demo(demoFolder() / "stage1.pth.tar");
    const auto trained = otherHead(demo.head, 0.5);
    const ClassProfile profile = profileHead(*trained, demo.classes, {});
    const Rescaling tau = rescale(*trained, demo.classes, profile, parseMethod("tau=0.7"));
    const ExportResult result = exportCorrected(demo.request(path("both.pth"), tau, trained));
    const auto written = openCheckpoint(result.output);
    const ClassifierHead head = readHead(*written, demo.head.source);
    for (std::int64_t c = 0; c < head.classes(); ++c)
        for (std::int64_t d = 0; d < head.features(); ++d)
            QCOMPARE(head.weight(c, d),
                     static_cast<float>(tau.scale[static_cast<std::size_t>(c)] *
                                        static_cast<double>(trained->weight(c, d))));
    QVERIFY(head.bias == trained->bias);
    QCOMPARE(*changeOf(*written, head), std::string("retrained (crt) and rescaled with tau=0.7"));
}

void TrainedExportTest::readersKnowThatItWasRetrained()
{
    const ExportCase demo(demoFolder() / "stage1.pth.tar");
    const auto trained = otherHead(demo.head, 0.5);
    const Rescaling none = unchanged(*trained);
    const ExportResult result = exportCorrected(demo.request(path("known.pth"), none, trained));
    const auto record = readJson(result.provenance);
    QCOMPARE(record.at("retrained").at("name").get<std::string>(), std::string("crt"));
    QCOMPARE(record.at("retrained").at("record").at("seed").get<int>(), 3);
    const auto written = openCheckpoint(result.output);
    const ClassifierHead head = readHead(*written, demo.head.source);
    QCOMPARE(*changeOf(*written, head), std::string("retrained (crt)"));
    QVERIFY(!changeOf(*written, demo.head));
    FeatureSet features = openFeatures((demoFolder() / "features-test.safetensors").string());
    features.origin = {}; // which says that the logits are of the old head
    features.logits = std::make_shared<const OtherLogits>(features.samples(), head.classes());
    const Warnings warnings = evaluateHead(*written, head, demo.classes, features,
                                           parseShotRule("kang"), {}, *makeEigenScorer(), {})
                                  .warnings;
    QVERIFY2(std::find(warnings.begin(), warnings.end(),
                       path("known.pth").string() +
                           " was retrained (crt): stored accuracies and logits are those of the "
                           "head before") != warnings.end(),
             warnings.empty() ? "no warnings" : warnings.front().c_str());
}

void TrainedExportTest::headsOfOtherKindsBecomeNewFiles_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<double>("bias");
    QTest::addColumn<bool>("isPatch");
    QTest::newRow("a cosine head, columns are classes") << "ldam_10.pth.tar" << 0.0 << false;
    QTest::newRow("a cosine head that learns a bias") << "ldam_10.pth.tar" << 0.5 << false;
    QTest::newRow("cosine experts") << "ride_normed.pth" << 0.0 << false;
    QTest::newRow("a SAMN head") << "samn_trained.pth.tar" << 0.5 << false;
    QTest::newRow("experts") << "experts.pth" << 0.5 << true;
    QTest::newRow("weight norm") << "weight_norm.pth" << 0.5 << true;
    QTest::newRow("learned scales") << "lws_mislas.pth.tar" << 0.0 << true;
}

void TrainedExportTest::headsOfOtherKindsBecomeNewFiles()
{
    QFETCH(QString, file);
    QFETCH(double, bias);
    QFETCH(bool, isPatch);
    const ExportCase source(fixture(file.toUtf8().constData()));
    const auto trained = otherHead(source.head, bias);
    const Rescaling none = unchanged(*trained);
    ExportRequest request = source.request(path("other.pth"), none, trained);
    request.overwrite = Overwrite::Replace;
    const ExportResult result = exportCorrected(request);
    QCOMPARE(result.format == ExportFormat::Patch, isPatch);
    QVERIFY(result.format == ExportFormat::Patch || result.format == ExportFormat::StateDict);
    const auto written = openCheckpoint(result.output);
    HeadQuery query;
    query.classes = source.head.classes();
    const ClassifierHead head = readHead(*written, chooseHead(*written, query));
    QVERIFY(head.unitParts == 0);
    QVERIFY(head.weight.isApprox(trained->weight, 1e-6f));
    QVERIFY(bias == 0 || head.bias.isApprox(trained->bias, 1e-6f));
    QVERIFY(bias != 0 || head.bias.isZero(0));
    QVERIFY(changeOf(*written, head));
}

void TrainedExportTest::anExportWithoutTrainingSaysNothingOfIt()
{
    const ExportCase demo(demoFolder() / "stage1.pth.tar");
    const Rescaling rescaling = rescale(demo.head, demo.classes, demo.profile, parseMethod("samn"));
    ExportRequest request = demo.request(path("rescaled.pth"), rescaling, nullptr);
    request.trained.reset();
    const ExportResult result = exportCorrected(request);
    QVERIFY(!readJson(result.provenance).contains("retrained"));
    const auto written = openCheckpoint(result.output);
    QCOMPARE(*changeOf(*written, readHead(*written, demo.head.source)),
             std::string("rescaled with samn"));
}

void TrainedExportTest::unitFeaturesAreWarnedOf()
{
    const ExportCase demo(demoFolder() / "stage1.pth.tar");
    const auto trained = otherHead(demo.head, 0, 1);
    const FeatureSet features = openFeatures((demoFolder() / "features-test.safetensors").string());
    const auto scorer = makeEigenScorer();
    const Rescaling none = unchanged(*trained);
    ExportRequest request = demo.request(path("unit.pth"), none, trained);
    request.data = &features;
    request.scorer = scorer.get();
    const ExportResult result = exportCorrected(request);
    QVERIFY(result.format == ExportFormat::Patch);
    QCOMPARE(result.writing.back(),
             std::string("the retrained head normalises its features, the plain linear head "
                         "written does not: predictions are the same, confidences are not "
                         "(--format scripted-head keeps both)"));
    const AccuracyReport unit = evaluateHead(*demo.checkpoint, *trained, demo.classes, features,
                                             request.rule, {}, *scorer, {})
                                    .before;
    QCOMPARE(result.announced->top1, unit.top1);
    QCOMPARE(result.announced->classMean, unit.classMean);
}

void TrainedExportTest::unitFeaturesWithABiasAreRefused_data()
{
    QTest::addColumn<int>("format");
    QTest::newRow("automatic") << static_cast<int>(ExportFormat::Automatic);
    QTest::newRow("patch") << static_cast<int>(ExportFormat::Patch);
    QTest::newRow("state_dict") << static_cast<int>(ExportFormat::StateDict);
    QTest::newRow("safetensors") << static_cast<int>(ExportFormat::Safetensors);
}

void TrainedExportTest::unitFeaturesWithABiasAreRefused()
{
    QFETCH(int, format);
    const ExportCase demo(demoFolder() / "stage1.pth.tar");
    const auto trained = otherHead(demo.head, 0.5, 1);
    const Rescaling none = unchanged(*trained);
    ExportRequest request = demo.request(path("refused.pth"), none, trained);
    request.format = static_cast<ExportFormat>(format);
    QCOMPARE(errorOf([&] { exportCorrected(request); }),
             (demoFolder() / "stage1.pth.tar").string() +
                 ": the retrained head normalises its features and has a bias, so a plain linear "
                 "head would predict otherwise; write the head as a TorchScript module that "
                 "normalises (--format scripted-head)");
    QVERIFY(!fs::exists(path("refused.pth")));
    QVERIFY(!fs::exists(provenancePath(path("refused.pth"))));
}

void TrainedExportTest::unitPartsAreRefused()
{
    const ExportCase demo(demoFolder() / "stage1.pth.tar");
    const auto trained = otherHead(demo.head, 0, 2);
    const Rescaling none = unchanged(*trained);
    QCOMPARE(errorOf([&] { exportCorrected(demo.request(path("refused.pth"), none, trained)); }),
             (demoFolder() / "stage1.pth.tar").string() +
                 ": the retrained head normalises its features in 2 parts, which no plain linear "
                 "head can repeat; write the head as a TorchScript module that normalises "
                 "(--format scripted-head)");
}

void TrainedExportTest::pytorchSeesTheTrainedHead_data()
{
    QTest::addColumn<int>("format");
    QTest::newRow("patch") << static_cast<int>(ExportFormat::Patch);
    QTest::newRow("state_dict") << static_cast<int>(ExportFormat::StateDict);
}

void TrainedExportTest::pytorchSeesTheTrainedHead()
{
    MONOTAIL_NEEDS_SHARED();
    const QString python = pythonWithTorch();
    if (python.isEmpty())
        QSKIP("skipped: no python3 with PyTorch");
    QFETCH(int, format);
    const fs::path file = sharedFolder() / "data/tiny-imagenet-lt/checkpoint.pth.tar";
    const ExportCase source(file);
    const auto trained = otherHead(source.head, 0.5);
    const Rescaling none = unchanged(*trained);
    ExportRequest request = source.request(path("tiny.pth"), none, trained);
    request.format = static_cast<ExportFormat>(format);
    request.overwrite = Overwrite::Replace;
    exportCorrected(request);
    QProcess process;
    process.start(python, {MONOTAIL_SOURCE_DIR "/tests/core/report/check_trained.py",
                           QString::fromStdString(file.string()),
                           QString::fromStdString(path("tiny.pth").string())});
    QVERIFY(process.waitForFinished(120000));
    QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
    const auto said = nlohmann::json::parse(process.readAllStandardOutput().toStdString());
    QCOMPARE(said.at("changed").get<std::vector<std::string>>(),
             (std::vector<std::string>{"fc.weight", "fc.bias"}));
    QCOMPARE(said.at("missing").size(), std::size_t{0});
    QCOMPARE(QString::fromStdString(said.at("sha256").at("fc.weight")), digestOf(trained->weight));
    QCOMPARE(QString::fromStdString(said.at("sha256").at("fc.bias")), digestOf(trained->bias));
}

QTEST_APPLESS_MAIN(TrainedExportTest)
#include "tst_trained_export.moc"
