// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing is clipped, unnamed or unexplained, in any state, light and dark, small and large.
#include "charts/norm_chart.h"
#include "support/made_problem.h"
#include "views/appearance.h"
#include "views/inspect_panel.h"
#include "window_under_test.h"

using namespace monotail;
using namespace monotail::test;

namespace {

QString described(const QWidget& widget)
{
    return QString("%1 '%2' %3")
        .arg(widget.metaObject()->className(), widget.objectName(),
             widget.property("text").toString());
}

/// Buttons and one-line labels that have less room than their words need.
QStringList clipped(const QWidget& window)
{
    QStringList found;
    for (const QWidget* widget : window.findChildren<QWidget*>()) {
        const auto* label = qobject_cast<const QLabel*>(widget);
        const bool words =
            qobject_cast<const QAbstractButton*>(widget) || (label && !label->text().isEmpty());
        if (!words || !widget->isVisible() || widget->visibleRegion().isEmpty() ||
            widget->objectName().startsWith("qt_")) // Qt's own
            continue;
        const bool wraps = label && label->wordWrap();
        const QSize needed =
            wraps ? QSize(0, label->heightForWidth(label->width())) : widget->minimumSizeHint();
        if (widget->width() < needed.width() || widget->height() < needed.height())
            found << described(*widget);
    }
    return found;
}

/// What the keyboard reaches and a screen reader could not name.
QStringList nameless(const QWidget& window)
{
    QStringList found;
    for (QWidget* widget : window.findChildren<QWidget*>()) {
        if (!(widget->focusPolicy() & Qt::TabFocus) || !widget->isVisible() ||
            widget->focusProxy() || qobject_cast<QTabBar*>(widget) ||
            qobject_cast<QScrollArea*>(widget) || widget->objectName().startsWith("qt_"))
            continue;
        QAccessibleInterface* face = QAccessible::queryAccessibleInterface(widget);
        if (face && face->text(QAccessible::Name).isEmpty())
            found << described(*widget);
    }
    return found;
}

QStringList unexplained(const QWidget& window)
{
    QStringList found;
    for (const char* name :
         {"axis",          "kind",          "showBias",       "slider",         "box",
          "bias",          "direction",     "ties",           "weights",        "groups",
          "view",          "order",         "diagnosis",      "summary",        "search",
          "headKind",      "headRows",      "headBackground", "headFactor",     "prior",
          "priorWords",    "sweepGroups",   "sweepWords",     "calibration",    "pairSummary",
          "pairOverall",   "sideBefore",    "sideAfter",      "sampleChange",   "sampleOrder",
          "sampleSummary", "whyTitle",      "whyWords",       "causesSide",     "causesWords",
          "preset",        "sampling",      "loss",           "norms",          "features",
          "constraint",    "start",         "then",           "epochs",         "lr",
          "batch",         "seed",          "seeds",          "sweepParameter", "sweepValues",
          "trainingData",  "startTraining", "cancelTraining", "shownRun",       "normSpace",
          "playEpochs",    "epoch",         "curveKind",      "useHead",        "compareRuns"}) {
        const auto* widget = window.findChild<QWidget*>(QString(name));
        if (!widget || widget->toolTip().isEmpty())
            found << name;
    }
    for (const QRadioButton* button : window.findChildren<QRadioButton*>())
        if (button->toolTip().isEmpty())
            found << button->text();
    return found;
}

} // namespace

class LookTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QApplication::setStyle("Fusion"); }
    void cleanup() { applyAppearance(Appearance::System); }

    void nothingIsClippedOrUnnamed_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<qlonglong>("classes");
        for (const QSize size : {QSize(1024, 700), QSize(1280, 820), QSize(2560, 1440)})
            for (const qlonglong classes : {0LL, 200LL, 1000LL})
                QTest::addRow("%lld classes at %dx%d", classes == 0 ? 10 : classes, size.width(),
                              size.height())
                    << size << classes;
    }
    void nothingIsClippedOrUnnamed()
    {
        QFETCH(QSize, size);
        QFETCH(qlonglong, classes);
        WindowUnderTest app(size);
        QCOMPARE(clipped(app.window).join("; "), QString()); // the start page
        if (classes == 0) {
            app.session.openDemo();
        } else {
            const MadeProblem problem =
                writeProblem(app.folder.filePath("made").toStdString(), classes);
            app.session.open({problem.checkpoint, problem.counts, problem.data, {}, {}});
        }
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), 60000);
        for (const MethodKind kind : {MethodKind::Tau, MethodKind::MaxNorm, MethodKind::Samn}) {
            app.find<QDockWidget>("method")->raise();
            app.choose(kind);
            QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), 60000);
            for (QDockWidget* dock : app.window.findChildren<QDockWidget*>()) {
                dock->raise();
                QCoreApplication::processEvents();
                QCOMPARE(clipped(app.window).join("; "), QString());
                QCOMPARE(nameless(app.window).join("; "), QString());
            }
        }
        QCOMPARE(unexplained(app.window).join("; "), QString());
    }

    void nothingIsClippedOrUnnamedInInspect_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<QString>("file");
        for (const QSize size : {QSize(1024, 700), QSize(1280, 820), QSize(2560, 1440)})
            for (const char* file : {"causal_norm.pth", "disalign.pth.tar", "dino.pth",
                                     "faster_rcnn_torchvision.pth", "yolo_detect.pt"})
                QTest::addRow("%s at %dx%d", file, size.width(), size.height()) << size << file;
    }
    void nothingIsClippedOrUnnamedInInspect()
    {
        QFETCH(QSize, size);
        QFETCH(QString, file);
        WindowUnderTest app(size);
        Inputs inputs;
        inputs.checkpoint = MONOTAIL_SOURCE_DIR "/tests/fixtures/heads/" + file.toStdString();
        app.session.open(inputs);
        QTRY_VERIFY(app.session.snapshot().hasFile());
        app.find<QDockWidget>("file")->raise();
        auto* tabs = app.find<InspectPanel>()->findChild<QTabWidget*>();
        for (int tab = 0; tab < tabs->count(); ++tab) {
            tabs->setCurrentIndex(tab);
            QCoreApplication::processEvents();
            QCOMPARE(clipped(app.window).join("; "), QString());
            QCOMPARE(nameless(app.window).join("; "), QString());
        }
    }

    void chartsAndTablesFollowThePalette()
    {
        WindowUnderTest app;
        app.session.openDemo();
        QTRY_VERIFY(app.isSettled());
        for (const auto& [appearance, dark] :
             {std::pair{Appearance::Dark, true}, std::pair{Appearance::Light, false}}) {
            applyAppearance(appearance);
            QCoreApplication::processEvents();
            const QImage chart = pictureOf(*app.find<NormChart>());
            QCOMPARE(chart.pixelColor(4, 4).lightness() < 128, dark);
            QCOMPARE(app.find<QTableView>()->palette().color(QPalette::Base).lightness() < 128,
                     dark);
        }
    }

    void everyWordIsReadableOnItsGround()
    {
        for (const QPalette& palette : {lightPalette(), darkPalette()})
            for (const auto& [text, ground] :
                 {std::pair{QPalette::WindowText, QPalette::Window},
                  std::pair{QPalette::Text, QPalette::Base},
                  std::pair{QPalette::Text, QPalette::AlternateBase},
                  std::pair{QPalette::ButtonText, QPalette::Button},
                  std::pair{QPalette::HighlightedText, QPalette::Highlight},
                  std::pair{QPalette::ToolTipText, QPalette::ToolTipBase}})
                QVERIFY(contrast(palette.color(text), palette.color(ground)) >= 4.5);
    }

private:
    /// Contrast ratio by WCAG 2.1.
    static double contrast(const QColor& a, const QColor& b)
    {
        const auto light = [](const QColor& colour) {
            const auto part = [](double v) {
                return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
            };
            return 0.2126 * part(colour.redF()) + 0.7152 * part(colour.greenF()) +
                   0.0722 * part(colour.blueF());
        };
        const double x = light(a), y = light(b);
        return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
    }
};

QTEST_MAIN(LookTest)
#include "tst_look.moc"
