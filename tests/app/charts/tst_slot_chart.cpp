// SPDX-License-Identifier: GPL-3.0-or-later
// Zooming and panning with a history, as all charts with classes along x have them.
#include <QtTest>

#include "app/charts/ten_classes.h"

using namespace monotail;
using namespace monotail::events;

class SlotChartTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void allIsShownAtFirst();
    void wheelZoomsAboutThePointer();
    void wheelStepsInARowAreOneEntry();
    void touchpadZoomsByPixels();
    void zoomEndsAtTwoSlots();
    void zoomOutEndsAtAll();
    void shiftAndWheelPan();
    void middleAndRightButtonPan_data();
    void middleAndRightButtonPan();
    void doubleClickShowsAll();
    void historyGoesBackAndForward();
    void aNewZoomForgetsForward();
    void actionsAreEnabledAsTheyApply();
    void toolTipsTellTheKeys();
    void keysZoom();
};

void SlotChartTest::initTestCase()
{
    qRegisterMetaType<Classes>();
    qRegisterMetaType<Pick>("monotail::Pick");
    qRegisterMetaType<SlotRange>("monotail::SlotRange");
}

void SlotChartTest::allIsShownAtFirst()
{
    const Ten ten;
    QCOMPARE(ten.chart.shownRange(), (SlotRange{0, 10}));
}

void SlotChartTest::wheelZoomsAboutThePointer()
{
    Ten ten;
    const QPointF at = ten.over(7);
    const double before = ten.frame().placeAt(at.x());
    wheel(ten.chart, at, 2, 100);
    QVERIFY(ten.width() < 7);
    QVERIFY(std::abs(ten.frame().placeAt(at.x()) - before) < 1e-6);
}

void SlotChartTest::wheelStepsInARowAreOneEntry()
{
    Ten ten;
    for (const quint64 time : {1000, 1100, 1200})
        wheel(ten.chart, ten.over(5), 1, time);
    const SlotRange zoomed = ten.chart.shownRange();
    wheel(ten.chart, ten.over(5), -1, 5000); // much later
    ten.chart.zoomActions().at(Back)->trigger();
    QCOMPARE(ten.chart.shownRange(), zoomed);
    ten.chart.zoomActions().at(Back)->trigger();
    QCOMPARE(ten.chart.shownRange(), (SlotRange{0, 10}));
    QVERIFY(!isEnabled(ten.chart, Back));
}

void SlotChartTest::touchpadZoomsByPixels()
{
    Ten ten;
    const QPointF at = ten.over(5);
    QWheelEvent event(at, ten.chart.mapToGlobal(at), QPoint(0, 20), QPoint(0, 8), Qt::NoButton, {},
                      Qt::ScrollUpdate, false);
    QApplication::sendEvent(&ten.chart, &event);
    QVERIFY(ten.width() < 10 && ten.width() > 9);
    const SlotRange before = ten.chart.shownRange();
    QWheelEvent sideways(at, ten.chart.mapToGlobal(at), QPoint(-9, 0), QPoint(-8, 0), Qt::NoButton,
                         {}, Qt::ScrollUpdate, false);
    QApplication::sendEvent(&ten.chart, &sideways);
    QVERIFY(ten.chart.shownRange().begin > before.begin);
    QVERIFY(std::abs(ten.width() - (before.end - before.begin)) < 1e-9);
}

void SlotChartTest::zoomEndsAtTwoSlots()
{
    Ten ten(8142);
    for (int i = 0; i < 80; ++i)
        wheel(ten.chart, ten.over(0) + QPointF(200, 0), 1, 100);
    QVERIFY(ten.width() >= 2 - 1e-6 && ten.width() < 2.5);
    QVERIFY(!isEnabled(ten.chart, ZoomIn));
    const SlotRange closest = ten.chart.shownRange();
    wheel(ten.chart, ten.frame().plot.topLeft() + QPointF(9, 9), 1, 100);
    QCOMPARE(ten.chart.shownRange(), closest);
}

void SlotChartTest::zoomOutEndsAtAll()
{
    Ten ten;
    ten.chart.showRange({3, 6});
    for (int i = 0; i < 12; ++i)
        wheel(ten.chart, ten.over(4), -1, 100);
    QCOMPARE(ten.chart.shownRange(), (SlotRange{0, 10}));
}

void SlotChartTest::shiftAndWheelPan()
{
    Ten ten;
    ten.chart.showRange({3, 6});
    wheel(ten.chart, ten.over(4), -1, 100, Qt::ShiftModifier);
    QVERIFY(ten.chart.shownRange().begin > 3);
    QVERIFY(std::abs(ten.width() - 3) < 1e-9);
    for (int i = 0; i < 60; ++i)
        wheel(ten.chart, ten.over(4), -1, 100, Qt::ShiftModifier);
    QVERIFY(std::abs(ten.chart.shownRange().end - 10) < 1e-9);
}

void SlotChartTest::middleAndRightButtonPan_data()
{
    QTest::addColumn<Qt::MouseButton>("button");
    QTest::newRow("middle") << Qt::MiddleButton;
    QTest::newRow("right") << Qt::RightButton;
}

void SlotChartTest::middleAndRightButtonPan()
{
    QFETCH(Qt::MouseButton, button);
    Ten ten;
    ten.chart.showRange({3, 6});
    QSignalSpy ranges(&ten.chart, &SlotChart::rangeChanged);
    QSignalSpy picks(&ten.chart, &SlotChart::picked);
    const double slot = ten.frame().slotWidth();
    drag(ten.chart, ten.over(5), ten.over(5) - QPointF(slot, 0), button);
    QVERIFY(std::abs(ten.chart.shownRange().begin - 4) < 0.02);
    QVERIFY(!ranges.isEmpty());
    QCOMPARE(picks.size(), 0);
    // However many moves, it is one entry.
    ten.chart.zoomActions().at(Back)->trigger();
    QCOMPARE(ten.chart.shownRange(), (SlotRange{3, 6}));
    QVERIFY(!isEnabled(ten.chart, Back));
}

void SlotChartTest::doubleClickShowsAll()
{
    Ten ten;
    ten.chart.showRange({3, 6});
    QTest::mouseDClick(&ten.chart, Qt::LeftButton, {}, ten.over(4).toPoint());
    QCOMPARE(ten.chart.shownRange(), (SlotRange{0, 10}));
    QVERIFY(isEnabled(ten.chart, Back));
}

void SlotChartTest::historyGoesBackAndForward()
{
    Ten ten;
    QTest::keyClick(&ten.chart, Qt::Key_Plus);
    const SlotRange first = ten.chart.shownRange();
    QTest::keyClick(&ten.chart, Qt::Key_Plus);
    const SlotRange second = ten.chart.shownRange();
    QVERIFY(first != second);
    QSignalSpy ranges(&ten.chart, &SlotChart::rangeChanged);
    QTest::keyClick(&ten.chart, Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(ten.chart.shownRange(), first);
    QTest::keyClick(&ten.chart, Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(ten.chart.shownRange(), (SlotRange{0, 10}));
    QTest::keyClick(&ten.chart, Qt::Key_Right, Qt::AltModifier);
    QTest::keyClick(&ten.chart, Qt::Key_Right, Qt::AltModifier);
    QCOMPARE(ten.chart.shownRange(), second);
    QCOMPARE(ranges.size(), 4);
}

void SlotChartTest::aNewZoomForgetsForward()
{
    Ten ten;
    QTest::keyClick(&ten.chart, Qt::Key_Plus);
    ten.chart.zoomActions().at(Back)->trigger();
    QVERIFY(isEnabled(ten.chart, Forward));
    QTest::keyClick(&ten.chart, Qt::Key_Plus);
    QVERIFY(!isEnabled(ten.chart, Forward));
}

void SlotChartTest::actionsAreEnabledAsTheyApply()
{
    Ten ten;
    QVERIFY(isEnabled(ten.chart, ZoomIn));
    for (const ZoomAction action : {ZoomOut, All, Back, Forward})
        QVERIFY(!isEnabled(ten.chart, action));
    ten.chart.zoomActions().at(ZoomIn)->trigger();
    for (const ZoomAction action : {ZoomOut, All, Back})
        QVERIFY(isEnabled(ten.chart, action));
    QVERIFY(!isEnabled(ten.chart, Forward));
    ten.chart.zoomActions().at(All)->trigger();
    QCOMPARE(ten.chart.shownRange(), (SlotRange{0, 10}));
    QVERIFY(!isEnabled(ten.chart, All));
}

void SlotChartTest::toolTipsTellTheKeys()
{
    const Ten ten;
    for (const QAction* action : ten.chart.zoomActions()) {
        QVERIFY(!action->text().isEmpty());
        QVERIFY2(action->toolTip().contains('('), qPrintable(action->toolTip()));
    }
    QVERIFY(ten.chart.zoomActions().at(Back)->toolTip().contains("Alt+Left"));
}

void SlotChartTest::keysZoom()
{
    Ten ten;
    ten.chart.setSelection({2}); // slot 7
    const double before = ten.chart.positionOf(2).x();
    QTest::keyClick(&ten.chart, Qt::Key_Plus);
    QVERIFY(ten.width() < 10);
    QVERIFY(std::abs(ten.chart.positionOf(2).x() - before) < 1e-6);
    QTest::keyClick(&ten.chart, Qt::Key_Plus);
    const double close = ten.width();
    QTest::keyClick(&ten.chart, Qt::Key_Minus);
    QVERIFY(ten.width() > close);
    QTest::keyClick(&ten.chart, Qt::Key_Home);
    QCOMPARE(ten.width(), 10.0);
    QTest::keyClick(&ten.chart, Qt::Key_Plus);
    QTest::keyClick(&ten.chart, Qt::Key_0);
    QCOMPARE(ten.width(), 10.0);
}

QTEST_MAIN(SlotChartTest)
#include "tst_slot_chart.moc"
