// SPDX-License-Identifier: GPL-3.0-or-later
// What stretch of classes is shown, alone and in linked charts, and where classes lie in it.
#include <QtTest>

#include "app/charts/ten_classes.h"

using namespace monotail;
using namespace monotail::events;

class SlotRangeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void doubleClickLeavesTheSelection();
    void initTestCase();
    void showRangeMakesNoHistoryAndNoSignal();
    void linkedChartsShowTheSame_data();
    void linkedChartsShowTheSame();
    void rangeSurvivesNewDataOfTheSameClasses();
    void otherClassesShowAll();
    void positionOfIsOutsideWhenNotInView();
    void nothingShownNothingBreaks();
    void placesAndSlotsAreInverse();
};

void SlotRangeTest::initTestCase()
{
    qRegisterMetaType<Classes>();
    qRegisterMetaType<Pick>("monotail::Pick");
    qRegisterMetaType<SlotRange>("monotail::SlotRange");
}

void SlotRangeTest::showRangeMakesNoHistoryAndNoSignal()
{
    Ten ten;
    QSignalSpy ranges(&ten.chart, &SlotChart::rangeChanged);
    ten.chart.showRange({2, 5});
    QCOMPARE(ten.chart.shownRange(), (SlotRange{2, 5}));
    QCOMPARE(ranges.size(), 0);
    QVERIFY(!isEnabled(ten.chart, Back));
    ten.chart.showRange({-5, 500});
    QCOMPARE(ten.chart.shownRange(), (SlotRange{0, 10}));
    ten.chart.showRange({std::nan(""), 4});
    QCOMPARE(ten.chart.shownRange(), (SlotRange{0, 10}));
}

void SlotRangeTest::linkedChartsShowTheSame_data()
{
    QTest::addColumn<XAxis>("axis");
    QTest::newRow("position") << XAxis::Position;
    QTest::newRow("log frequency") << XAxis::LogFrequency;
}

void SlotRangeTest::linkedChartsShowTheSame()
{
    QFETCH(XAxis, axis);
    NormChart upper;
    BeforeAfterChart lower;
    upper.resize(900, 400);
    lower.resize(900, 250);
    upper.setData(sample::norms(1000));
    lower.setData(sample::accuracies(1000));
    upper.setXAxis(axis);
    lower.setXAxis(axis);
    connect(&upper, &SlotChart::rangeChanged, &lower, &SlotChart::showRange);
    connect(&lower, &SlotChart::rangeChanged, &upper, &SlotChart::showRange);
    for (const double x : {300.0, 700.0, 150.0}) {
        wheel(upper, {x, 100}, 2, 100);
        drag(lower, {x, 100}, {x + 40, 100}, Qt::MiddleButton);
        QCOMPARE(upper.shownRange(), lower.shownRange());
        QVERIFY(upper.shownRange() != (SlotRange{0, 1000}));
        QCOMPARE(ChartProbe::frame(upper).plot.left(), ChartProbe::frame(lower).plot.left());
        QCOMPARE(ChartProbe::frame(upper).plot.right(), ChartProbe::frame(lower).plot.right());
        for (const std::int64_t classIndex : {0, 333, 999}) {
            if (upper.rect().contains(upper.positionOf(classIndex).toPoint()))
                QCOMPARE(upper.positionOf(classIndex).x(), lower.positionOf(classIndex).x());
        }
    }
}

void SlotRangeTest::rangeSurvivesNewDataOfTheSameClasses()
{
    Ten ten;
    QTest::keyClick(&ten.chart, Qt::Key_Plus);
    const SlotRange zoomed = ten.chart.shownRange();
    NormChartData data = sample::norms(10);
    data.after.clear();
    ten.chart.setData(data);
    QCOMPARE(ten.chart.shownRange(), zoomed);
    QVERIFY(isEnabled(ten.chart, Back));
    ten.chart.setXAxis(XAxis::LogFrequency);
    QCOMPARE(ten.chart.shownRange(), zoomed);
}

void SlotRangeTest::otherClassesShowAll()
{
    Ten ten;
    QTest::keyClick(&ten.chart, Qt::Key_Plus);
    ten.chart.setData(sample::norms(12));
    QCOMPARE(ten.chart.shownRange(), (SlotRange{0, 12}));
    QVERIFY(!isEnabled(ten.chart, Back));
}

void SlotRangeTest::positionOfIsOutsideWhenNotInView()
{
    Ten ten;
    ten.chart.showRange({4, 7});
    for (const std::int64_t classIndex : {9, 6, 2, 0, 77})
        QVERIFY(!ten.chart.rect().contains(ten.chart.positionOf(classIndex).toPoint()));
    for (const std::int64_t classIndex : {5, 4, 3})
        QVERIFY(ten.frame().plot.contains(ten.chart.positionOf(classIndex)));
}

void SlotRangeTest::nothingShownNothingBreaks()
{
    NormChart norms;
    BeforeAfterChart accuracies;
    for (SlotChart* chart :
         {static_cast<SlotChart*>(&norms), static_cast<SlotChart*>(&accuracies)}) {
        chart->resize(600, 300);
        chart->show();
        QSignalSpy picks(chart, &SlotChart::picked);
        wheel(*chart, {300, 150}, 3, 100);
        QTest::mouseClick(chart, Qt::LeftButton, {}, QPoint(300, 150));
        drag(*chart, {200, 150}, {400, 150});
        drag(*chart, {200, 150}, {400, 150}, Qt::MiddleButton);
        for (const auto key : {Qt::Key_Left, Qt::Key_Right, Qt::Key_Plus, Qt::Key_Home})
            QTest::keyClick(chart, key);
        QTest::keyClick(chart, Qt::Key_A, Qt::ControlModifier);
        moveTo(*chart, {300, 150});
        QVERIFY(!chart->grab().isNull());
        QCOMPARE(picks.size(), 0);
        QVERIFY(ChartProbe::labels(*chart).empty());
    }
}

void SlotRangeTest::placesAndSlotsAreInverse()
{
    Slots classes = sample::classes(500, 300, 300);
    for (std::size_t slot = 450; slot < 500; ++slot)
        classes.counts[slot] = 0;
    std::swap(classes.counts[3], classes.counts[200]); // not in order of counts
    for (const XAxis axis : {XAxis::Position, XAxis::LogFrequency}) {
        const SlotAxis places(classes, axis);
        QCOMPARE(places.kind(), axis);
        double last = -1e9;
        for (double slot = 0; slot <= 500; slot += 0.7) {
            QVERIFY(places.placeOf(slot) > last);
            last = places.placeOf(slot);
            QVERIFY(std::abs(places.slotOf(last) - slot) < 1e-6);
        }
    }
    const SlotAxis log(classes, XAxis::LogFrequency);
    QVERIFY(std::abs(log.centre(0)) < 1e-12);
    QCOMPARE(log.centre(450), log.absentPlace());
    QVERIFY(log.absentPlace() > log.placeOfCount(1));
    QCOMPARE(SlotAxis(Slots{classes.classOf, classes.names, {}, {}}, XAxis::LogFrequency).kind(),
             XAxis::Position);
}

void SlotRangeTest::doubleClickLeavesTheSelection()
{
    Ten ten;
    connect(&ten.chart, &SlotChart::picked, &ten.chart,
            [&](const Classes& classes, Pick) { ten.chart.setSelection(classes); });
    ten.chart.setSelection({2, 3, 4});
    ten.chart.showRange({2, 6});
    const QPoint at = ten.chart.positionOf(6).toPoint();
    QTest::mouseClick(&ten.chart, Qt::LeftButton, {}, at);
    QCOMPARE(ten.chart.selection(), Classes{6});
    QMouseEvent again(QEvent::MouseButtonDblClick, at, ten.chart.mapToGlobal(at), Qt::LeftButton,
                      Qt::LeftButton, {});
    QApplication::sendEvent(&ten.chart, &again);
    QTest::mouseRelease(&ten.chart, Qt::LeftButton, {}, at);
    QCOMPARE(ten.chart.selection(), (Classes{2, 3, 4}));
    QCOMPARE(ten.chart.shownRange(), (SlotRange{0, 10}));
}

QTEST_MAIN(SlotRangeTest)
#include "tst_slot_range.moc"
