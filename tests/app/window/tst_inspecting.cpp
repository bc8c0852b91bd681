// SPDX-License-Identifier: GPL-3.0-or-later
// Inspect and the other panels on heads of every kind, in the whole window.
#include "charts/norm_chart.h"
#include "views/error_banner.h"
#include "views/inspect_panel.h"
#include "window_under_test.h"

using namespace monotail;
using namespace monotail::test;

namespace {

constexpr int patience = 60000; // milliseconds; sanitizers are slow
const std::string fixtures = MONOTAIL_SOURCE_DIR "/tests/fixtures/heads/";

Inputs fixture(const std::string& file, const std::string& counts = {})
{
    Inputs inputs;
    inputs.checkpoint = fixtures + file;
    inputs.counts = counts;
    return inputs;
}

QTableView* tensorTable(const WindowUnderTest& app)
{
    for (QTableView* view : app.find<InspectPanel>()->findChildren<QTableView*>())
        if (view->accessibleName() == "Tensors")
            return view;
    return nullptr;
}

QString focusName()
{
    const QWidget* focus = QApplication::focusWidget();
    return focus ? focus->accessibleName() : QString();
}

} // namespace

class InspectingTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QApplication::setStyle("Fusion"); }

    void findGoesToTheTensorsOnlyWithTheFocusInInspect()
    {
        WindowUnderTest app;
        app.window.activateWindow();
        app.session.openDemo();
        QTRY_VERIFY_WITH_TIMEOUT(app.isSettled(), patience);
        app.find<NormChart>()->setFocus();
        QTest::keyClick(&app.window, Qt::Key_F, Qt::ControlModifier);
        QCOMPARE(focusName(), QString("Filter by class name or index"));
        app.find<QDockWidget>("file")->raise();
        QCoreApplication::processEvents();
        auto* tabs = app.find<InspectPanel>()->findChild<QTabBar*>();
        QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(1).center());
        QTableView* tensors = tensorTable(app);
        QTest::mouseClick(tensors->viewport(), Qt::LeftButton, {}, QPoint(20, 5));
        QVERIFY(tensors->hasFocus());
        QTest::keyClick(tensors, Qt::Key_F, Qt::ControlModifier);
        QCOMPARE(focusName(), QString("Search by name, type or shape"));
        QTest::keyClicks(QApplication::focusWidget(), "conv1.weight");
        QVERIFY(app.find<QLabel>("searchCounts")->text().startsWith("4 of 67 tensors"));
    }

    void theDockIsCalledInspectAndLayoutsKnowItByItsOldName()
    {
        WindowUnderTest app;
        auto* dock = app.find<QDockWidget>("file"); // its name in layouts saved before
        QVERIFY(dock);
        QCOMPARE(dock->windowTitle(), QString("Inspect"));
        QCOMPARE(dock->toggleViewAction()->text(), QString("Inspect"));
        // A saved layout with a dock of that name, on the left.
        QMainWindow earlier;
        auto* file = new QDockWidget("File", &earlier);
        file->setObjectName("file");
        earlier.addDockWidget(Qt::LeftDockWidgetArea, file);
        app.settings.setWindow({}, earlier.saveState(4));
        MainWindow window(app.session, app.settings);
        window.show();
        app.session.open(fixture("weight_norm.pth"));
        QTRY_VERIFY(app.session.snapshot().hasHead());
        QCOMPARE(window.dockWidgetArea(window.findChild<QDockWidget*>("file")),
                 Qt::LeftDockWidgetArea);
    }

    void aFileWithoutAHeadShowsInspect()
    {
        WindowUnderTest app;
        app.session.open(fixture("yolo_detect.pt"));
        QTRY_VERIFY(app.session.snapshot().hasFile());
        QTRY_VERIFY(app.find<InspectPanel>()->isVisible());
        QVERIFY(!app.find<InspectPanel>()->visibleRegion().isEmpty());
        QVERIFY(app.find<QLabel>("headInUse")->text().startsWith("No classifier head was found"));
        QVERIFY(!app.find<ErrorBanner>()->text().contains("--"));
        QTest::keyClick(&app.window, Qt::Key_F, Qt::ControlModifier);
        QCOMPARE(focusName(), QString("Search by name, type or shape"));
    }

    void aCosineHeadIsNotRescaledAndEveryPanelSaysSo()
    {
        WindowUnderTest app;
        app.session.open(fixture("causal_norm.pth", "exp:500:100:10"));
        QTRY_VERIFY(app.session.snapshot().hasCounts());
        QVERIFY(app.find<QLabel>("diagnosis")->text().startsWith("These norms have no effect"));
        QVERIFY(app.find<QLabel>("onlyAdjustment")->isVisible());
        QVERIFY(!app.method(MethodKind::Samn)->isEnabled());
        QVERIFY(app.method(MethodKind::LogitAdjust)->isEnabled());
        QString notes;
        for (const QTextBrowser* browser : app.window.findChildren<QTextBrowser*>())
            if (browser->accessibleName() == "Findings")
                notes = browser->toPlainText();
        QVERIFY2(notes.contains("unless the factor is given in Inspect"), qPrintable(notes));
        QVERIFY(!notes.contains("--"));
    }

    void otherKindsAreRescaledAsUsual_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("classes");
        QTest::addRow("weight norm") << "weight_norm.pth" << 10;
        QTest::addRow("SAMN") << "samn_trained.pth.tar" << 10;
        QTest::addRow("experts") << "experts.pth" << 10;
        QTest::addRow("a detector") << "faster_rcnn_torchvision.pth" << 20;
        QTest::addRow("shards") << "sharded/model.safetensors.index.json" << 10;
    }
    void otherKindsAreRescaledAsUsual()
    {
        QFETCH(QString, file);
        QFETCH(int, classes);
        WindowUnderTest app;
        app.session.open(fixture(file.toStdString(), "exp:500:100:" + std::to_string(classes)));
        QTRY_VERIFY(app.session.snapshot().hasCounts());
        QVERIFY(app.find<QLabel>("diagnosis")->text().startsWith("PAVA"));
        QVERIFY(!app.find<QLabel>("onlyAdjustment")->isVisible());
        QVERIFY(app.method(MethodKind::Samn)->isEnabled());
        QCOMPARE(app.session.snapshot().choices.method, MethodKind::Samn);
    }
};

QTEST_MAIN(InspectingTest)
#include "tst_inspecting.moc"
