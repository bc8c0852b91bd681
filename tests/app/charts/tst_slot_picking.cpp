// SPDX-License-Identifier: GPL-3.0-or-later
// Picking with mouse and keys, hover card and marks of all charts with classes along x.
#include <QtTest>

#include "app/charts/ten_classes.h"

using namespace monotail;
using namespace monotail::events;

class SlotPickingTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void clickPicks_data();
    void clickPicks();
    void clickOnTheMarginPicksNone();
    void shiftClickAddsTheStretch();
    void draggingPicksARange();
    void hiddenClassIsNotPicked();
    void escapeCancelsARange();
    void arrowsMoveThePickedClass();
    void arrowsScrollIntoView();
    void controlAPicksAll();
    void escapePicksNone();
    void hoverTellsTheClass();
    void hoverCardIsInsideAndNotUnderThePointer_data();
    void hoverCardIsInsideAndNotUnderThePointer();
    void hoverCardIsRefreshedWithNewData();
    void selectionIsMarked();
    void eventsOnTheViewportCountToo();
    void focusIsSeen();
};

void SlotPickingTest::initTestCase()
{
    qRegisterMetaType<Classes>();
    qRegisterMetaType<Pick>("monotail::Pick");
    qRegisterMetaType<SlotRange>("monotail::SlotRange");
}

void SlotPickingTest::clickPicks_data()
{
    QTest::addColumn<Qt::KeyboardModifiers>("modifiers");
    QTest::addColumn<Pick>("how");
    QTest::newRow("plain replaces") << Qt::KeyboardModifiers() << Pick::Replace;
    QTest::newRow("control toggles") << Qt::KeyboardModifiers(Qt::ControlModifier) << Pick::Toggle;
    QTest::newRow("shift adds") << Qt::KeyboardModifiers(Qt::ShiftModifier) << Pick::Add;
}

void SlotPickingTest::clickPicks()
{
    QFETCH(Qt::KeyboardModifiers, modifiers);
    QFETCH(Pick, how);
    Ten ten;
    QSignalSpy picks(&ten.chart, &SlotChart::picked);
    QTest::mouseClick(&ten.chart, Qt::LeftButton, modifiers, ten.chart.positionOf(6).toPoint());
    QCOMPARE(picks.size(), 1);
    QCOMPARE(pickedBy(picks), Classes{6});
    QCOMPARE(howPicked(picks), how);
}

void SlotPickingTest::clickOnTheMarginPicksNone()
{
    Ten ten;
    QSignalSpy picks(&ten.chart, &SlotChart::picked);
    QTest::mouseClick(&ten.chart, Qt::LeftButton, {}, QPoint(12, 350));
    QCOMPARE(picks.size(), 1);
    QCOMPARE(pickedBy(picks), Classes{});
    QCOMPARE(howPicked(picks), Pick::Replace);
}

void SlotPickingTest::shiftClickAddsTheStretch()
{
    Ten ten;
    QSignalSpy picks(&ten.chart, &SlotChart::picked);
    QTest::mouseClick(&ten.chart, Qt::LeftButton, {}, ten.chart.positionOf(7).toPoint());
    QTest::mouseClick(&ten.chart, Qt::LeftButton, Qt::ShiftModifier,
                      ten.chart.positionOf(4).toPoint());
    QCOMPARE(pickedBy(picks), (Classes{7, 6, 5, 4}));
    QCOMPARE(howPicked(picks), Pick::Add);
}

void SlotPickingTest::draggingPicksARange()
{
    Ten ten;
    QSignalSpy picks(&ten.chart, &SlotChart::picked);
    drag(ten.chart, ten.over(5), ten.over(3));
    QCOMPARE(picks.size(), 1);
    QCOMPARE(pickedBy(picks), (Classes{6, 5, 4}));
    QCOMPARE(howPicked(picks), Pick::Replace);
    drag(ten.chart, ten.over(0), ten.over(1), Qt::LeftButton, Qt::ShiftModifier);
    QCOMPARE(pickedBy(picks), (Classes{9, 8}));
    QCOMPARE(howPicked(picks), Pick::Add);
    // While it is dragged it is seen.
    const QPointF middle = ten.over(4) + QPointF(7, 2);
    const QColor before = colourAt(ten.chart, middle);
    QTest::mousePress(&ten.chart, Qt::LeftButton, {}, ten.over(3).toPoint());
    moveTo(ten.chart, ten.over(5), Qt::LeftButton);
    QVERIFY(!isNear(colourAt(ten.chart, middle), before));
    QTest::mouseRelease(&ten.chart, Qt::LeftButton, {}, ten.over(5).toPoint());
    moveTo(ten.chart, {2, 2});
    QVERIFY(isNear(colourAt(ten.chart, middle), before));
}

void SlotPickingTest::hiddenClassIsNotPicked()
{
    Ten ten;
    ten.chart.showRange({4, 7});
    QSignalSpy picks(&ten.chart, &SlotChart::picked);
    drag(ten.chart, ten.frame().plot.topLeft() + QPointF(1, 2),
         ten.frame().plot.topRight() + QPointF(60, 2));
    QCOMPARE(pickedBy(picks), (Classes{5, 4, 3}));
    for (double x = ten.frame().plot.left() + 1; x < ten.frame().plot.right(); x += 23) {
        QTest::mouseClick(&ten.chart, Qt::LeftButton, Qt::ControlModifier,
                          QPoint(int(x), int(ten.frame().plot.bottom()) - 2));
        if (!picks.isEmpty())
            QVERIFY(pickedBy(picks).size() != 1 ||
                    (pickedBy(picks)[0] >= 3 && pickedBy(picks)[0] <= 5));
    }
}

void SlotPickingTest::escapeCancelsARange()
{
    Ten ten;
    QSignalSpy picks(&ten.chart, &SlotChart::picked);
    QTest::mousePress(&ten.chart, Qt::LeftButton, {}, ten.over(3).toPoint());
    moveTo(ten.chart, ten.over(6), Qt::LeftButton);
    QTest::keyClick(&ten.chart, Qt::Key_Escape);
    QTest::mouseRelease(&ten.chart, Qt::LeftButton, {}, ten.over(6).toPoint());
    QCOMPARE(picks.size(), 0);
}

void SlotPickingTest::arrowsMoveThePickedClass()
{
    Ten ten;
    QSignalSpy picks(&ten.chart, &SlotChart::picked);
    ten.chart.setSelection({7}); // slot 2
    QTest::keyClick(&ten.chart, Qt::Key_Right);
    QCOMPARE(pickedBy(picks), Classes{6});
    QTest::keyClick(&ten.chart, Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(pickedBy(picks), Classes{5});
    QCOMPARE(howPicked(picks), Pick::Add);
    QTest::keyClick(&ten.chart, Qt::Key_Left);
    QCOMPARE(pickedBy(picks), Classes{6});
    QCOMPARE(howPicked(picks), Pick::Replace);
    for (int i = 0; i < 15; ++i)
        QTest::keyClick(&ten.chart, Qt::Key_Left);
    QCOMPARE(pickedBy(picks), Classes{9});
}

void SlotPickingTest::arrowsScrollIntoView()
{
    Ten ten(200);
    ten.chart.setHoverText([](std::int64_t) { return QString("card"); });
    ten.chart.showRange({50, 60});
    QSignalSpy ranges(&ten.chart, &SlotChart::rangeChanged);
    ten.chart.setSelection({199 - 59});
    for (int i = 0; i < 3; ++i)
        QTest::keyClick(&ten.chart, Qt::Key_Right);
    QVERIFY(ten.frame().plot.contains(ten.chart.positionOf(199 - 62)));
    QVERIFY(std::abs(ten.width() - 10) < 1e-6);
    QVERIFY(!ranges.isEmpty());
    QVERIFY(!ChartProbe::card(ten.chart).isEmpty());
}

void SlotPickingTest::controlAPicksAll()
{
    Ten ten;
    QSignalSpy picks(&ten.chart, &SlotChart::picked);
    QTest::keyClick(&ten.chart, Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(pickedBy(picks).size(), std::size_t{10});
}

void SlotPickingTest::escapePicksNone()
{
    Ten ten;
    QSignalSpy picks(&ten.chart, &SlotChart::picked);
    QTest::keyClick(&ten.chart, Qt::Key_Escape);
    QCOMPARE(pickedBy(picks), Classes{});
}

void SlotPickingTest::hoverTellsTheClass()
{
    Ten ten;
    QSignalSpy hovers(&ten.chart, &SlotChart::hovered);
    moveTo(ten.chart, ten.chart.positionOf(3));
    moveTo(ten.chart, ten.chart.positionOf(3) + QPointF(1, 0));
    QCOMPARE(hovers.size(), 1);
    QCOMPARE(hovers.last().at(0).toLongLong(), 3);
    moveTo(ten.chart, {2, 2});
    QCOMPARE(hovers.last().at(0).toLongLong(), -1);
    QVERIFY(ChartProbe::card(ten.chart).isEmpty());
}

void SlotPickingTest::hoverCardIsInsideAndNotUnderThePointer_data()
{
    QTest::addColumn<QSize>("size");
    QTest::addColumn<int>("classes");
    for (const QSize size : {QSize(400, 220), QSize(900, 400), QSize(2560, 1440)})
        for (const int classes : {2, 10, 8142})
            QTest::addRow("%d classes at %d x %d", classes, size.width(), size.height())
                << size << classes;
}

void SlotPickingTest::hoverCardIsInsideAndNotUnderThePointer()
{
    QFETCH(QSize, size);
    QFETCH(int, classes);
    NormChart chart;
    chart.resize(size);
    chart.setData(sample::norms(static_cast<std::size_t>(classes)));
    chart.setHoverText([](std::int64_t) {
        return QString("<b>a class of some name</b><br>12 images<br>norm 1.234, after 1.111<br>"
                       "accuracy 34.5 %, after 56.7 %");
    });
    const QRectF plot = ChartProbe::frame(chart).plot;
    for (double x = plot.left() + 1; x < plot.right(); x += plot.width() / 13) {
        for (double y = plot.top() + 1; y < plot.bottom(); y += plot.height() / 7) {
            moveTo(chart, {x, y});
            const QRectF card = ChartProbe::card(chart);
            QVERIFY(!card.isEmpty());
            QVERIFY(QRectF(chart.rect()).contains(card));
            QVERIFY2(!card.contains(QPointF(x, y)), qPrintable(QString("%1, %2").arg(x).arg(y)));
        }
    }
}

void SlotPickingTest::hoverCardIsRefreshedWithNewData()
{
    Ten ten;
    QString text = "short";
    ten.chart.setHoverText([&](std::int64_t) { return text; });
    moveTo(ten.chart, ten.chart.positionOf(3));
    const QRectF before = ChartProbe::card(ten.chart);
    text = "much longer than it was";
    ten.chart.setData(sample::norms(10, 2));
    QVERIFY(ChartProbe::card(ten.chart).width() > before.width() + 20);
}

void SlotPickingTest::selectionIsMarked()
{
    Ten ten(8142);
    ten.chart.showRange({0, 8142});
    const QPointF at(ten.chart.positionOf(4000).x(), ten.frame().plot.top() + 2);
    const QColor before = colourAt(ten.chart, at);
    Classes chosen;
    for (std::int64_t classIndex = 3000; classIndex < 7000; ++classIndex)
        chosen.push_back(classIndex);
    ten.chart.setSelection(chosen);
    QCOMPARE(ten.chart.selection(), chosen);
    QVERIFY(!isNear(colourAt(ten.chart, at), before));
    ten.chart.setSelection({5});
    QVERIFY(isNear(colourAt(ten.chart, at), before));
    // A ring and a mark for a single one, classes that are not here do no harm.
    const QPointF one = ten.chart.positionOf(5);
    QVERIFY(!isNear(colourAt(ten.chart, {one.x(), ten.frame().plot.top() + 2}), before));
    ten.chart.setSelection({99999, -4});
    QVERIFY(isNear(colourAt(ten.chart, at), before));
}

void SlotPickingTest::eventsOnTheViewportCountToo()
{
    Ten ten;
    auto* view = ten.chart.findChild<QAbstractScrollArea*>();
    QVERIFY(view);
    QSignalSpy picks(&ten.chart, &SlotChart::picked);
    QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, ten.chart.positionOf(6).toPoint());
    QCOMPARE(picks.size(), 1);
    QCOMPARE(pickedBy(picks), Classes{6});
}

void SlotPickingTest::focusIsSeen()
{
    Ten ten;
    ten.chart.setHoverText([](std::int64_t) { return QString("card"); });
    QFocusEvent in(QEvent::FocusIn), out(QEvent::FocusOut);
    QApplication::sendEvent(&ten.chart, &out);
    const QColor before = colourAt(ten.chart, {1, 200});
    QApplication::sendEvent(&ten.chart, &in);
    const QColor focused = colourAt(ten.chart, {1, 200});
    QVERIFY(!isNear(focused, before, 40));
    QTest::keyClick(&ten.chart, Qt::Key_Right);
    QVERIFY(!ChartProbe::card(ten.chart).isEmpty());
    QApplication::sendEvent(&ten.chart, &out);
    QCOMPARE(colourAt(ten.chart, {1, 200}), before);
    QVERIFY(ChartProbe::card(ten.chart).isEmpty());
}

QTEST_MAIN(SlotPickingTest)
#include "tst_slot_picking.moc"
