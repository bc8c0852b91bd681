// SPDX-License-Identifier: GPL-3.0-or-later
// The export dialog: what it offers for heads of every kind, and what it writes.
#include "checkpoint/checkpoint.h"
#include "window_under_test.h"

using namespace monotail;
using namespace monotail::test;

namespace {

constexpr int patience = 60000; // milliseconds; sanitizers are slow
const QString fixtures = MONOTAIL_SOURCE_DIR "/tests/fixtures/heads/";

/// The window with a checkpoint, its export dialog and hands for it.
struct Exporting
{
    WindowUnderTest app;
    QDialog* dialog = nullptr;

    void open(const QString& checkpoint, MethodKind method = MethodKind::Samn, int classes = 10)
    {
        Inputs inputs;
        inputs.checkpoint = checkpoint.toStdString();
        inputs.counts = "exp:500:100:" + std::to_string(classes);
        app.session.open(inputs);
        QTRY_VERIFY_WITH_TIMEOUT(app.session.snapshot().hasCounts(), patience);
        if (app.session.snapshot().choices.method != method)
            app.choose(method);
        QTest::keyClick(&app.window, Qt::Key_E, Qt::ControlModifier);
        dialog = app.find<QDialog>();
        QVERIFY(dialog);
        QTRY_VERIFY_WITH_TIMEOUT(app.session.exportPlan(), patience);
    }
    QRadioButton* format(const char* name) const
    {
        return dialog->findChild<QRadioButton*>(QString("format-") + name);
    }
    QString sentence(const char* name) const
    {
        return dialog->findChild<QLabel*>(QString("sentence-") + name)->text();
    }
    void choose(const char* name) const
    {
        QTest::mouseClick(format(name), Qt::LeftButton, {}, QPoint(8, format(name)->height() / 2));
        QVERIFY(format(name)->isChecked());
    }
    QString plan() const { return dialog->findChild<QLabel*>("plan")->text(); }
    QString result() const { return dialog->findChild<QLabel*>("result")->text(); }
    QLineEdit* target() const { return dialog->findChild<QLineEdit*>("target"); }
    QPushButton* button() const { return dialog->findChild<QPushButton*>("export"); }
    QString name() const { return QFileInfo(target()->text()).fileName(); }
    /// Exports into the test's own folder, under the name that is suggested.
    QString write() const
    {
        const QString path = app.folder.filePath(name());
        target()->setText(path);
        QTest::mouseClick(button(), Qt::LeftButton);
        return path;
    }
};

} // namespace

class ExportingTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QApplication::setStyle("Fusion"); }

    void automaticSaysWhatItMeans_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<MethodKind>("method");
        QTest::addColumn<QString>("title");
        QTest::addColumn<QString>("name");
        const auto row = [](const char* words, const char* file, MethodKind method,
                            const char* title, const char* name) {
            QTest::addRow("%s", words)
                << QString(file) << method << QString(title) << QString(name);
        };
        row("weight norm", "weight_norm.pth", MethodKind::Samn, "&Automatic: a patched copy",
            "weight_norm-samn.pth");
        row("experts", "experts.pth", MethodKind::EqualNorms, "&Automatic: a patched copy",
            "experts-equal.pth");
        row("SAMN", "samn_trained.pth.tar", MethodKind::Samn, "&Automatic: a new state_dict file",
            "samn_trained-samn.pth");
        row("a bias that is new", "fastai.pth", MethodKind::LogitAdjust,
            "&Automatic: a new state_dict file", "fastai-logit-adjust-1.pth");
        row("a shard", "sharded/model.safetensors.index.json", MethodKind::Samn,
            "&Automatic: a patched copy", "model-00002-of-00002-samn.safetensors");
    }
    void automaticSaysWhatItMeans()
    {
        QFETCH(QString, file);
        QFETCH(MethodKind, method);
        Exporting exporting;
        exporting.open(fixtures + file, method);
        QTEST(exporting.format("auto")->text(), "title");
        QTEST(exporting.name(), "name");
        QVERIFY(exporting.button()->isEnabled());
    }

    void theEndingFollowsTheFormat()
    {
        Exporting exporting;
        exporting.open(fixtures + "samn_stage1.pth.tar");
        QCOMPARE(exporting.name(), QString("samn_stage1-samn.pth.tar"));
        exporting.choose("safetensors");
        QCOMPARE(exporting.name(), QString("samn_stage1-samn.safetensors"));
        exporting.choose("state-dict");
        QCOMPARE(exporting.name(), QString("samn_stage1-samn.pth"));
        exporting.choose("patch");
        QCOMPARE(exporting.name(), QString("samn_stage1-samn.pth.tar"));
        exporting.app.choose(MethodKind::EqualNorms); // the dialog is not modal
        QCOMPARE(exporting.name(), QString("samn_stage1-equal.pth.tar"));
        exporting.target()->setText("/somewhere/mine.pth.tar");
        exporting.choose("safetensors");
        QCOMPARE(exporting.target()->text(), QString("/somewhere/mine.safetensors"));
        exporting.target()->setText("/somewhere/mine.weights");
        exporting.choose("patch");
        QCOMPARE(exporting.target()->text(), QString("/somewhere/mine.weights"));
    }

    void aSamnHeadIsWrittenAsANewFile()
    {
        Exporting exporting;
        exporting.open(fixtures + "samn_trained.pth.tar");
        QVERIFY(!exporting.format("patch")->isEnabled());
        QVERIFY2(exporting.sentence("patch").startsWith("Not possible: "),
                 qPrintable(exporting.sentence("patch")));
        QVERIFY(!exporting.sentence("patch").contains("--"));
        QVERIFY(exporting.format("patch")->toolTip().contains("fix_norms_w"));
        QVERIFY2(exporting.plan().contains("plain linear head"), qPrintable(exporting.plan()));
        exporting.choose("safetensors");
        const QString path = exporting.write();
        QTRY_VERIFY_WITH_TIMEOUT(exporting.result().contains("Written and verified"), patience);
        QVERIFY2(exporting.result().contains("a new safetensors file of"),
                 qPrintable(exporting.result()));
        QVERIFY(!exporting.result().contains("every other byte"));
        const auto written = openCheckpoint(path.toStdString());
        QCOMPARE(written->format, std::string("safetensors"));
        const ClassifierHead head = readHead(*written, chooseHead(*written, {}));
        QVERIFY(head.source.kind == HeadKind::Linear);
        for (std::size_t c = 0; c < head.norms.size(); ++c)
            QVERIFY(std::abs(head.norms[c] - normAfter(exporting.app.session.snapshot(), c)) <
                    1e-5);
    }

    void aStateDictIsWrittenBesideALargerSource()
    {
        Exporting exporting;
        exporting.open(fixtures + "samn_stage1.pth.tar");
        exporting.choose("state-dict");
        const QString path = exporting.write();
        QTRY_VERIFY_WITH_TIMEOUT(exporting.result().contains("a new state_dict file of"), patience);
        QVERIFY(exporting.result().contains(QString::fromStdString(
            std::filesystem::path(path.toStdString()).filename().string() + ".provenance.json")));
        QVERIFY(openCheckpoint(path.toStdString())->find("fc.weight"));
    }

    void aCosineHeadCannotBeExported()
    {
        Exporting exporting;
        exporting.open(fixtures + "causal_norm.pth", MethodKind::LogitAdjust);
        for (const char* name : {"auto", "patch", "state-dict", "safetensors"})
            QVERIFY(!exporting.format(name)->isEnabled());
        QCOMPARE(exporting.format("auto")->text(), QString("&Automatic: not possible"));
        QVERIFY(!exporting.button()->isEnabled());
        QVERIFY2(exporting.plan().contains("norms have no effect in it"),
                 qPrintable(exporting.plan()));
        QVERIFY(!exporting.plan().contains("--"));
    }

    void aPatchedShardTakesThePlaceOfItsFile()
    {
        Exporting exporting;
        exporting.open(fixtures + "sharded/model.safetensors.index.json");
        QVERIFY(exporting.sentence("patch").contains("model-00002-of-00002.safetensors"));
        const QString path = exporting.write();
        QTRY_VERIFY_WITH_TIMEOUT(exporting.result().contains("Written and verified"), patience);
        QVERIFY2(exporting.result().contains("copy of the shard"), qPrintable(exporting.result()));
        QCOMPARE(QFileInfo(path).size(),
                 QFileInfo(fixtures + "sharded/model-00002-of-00002.safetensors").size());
    }

    void shardsAreInputs()
    {
        Exporting exporting;
        exporting.open(fixtures + "sharded/model.safetensors.index.json");
        for (const char* shard :
             {"model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"}) {
            exporting.target()->setText(fixtures + "sharded/" + shard);
            QVERIFY(!exporting.button()->isEnabled());
            QVERIFY(exporting.result().contains("one of the inputs"));
        }
    }
};

QTEST_MAIN(ExportingTest)
#include "tst_exporting.moc"
