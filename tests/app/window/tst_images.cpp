// SPDX-License-Identifier: GPL-3.0-or-later
// Images as data: the dialog that says how they reach the network, and what the session makes of
// them.
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QtTest>

#include "app/panels/opened.h"
#include "core/dataset/scratch.h"
#include "session/demo.h"
#include "session/dropped.h"
#include "session/image_json.h"
#include "support/shared_material.h"
#include "views/images_dialog.h"

using namespace monotail;
using namespace monotail::test;

namespace {

Inputs demoImagesAsData()
{
    Inputs inputs = demoInputs("stage1");
    inputs.data = (demoFolder() / "t10k-images-idx3-ubyte.gz").string();
    return inputs;
}

template <typename Widget>
Widget* child(const QWidget& parent, const char* name)
{
    return parent.findChild<Widget*>(QString::fromLatin1(name));
}

void chooseText(QComboBox* box, const QString& text)
{
    box->setCurrentText(text);
    Q_EMIT box->textActivated(text);
}

} // namespace

class ImagesWindowTest : public QObject
{
    Q_OBJECT
    Scratch m_scratch;

private Q_SLOTS:
    void initTestCase() { qputenv("XDG_CACHE_HOME", m_scratch.folder("cache").c_str()); }

    void idxImagesAskForAPreset()
    {
        ImagesDialog dialog(demoImagesAsData());
        auto* problem = child<QLabel>(dialog, "imagesProblem");
        auto* extract = child<QPushButton>(dialog, "extract");
        QTRY_VERIFY(problem->text().contains(QStringLiteral("choose a preset")));
        QVERIFY(!problem->text().contains(QStringLiteral("--")));
        QVERIFY(!extract->isEnabled());
        chooseText(child<QComboBox>(dialog, "preset"), QStringLiteral("fashion-mnist"));
        QTRY_VERIFY(extract->isEnabled());
        QVERIFY(problem->isHidden());
        QCOMPARE(dialog.options().preprocessing.preset, std::string("fashion-mnist"));
        QCOMPARE(child<QLineEdit>(dialog, "mean")->text(), QStringLiteral("0.286"));
    }

    void aPresetThatIsEditedIsCustom()
    {
        ImagesDialog dialog(demoImagesAsData());
        auto* preset = child<QComboBox>(dialog, "preset");
        chooseText(preset, QStringLiteral("fashion-mnist"));
        child<QSpinBox>(dialog, "crop")->setValue(20);
        QCOMPARE(preset->currentText(), QStringLiteral("custom"));
        QTRY_VERIFY(child<QPushButton>(dialog, "extract")->isEnabled());
        QCOMPARE(dialog.options().preprocessing.crop.value_or(0), std::int64_t{20});
        QCOMPARE(dialog.options().preprocessing.mean, (std::vector<double>{0.286}));
    }

    void numbersThatAreNoneAreSaidAndStopIt()
    {
        ImagesDialog dialog(demoImagesAsData());
        chooseText(child<QComboBox>(dialog, "preset"), QStringLiteral("fashion-mnist"));
        auto* deviation = child<QLineEdit>(dialog, "deviation");
        deviation->clear();
        QTest::keyClicks(deviation, QStringLiteral("x"));
        auto* problem = child<QLabel>(dialog, "imagesProblem");
        QVERIFY(problem->text().contains(QStringLiteral("Deviation: one number")));
        QVERIFY(!child<QPushButton>(dialog, "extract")->isEnabled());
    }

    void aNetworkThatIsNotRecognisedIsSaidBeforeAnythingIsRead()
    {
        Inputs inputs = demoImagesAsData();
        inputs.checkpoint = (demoFolder() / "features-test.safetensors").string();
        inputs.images.preprocessing.preset = "fashion-mnist";
        ImagesDialog dialog(inputs);
        QTRY_VERIFY(!child<QLabel>(dialog, "imagesProblem")->text().isEmpty());
        QVERIFY(!child<QPushButton>(dialog, "extract")->isEnabled());
    }

    void theSessionExtractsAndMeasuresThem()
    {
        Inputs inputs = demoImagesAsData();
        inputs.images.preprocessing.preset = "fashion-mnist";
        Session session;
        session.open(inputs);
        QTRY_VERIFY_WITH_TIMEOUT(session.snapshot().hasData(), 120000);
        const Document& document = *session.snapshot().document;
        QVERIFY(std::abs(document.base->before.top1.value_or(0) - 68.31) < 0.05);
        QVERIFY(document.features->images != nullptr);
        QCOMPARE(document.features->imageOf.size(), std::size_t{10000});
    }

    void optionsSurviveAFile()
    {
        ImageOptions options;
        options.root = "/a folder";
        options.preprocessing.preset = "imagenet";
        options.preprocessing.resize = 64;
        options.preprocessing.filter = ResizeFilter::Bicubic;
        options.preprocessing.mean = {0.1, 0.2, 0.3};
        options.preprocessing.flipAverage = true;
        options.backbone = {{"max-pool", "no"}};
        options.precision = Precision::BFloat16;
        QVERIFY(readImageJson(imageJson(options)) == options);
        QVERIFY(readImageJson(imageJson({})) == ImageOptions{});
    }

    void aListIsCountsFirstAndDataThen()
    {
        m_scratch.file("a.jpg", "x");
        const std::string train = m_scratch.file("train.txt", "a.jpg 0\n");
        const std::string val = m_scratch.file("val.txt", "a.jpg 0\n");
        const Inputs first = withFiles({}, {train});
        QCOMPARE(first.counts, train);
        QCOMPARE(withFiles(first, {val}).data, val);
        const std::string idx = (demoFolder() / "t10k-images-idx3-ubyte.gz").string();
        QCOMPARE(withFiles({}, {idx}).data, idx);
    }
};

QTEST_MAIN(ImagesWindowTest)
#include "tst_images.moc"
