// SPDX-License-Identifier: GPL-3.0-or-later
// The window as a person uses it: real clicks and keys on the embedded example.
#include "charts/before_after_chart.h"
#include "charts/group_chart.h"
#include "charts/norm_chart.h"
#include "checkpoint/checkpoint.h"
#include "views/class_panel.h"
#include "views/error_banner.h"
#include "window_under_test.h"

using namespace monotail;
using namespace monotail::test;
using Classes = std::vector<std::int64_t>;

namespace {

constexpr int patience = 60000; // milliseconds; sanitizers are slow
const std::string demo = MONOTAIL_SOURCE_DIR "/resources/demo/";

QString cell(const QTableView& table, int row, const QString& header)
{
    const QAbstractItemModel& model = *table.model();
    for (int column = 0; column < model.columnCount(); ++column)
        if (model.headerData(column, Qt::Horizontal).toString().simplified() == header)
            return model.index(row, column).data().toString();
    return {};
}

QStringList cells(const QTableView& table)
{
    QStringList all;
    const QAbstractItemModel& model = *table.model();
    for (int row = 0; row < model.rowCount(); ++row)
        for (int column = 0; column < model.columnCount(); ++column)
            all << model.index(row, column).data().toString();
    return all;
}

/// Up to a hundredth of the pixels may differ: grid lines are rounded to pixels on the way.
bool looksLike(const QImage& a, const QImage& b)
{
    if (a.size() != b.size())
        return false;
    qsizetype different = 0;
    for (int y = 0; y < a.height(); ++y)
        for (int x = 0; x < a.width(); ++x)
            different += a.pixel(x, y) != b.pixel(x, y) ? 1 : 0;
    return different * 100 <= qsizetype(a.width()) * a.height();
}

QTableView* classTable(const WindowUnderTest& app)
{
    return app.find<ClassPanel>()->findChild<QTableView*>();
}

} // namespace

class WindowTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QApplication::setStyle("Fusion"); }

    void theStartPageOpensTheDemo()
    {
        WindowUnderTest app;
        QVERIFY(!app.find<QDockWidget>("classes")->isVisible());
        QTest::mouseClick(app.find<QPushButton>("openDemo"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), patience);
        QVERIFY(app.find<NormChart>()->isVisible());
        QVERIFY(app.window.windowTitle().startsWith("stage1.pth.tar"));
        QVERIFY(app.find<QLabel>("diagnosis")->text().contains("one block"));
        const QTableView* table = classTable(app);
        QVERIFY(table->isVisible());
        QCOMPARE(table->model()->rowCount(), 10);
        QCOMPARE(cell(*table, 0, "class"), QString("Shirt"));
        QCOMPARE(cell(*table, 7, "class"), QString("T-shirt/top"));
        QCOMPARE(cell(*table, 7, "norm before"), QString("2.129"));
        QVERIFY(app.find<QLabel>("summary")->text().contains("Gained 1,208, lost 197"));
        QVERIFY(app.find<QLabel>("harm")->text().contains("many-shot accuracy falls by 2.2"));
    }

    void everyPointOfTheDemoIsInTheChart()
    {
        WindowUnderTest app;
        app.session.openDemo();
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), patience);
        const NormChart& chart = *app.find<NormChart>();
        for (std::int64_t c = 0; c < 10; ++c)
            QVERIFY(QRectF(chart.rect()).contains(chart.positionOf(c)));
        // Shirt has the most training images, Sandal the fewest.
        QVERIFY(chart.positionOf(6).x() < chart.positionOf(5).x());
        // Coat's norm is 4.2, Sandal's 1.8.
        QVERIFY(chart.positionOf(4).y() < chart.positionOf(5).y());
    }

    void aClickOnAPointSelectsItsClassInEveryView()
    {
        WindowUnderTest app;
        app.session.openDemo();
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), patience);
        NormChart& chart = *app.find<NormChart>();
        clickAt(chart, chart.positionOf(0));
        QCOMPARE(app.session.selection().classes(), Classes({0}));
        QCOMPARE(chart.selection(), Classes({0}));
        QCOMPARE(app.find<BeforeAfterChart>()->selection(), Classes({0}));
        const QTableView* table = classTable(app);
        QCOMPARE(table->selectionModel()->selectedRows().size(), 1);
        QCOMPARE(table->selectionModel()->selectedRows().first().row(), 7);
        clickAt(chart, chart.positionOf(5), Qt::ControlModifier);
        QCOMPARE(app.session.selection().classes(), Classes({0, 5}));
        QCOMPARE(table->selectionModel()->selectedRows().size(), 2);
    }

    void aClickOnABlockSelectsItsClassesInEveryView()
    {
        WindowUnderTest app;
        app.session.openDemo("lws");
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), patience);
        // The block of Sneaker, Pullover, Dress: above Pullover (class 2), away from its points.
        NormChart& chart = *app.find<NormChart>();
        const QPointF point = chart.positionOf(2);
        const QPointF low(point.x(), chart.positionOf(6).y() - 3); // Shirt has the smallest norm
        clickAt(chart, low);
        QCOMPARE(app.session.selection().classes(), Classes({2, 3, 7}));
        QCOMPARE(classTable(app)->selectionModel()->selectedRows().size(), 3);
        QCOMPARE(app.find<BeforeAfterChart>()->selection(), Classes({2, 3, 7}));
    }

    void aRowOfTheTableSelectsItsClassInTheCharts()
    {
        WindowUnderTest app;
        app.session.openDemo();
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), patience);
        QTableView* table = classTable(app);
        const QRect row = table->visualRect(table->model()->index(9, 0));
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, row.center());
        QCOMPARE(app.session.selection().classes(), Classes({5}));
        QCOMPARE(app.find<NormChart>()->selection(), Classes({5}));
    }

    void theTauSliderMovesChartTableAndBars()
    {
        WindowUnderTest app;
        app.session.openDemo();
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), patience);
        app.choose(MethodKind::Tau);
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), patience);
        NormChart& chart = *app.find<NormChart>();
        GroupChart& bars = *app.find<GroupChart>();
        const QTableView* table = classTable(app);
        const QImage chartBefore = pictureOf(chart), barsBefore = pictureOf(bars);
        const QString normBefore = cell(*table, 0, "norm after");
        auto* slider = app.find<QSlider>("slider");
        slider->setFocus();
        QTest::keyClick(slider, Qt::Key_Left);
        QCOMPARE(app.session.snapshot().choices.tau, 0.99);
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), patience);
        QVERIFY(pictureOf(chart) != chartBefore);
        QVERIFY(pictureOf(bars) != barsBefore);
        QVERIFY(cell(*table, 0, "norm after") != normBefore);
    }

    void aDragOfTheSliderIsOneStepThatIsUndoneAndRedoneExactly()
    {
        WindowUnderTest app;
        app.session.openDemo();
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), patience);
        app.choose(MethodKind::Tau);
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), patience);
        NormChart& chart = *app.find<NormChart>();
        const QImage chartBefore = pictureOf(chart);
        const QString summaryBefore = app.find<QLabel>("summary")->text();
        const QStringList tableBefore = cells(*classTable(app));
        const int steps = app.session.undoStack().count();
        auto* slider = app.find<QSlider>("slider");
        QStyleOptionSlider option;
        option.initFrom(slider);
        option.minimum = slider->minimum();
        option.maximum = slider->maximum();
        option.sliderPosition = option.sliderValue = slider->value();
        const QPoint handle =
            slider->style()
                ->subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderHandle, slider)
                .center();
        QTest::mousePress(slider, Qt::LeftButton, {}, handle);
        for (int move = 1; move <= 8; ++move)
            QTest::mouseMove(slider, handle - QPoint(6 * move, 0));
        QTest::mouseRelease(slider, Qt::LeftButton, {}, handle - QPoint(48, 0));
        QVERIFY(app.session.snapshot().choices.tau < 0.9);
        QStringList texts;
        for (int i = 0; i < app.session.undoStack().count(); ++i)
            texts << app.session.undoStack().text(i);
        QVERIFY2(texts.size() == steps + 1, qPrintable(texts.join("; ")));
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), patience);
        const QImage chartAfter = pictureOf(chart);
        const QString summaryAfter = app.find<QLabel>("summary")->text();
        const QStringList tableAfter = cells(*classTable(app));
        QVERIFY(tableAfter != tableBefore);
        QTest::keyClick(&app.window, Qt::Key_Z, Qt::ControlModifier);
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), patience);
        QCOMPARE(app.session.snapshot().choices.tau, 1.0);
        QVERIFY(looksLike(pictureOf(chart), chartBefore));
        QCOMPARE(app.find<QLabel>("summary")->text(), summaryBefore);
        QCOMPARE(cells(*classTable(app)), tableBefore);
        QTest::keyClick(&app.window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), patience);
        QVERIFY(looksLike(pictureOf(chart), chartAfter));
        QVERIFY(!looksLike(chartAfter, chartBefore));
        QCOMPARE(app.find<QLabel>("summary")->text(), summaryAfter);
        QCOMPARE(cells(*classTable(app)), tableAfter);
    }

    void aDraggedBlockIsAManualRescaling()
    {
        WindowUnderTest app;
        app.session.openDemo("lws");
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), patience);
        NormChart& chart = *app.find<NormChart>();
        // Sandal (class 5) is a block of its own: its level is at its point's height. Press beside
        // the point, on the level.
        const QPointF point = chart.positionOf(5);
        const double slot = point.x() - chart.positionOf(1).x();
        const QPoint from = (point - QPointF(slot * 0.35, 0)).toPoint();
        QWidget* target = innermost(chart, from);
        const QPoint at = target->mapFrom(&chart, from);
        QTest::mousePress(target, Qt::LeftButton, {}, at);
        for (int move = 1; move <= 4; ++move)
            QTest::mouseMove(target, at + QPoint(0, 12 * move));
        QTest::mouseRelease(target, Qt::LeftButton, {}, at + QPoint(0, 48));
        QCOMPARE(app.session.snapshot().choices.method, MethodKind::Scales);
        QVERIFY(app.method(MethodKind::Scales)->isChecked());
        QCOMPARE(app.session.undoStack().count(), 1);
        const double norm = normAfter(app.session.snapshot(), 5);
        QVERIFY2(norm < 5.8, qPrintable(QString::number(norm))); // it was 5.876
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), patience);
        QTest::keyClick(&app.window, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(app.session.snapshot().choices.method, MethodKind::Samn);
    }

    void exportWritesAndVerifies()
    {
        WindowUnderTest app;
        app.session.openDemo();
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), patience);
        QTest::keyClick(&app.window, Qt::Key_E, Qt::ControlModifier);
        auto* dialog = app.find<QDialog>();
        QVERIFY(dialog && dialog->isVisible() && !dialog->isModal());
        QTRY_VERIFY(dialog->findChild<QLabel*>("plan")->text().contains("640 numbers"));
        const QString plan = dialog->findChild<QLabel*>("plan")->text();
        QVERIFY2(plan.contains("linear.weight (640 numbers)"), qPrintable(plan));
        QVERIFY(plan.contains("many-shot accuracy falls")); // before anything is written
        QVERIFY(plan.contains("78.42 %"));
        auto* target = dialog->findChild<QLineEdit*>("target");
        auto* result = dialog->findChild<QLabel*>("result");
        QVERIFY(target->text().endsWith("stage1-samn.pth.tar"));
        target->setText(QString::fromStdString(demo) + "counts.csv");
        QVERIFY(result->text().contains("inputs"));
        const QString path = app.folder.filePath("corrected.pth.tar");
        target->setText(path);
        auto* button = dialog->findChild<QPushButton*>("export");
        QTest::mouseClick(button, Qt::LeftButton);
        QTRY_VERIFY(result->text().contains("Written and verified"));
        QVERIFY(result->text().contains("78.42 %"));
        const auto written = openCheckpoint(path.toStdString());
        const ClassifierHead head =
            readHead(*written, app.session.snapshot().document->head->source);
        for (const double norm : head.norms)
            QVERIFY(std::abs(norm - 2.837) < 0.001);
        // What is there is replaced only when that is ticked.
        QVERIFY(!button->isEnabled());
        QTest::mouseClick(dialog->findChild<QCheckBox*>("replace"), Qt::LeftButton, {},
                          QPoint(8, 8));
        QVERIFY(button->isEnabled());
    }

    void theBannerShowsTheCoresSentence()
    {
        WindowUnderTest app;
        app.session.openDemo();
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), patience);
        QFile file(app.folder.filePath("page.pth"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("<!DOCTYPE html><html></html>");
        file.close();
        QString expected;
        try {
            openCheckpoint(file.fileName().toStdString());
        } catch (const Error& error) {
            expected = error.what();
        }
        app.session.open({file.fileName().toStdString(), {}, {}, {}, {}});
        QTRY_COMPARE(app.find<ErrorBanner>()->text(), expected);
        QVERIFY(app.session.snapshot().hasData()); // what was open still is
        QTest::mouseClick(app.find<QToolButton>("dismiss"), Qt::LeftButton);
        QVERIFY(app.find<ErrorBanner>()->isHidden());
    }

    void aWrongFileDoesNotCostWhatIsOpen()
    {
        WindowUnderTest app;
        app.session.openDemo();
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), patience);
        const auto document = app.session.snapshot().document;
        Inputs wrong = document->inputs;
        wrong.counts = "exp:500:100:7";
        app.session.open(wrong);
        QTRY_VERIFY(app.find<ErrorBanner>()->text().contains("7"));
        QCOMPARE(app.session.snapshot().document, document);
        app.session.setData(demo + "counts.csv");
        QTRY_VERIFY(app.find<ErrorBanner>()->text().contains("counts.csv"));
        QCOMPARE(app.session.snapshot().document, document);
        app.session.open({demo + "features-test.safetensors", {}, {}, {}, {}}); // no head in it
        QTRY_VERIFY(app.find<ErrorBanner>()->text().contains("features-test"));
        QVERIFY(!app.find<ErrorBanner>()->text().contains("--head"));
        QCOMPARE(app.session.snapshot().document, document);
        QVERIFY(app.session.snapshot().hasData());
    }

    void theWheelOverThePanelChangesNothing()
    {
        WindowUnderTest app;
        app.session.openDemo();
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), patience);
        app.choose(MethodKind::Tau);
        const Choices before = app.session.snapshot().choices;
        for (const char* name : {"direction", "ties", "groups", "slider", "box"}) {
            auto* widget = app.find<QWidget>(name);
            QVERIFY(!widget->hasFocus());
            QWheelEvent wheel(QPointF(5, 5), widget->mapToGlobal(QPointF(5, 5)), {}, {0, -120},
                              Qt::NoButton, {}, Qt::NoScrollPhase, false);
            QApplication::sendEvent(widget, &wheel);
        }
        QVERIFY(app.session.snapshot().choices == before);
        auto* slider = app.find<QSlider>("slider"); // with the focus it is meant
        slider->setFocus();
        QWheelEvent wheel(QPointF(5, 5), slider->mapToGlobal(QPointF(5, 5)), {}, {0, -120},
                          Qt::NoButton, {}, Qt::NoScrollPhase, false);
        QApplication::sendEvent(slider, &wheel);
        QVERIFY(app.session.snapshot().choices.tau < before.tau);
    }

    void sessionsAreSavedAndOpened()
    {
        WindowUnderTest app;
        const QString file = app.folder.filePath("s.monotail.json");
        app.session.openDemo("lws");
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), patience);
        app.choose(MethodKind::EqualNorms);
        app.session.selection().set({3});
        saveSession(app.session.snapshot(), app.session.selection().classes(), file.toStdString(),
                    Overwrite::Refuse);
        app.session.openDemo("crt");
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled() && app.session.undoStack().count() == 0, patience);
        app.window.openPaths({file.toStdString()});
        QTRY_VERIFY(app.window.windowTitle().startsWith("lws"));
        QVERIFY(app.method(MethodKind::EqualNorms)->isChecked());
        QCOMPARE(app.find<NormChart>()->selection(), Classes({3}));
        QTest::keyClick(&app.window, Qt::Key_S, Qt::ControlModifier); // to the same file
        QVERIFY(app.find<ErrorBanner>()->text().contains("s.monotail.json"));
    }

    void cancelStopsWhatRuns()
    {
        WindowUnderTest app;
        app.session.jobs().start(Lane::Long, "Endless", {},
                                 [](const Progress& progress) -> Delivery {
                                     for (std::int64_t i = 0;; ++i)
                                         report(progress, i % 1000, 1000);
                                 });
        auto* cancel = app.find<QToolButton>("cancelJob");
        QTRY_VERIFY(cancel->isVisible());
        QVERIFY(app.find<QProgressBar>()->isVisible());
        QTest::mouseClick(cancel, Qt::LeftButton);
        QTRY_VERIFY(app.find<ErrorBanner>()->text().contains("Endless"));
        QTRY_VERIFY(!cancel->isVisible());
    }

    void aWindowClosedDuringAJobEndsCalmly()
    {
        for (const bool demo : {true, false}) {
            WindowUnderTest app;
            if (demo)
                app.session.openDemo();
            app.session.jobs().start(Lane::Long, "Endless", {},
                                     [](const Progress& progress) -> Delivery {
                                         for (std::int64_t i = 0;; ++i)
                                             report(progress, i % 1000, 1000);
                                     });
            QTRY_VERIFY(app.session.jobs().isBusy());
            QVERIFY(app.window.close());
        } // a hang here is the failure
    }

    void theThreeStatesAreEachUseful()
    {
        WindowUnderTest app;
        app.session.open({demo + "stage1.pth.tar", {}, {}, {}, {}});
        QTRY_VERIFY(app.session.snapshot().hasHead());
        QVERIFY(app.find<QLabel>("diagnosis")->text().contains("Add the training counts"));
        QVERIFY(!app.method(MethodKind::Samn)->isEnabled());
        QCOMPARE(classTable(app)->model()->rowCount(), 10);
        app.session.open({demo + "stage1.pth.tar", demo + "counts.csv", {}, {}, {}});
        QTRY_VERIFY(app.session.snapshot().hasCounts());
        QVERIFY(app.find<QLabel>("diagnosis")->text().contains("PAVA"));
        QVERIFY(app.method(MethodKind::Samn)->isEnabled());
        QVERIFY(app.find<QLabel>("summary")->text().contains("Add features"));
        QVERIFY(!app.find<GroupChart>()->isVisible());
    }

    void layoutAndRecentFilesAreRemembered()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath("settings.ini");
        {
            AppSettings settings(file);
            Session session;
            MainWindow window(session, settings);
            window.show();
            session.open({demo + "stage1.pth.tar", demo + "counts.csv", {}, {}, {}});
            QTRY_VERIFY(session.snapshot().hasCounts());
            window.findChild<QDockWidget*>("findings")->close();
            window.addDockWidget(Qt::LeftDockWidgetArea, window.findChild<QDockWidget*>("method"));
            window.close();
        }
        AppSettings settings(file);
        QVERIFY(settings.recent().empty()); // the demo's folder is no work of the user's
        Session session;
        MainWindow window(session, settings);
        window.show();
        session.openDemo();
        QTRY_VERIFY(session.snapshot().hasCounts());
        QVERIFY(window.findChild<QDockWidget*>("findings")->isHidden());
        QCOMPARE(window.dockWidgetArea(window.findChild<QDockWidget*>("method")),
                 Qt::LeftDockWidgetArea);
    }

    void droppedFilesFindTheirPlace()
    {
        WindowUnderTest app;
        const auto drop = [&](const QStringList& names) {
            QMimeData mime;
            QList<QUrl> urls;
            for (const QString& name : names)
                urls << QUrl::fromLocalFile(name);
            mime.setUrls(urls);
            QDragEnterEvent enter(QPoint(100, 100), Qt::CopyAction, &mime, Qt::LeftButton, {});
            QApplication::sendEvent(&app.window, &enter);
            QDropEvent event(QPointF(100, 100), Qt::CopyAction, &mime, Qt::LeftButton, {});
            QApplication::sendEvent(&app.window, &event);
        };
        const QString folder = QString::fromStdString(demo);
        drop({folder + "counts.csv"});
        QVERIFY(app.find<ErrorBanner>()->text().contains("Drop the checkpoint first"));
        drop({folder + "features-test.safetensors", folder + "crt.pth.tar", folder + "counts.csv"});
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), patience);
        QVERIFY(app.window.windowTitle().startsWith("crt.pth.tar"));
        drop({folder + "features-train.safetensors"}); // data for what is open
        QTRY_VERIFY(app.session.snapshot().document &&
                    app.session.snapshot().document->inputs.data ==
                        demo + "features-train.safetensors");
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), patience);
        QVERIFY(app.window.windowTitle().startsWith("crt.pth.tar"));
    }
};

QTEST_MAIN(WindowTest)
#include "tst_window.moc"
