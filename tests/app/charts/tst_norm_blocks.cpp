// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done with the norm chart's blocks: picked, and dragged by their levels.
#include <QtTest>

#include "app/charts/norm_blocks.h"

using namespace monotail;
using namespace monotail::events;

namespace {

/// What a window does while a level is dragged.
void followDrags(Blocks& blocks)
{
    const auto follow = [&blocks](int block, double level) {
        ChartBlock& changed = blocks.data.blocks[static_cast<std::size_t>(block)];
        changed.value = level;
        for (auto slot = changed.begin; slot < changed.end; ++slot)
            blocks.data.after[static_cast<std::size_t>(slot)] = level;
        blocks.chart.setData(blocks.data);
    };
    QObject::connect(&blocks.chart, &NormChart::levelDragged, &blocks.chart, follow);
}

} // namespace

class NormBlocksTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void clickOnABandPicksTheBlock();
    void clickOnASingleBlocksLevelPicksIt();
    void clickNearAPointPicksTheClass();
    void clickElsewherePicksTheSlot();
    void pressOnALevelWithoutMovingDragsNothing();
    void draggingALevelTellsItsValue_data();
    void draggingALevelTellsItsValue();
    void draggedLevelsArePositiveAndFinite();
    void escapeEndsADragAtTheOldLevel();
    void draggingWhileDataChanges();
    void jigglingAtTheEdgeLeavesTheLevelWhereItWas();
    void draggedValueOfOneClassIsPrinted();
    void cursorTellsWhatCanBeDragged();
};

void NormBlocksTest::initTestCase()
{
    qRegisterMetaType<Classes>();
    qRegisterMetaType<Pick>("monotail::Pick");
}

void NormBlocksTest::clickOnABandPicksTheBlock()
{
    Blocks blocks;
    QSignalSpy picked(&blocks.chart, &NormChart::blockPicked);
    QSignalSpy classes(&blocks.chart, &SlotChart::picked);
    const QPoint at(int(blocks.blockMiddle(1)) + 40, int(blocks.frame().plot.bottom()) - 5);
    QTest::mouseClick(&blocks.chart, Qt::LeftButton, Qt::ControlModifier, at);
    QCOMPARE(picked.size(), 1);
    QCOMPARE(picked.last().at(0).toInt(), 1);
    QCOMPARE(picked.last().at(1).value<Pick>(), Pick::Toggle);
    QCOMPARE(classes.size(), 0);
}

void NormBlocksTest::clickOnASingleBlocksLevelPicksIt()
{
    Blocks blocks;
    QSignalSpy picked(&blocks.chart, &NormChart::blockPicked);
    QTest::mouseClick(&blocks.chart, Qt::LeftButton, {}, blocks.onLevel(3).toPoint());
    QCOMPARE(picked.size(), 1);
    QCOMPARE(picked.last().at(0).toInt(), 3);
}

void NormBlocksTest::clickNearAPointPicksTheClass()
{
    Blocks blocks;
    QSignalSpy picked(&blocks.chart, &NormChart::blockPicked);
    QSignalSpy classes(&blocks.chart, &SlotChart::picked);
    QTest::mouseClick(&blocks.chart, Qt::LeftButton, {},
                      (blocks.chart.positionOf(5) + QPointF(4, 3)).toPoint());
    QCOMPARE(picked.size(), 0);
    QCOMPARE(pickedBy(classes), Classes{5});
}

void NormBlocksTest::clickElsewherePicksTheSlot()
{
    Blocks blocks;
    blocks.data.blocks.clear();
    blocks.chart.setData(blocks.data);
    QSignalSpy classes(&blocks.chart, &SlotChart::picked);
    QTest::mouseClick(&blocks.chart, Qt::LeftButton, {},
                      QPoint(int(blocks.frame().x(2.3)), int(blocks.frame().plot.bottom()) - 5));
    QCOMPARE(pickedBy(classes), Classes{7});
}

void NormBlocksTest::pressOnALevelWithoutMovingDragsNothing()
{
    Blocks blocks;
    QSignalSpy started(&blocks.chart, &NormChart::levelDragStarted);
    QSignalSpy ended(&blocks.chart, &NormChart::levelDragEnded);
    QSignalSpy picked(&blocks.chart, &NormChart::blockPicked);
    QTest::mouseClick(&blocks.chart, Qt::LeftButton, {}, blocks.onLevel(1).toPoint());
    QCOMPARE(started.size() + ended.size(), 0);
    QCOMPARE(picked.size(), 1);
}

void NormBlocksTest::draggingALevelTellsItsValue_data()
{
    QTest::addColumn<int>("block");
    QTest::addColumn<double>("off"); // pixels from the level at the press
    QTest::newRow("a pooled block") << 1 << 0.0;
    QTest::newRow("a block of one class") << 3 << 0.0;
    QTest::newRow("pressed a little off") << 0 << 4.0;
}

void NormBlocksTest::draggingALevelTellsItsValue()
{
    QFETCH(int, block);
    QFETCH(double, off);
    Blocks blocks;
    const auto index = static_cast<std::size_t>(block);
    QSignalSpy started(&blocks.chart, &NormChart::levelDragStarted);
    QSignalSpy moved(&blocks.chart, &NormChart::levelDragged);
    QSignalSpy ended(&blocks.chart, &NormChart::levelDragEnded);
    QSignalSpy classes(&blocks.chart, &SlotChart::picked);
    const QPointF from = (blocks.onLevel(index) + QPointF(2, off)).toPoint();
    drag(blocks.chart, from, from - QPointF(0, 40));
    QCOMPARE(started.size(), 1);
    QCOMPARE(ended.size(), 1);
    QCOMPARE(started.last().at(0).toInt(), block);
    QVERIFY(moved.size() >= 3);
    const double level = moved.last().at(1).toDouble();
    const double expected = blocks.frame().valueAt(blocks.levelY(index) - 40);
    QVERIFY(std::abs(level - expected) < 1e-6);
    QCOMPARE(classes.size(), 0);
}

void NormBlocksTest::draggedLevelsArePositiveAndFinite()
{
    Blocks blocks;
    QSignalSpy moved(&blocks.chart, &NormChart::levelDragged);
    const QPointF from = blocks.onLevel(3) + QPointF(2, 0);
    drag(blocks.chart, from, from + QPointF(0, 5000));
    drag(blocks.chart, from, from - QPointF(0, 5000));
    QVERIFY(moved.size() >= 6);
    for (const QList<QVariant>& move : moved) {
        QVERIFY(move.at(1).toDouble() > 0);
        QVERIFY(std::isfinite(move.at(1).toDouble()));
    }
}

void NormBlocksTest::escapeEndsADragAtTheOldLevel()
{
    Blocks blocks;
    QSignalSpy moved(&blocks.chart, &NormChart::levelDragged);
    QSignalSpy ended(&blocks.chart, &NormChart::levelDragEnded);
    QSignalSpy classes(&blocks.chart, &SlotChart::picked);
    const QPointF from = blocks.onLevel(1);
    QTest::mousePress(&blocks.chart, Qt::LeftButton, {}, from.toPoint());
    moveTo(blocks.chart, from + QPointF(0, 30), Qt::LeftButton);
    QVERIFY(moved.last().at(1).toDouble() < blocks.data.blocks[1].value);
    QTest::keyClick(&blocks.chart, Qt::Key_Escape);
    QCOMPARE(moved.last().at(1).toDouble(), blocks.data.blocks[1].value);
    QCOMPARE(ended.size(), 1);
    const qsizetype moves = moved.size();
    moveTo(blocks.chart, from + QPointF(0, 50), Qt::LeftButton);
    QTest::mouseRelease(&blocks.chart, Qt::LeftButton, {}, from.toPoint());
    QCOMPARE(moved.size(), moves);
    QCOMPARE(ended.size(), 1);
    QCOMPARE(classes.size(), 0);
}

void NormBlocksTest::draggingWhileDataChanges()
{
    Blocks blocks;
    followDrags(blocks);
    // Beyond the top the scale grows; a pixel stays worth what it was at the press.
    const QPointF from = blocks.onLevel(1);
    QTest::mousePress(&blocks.chart, Qt::LeftButton, {}, from.toPoint());
    const double highest = blocks.frame().values.high;
    const double perPixel = (highest - blocks.frame().values.low) / blocks.frame().plot.height();
    for (int i = 0; i < 3; ++i)
        moveTo(blocks.chart, {from.x(), 2}, Qt::LeftButton);
    QVERIFY(blocks.data.blocks[1].value > highest);
    const double before = sample::norms(10, 3).blocks[1].value;
    moveTo(blocks.chart, from.toPoint() - QPointF(0, 10), Qt::LeftButton);
    QVERIFY(std::abs(blocks.data.blocks[1].value - before - 10 * perPixel) < 1e-9);
    QTest::mouseRelease(&blocks.chart, Qt::LeftButton, {}, QPoint(int(from.x()), 200));
    QVERIFY(blocks.frame().plot.contains(QPointF(from.x(), blocks.levelY(1))));
}

void NormBlocksTest::jigglingAtTheEdgeLeavesTheLevelWhereItWas()
{
    Blocks blocks;
    followDrags(blocks);
    const QPointF from = blocks.onLevel(1).toPoint();
    const QPointF edge(from.x(), blocks.frame().plot.top() + 1);
    QTest::mousePress(&blocks.chart, Qt::LeftButton, {}, from.toPoint());
    moveTo(blocks.chart, edge, Qt::LeftButton);
    const double level = blocks.data.blocks[1].value;
    for (int i = 0; i < 20; ++i)
        moveTo(blocks.chart, edge + QPointF(0, i % 2 == 0 ? -1 : 0), Qt::LeftButton);
    QCOMPARE(blocks.data.blocks[1].value, level);
    QTest::mouseRelease(&blocks.chart, Qt::LeftButton, {}, edge.toPoint());
}

void NormBlocksTest::draggedValueOfOneClassIsPrinted()
{
    Blocks blocks;
    followDrags(blocks);
    const auto bold = [&] {
        const auto labels = ChartProbe::labels(blocks.chart);
        return std::count_if(labels.begin(), labels.end(),
                             [](const Label& label) { return label.tone == Label::Tone::Bold; });
    };
    const auto printed = bold();
    const QPointF from = blocks.onLevel(3).toPoint() + QPointF(2, 0);
    QTest::mousePress(&blocks.chart, Qt::LeftButton, {}, from.toPoint());
    moveTo(blocks.chart, from - QPointF(0, 20), Qt::LeftButton);
    QCOMPARE(bold(), printed + 1);
    QTest::mouseRelease(&blocks.chart, Qt::LeftButton, {}, from.toPoint());
    QCOMPARE(bold(), printed);
}

void NormBlocksTest::cursorTellsWhatCanBeDragged()
{
    Blocks blocks;
    moveTo(blocks.chart, blocks.onLevel(1) + QPointF(0, 3));
    QCOMPARE(blocks.chart.cursor().shape(), Qt::SizeVerCursor);
    moveTo(blocks.chart, blocks.onLevel(1) + QPointF(0, 25));
    QCOMPARE(blocks.chart.cursor().shape(), Qt::ArrowCursor);
}

QTEST_MAIN(NormBlocksTest)
#include "tst_norm_blocks.moc"
