// SPDX-License-Identifier: GPL-3.0-or-later
// The picture of the norm chart.
#include <QtTest>

#include "app/charts/norm_blocks.h"

using namespace monotail;
using namespace monotail::events;

namespace {

QPalette darkPalette()
{
    QPalette palette;
    palette.setColor(QPalette::Base, QColor(30, 31, 34));
    palette.setColor(QPalette::Text, QColor(220, 220, 220));
    return palette;
}

} // namespace

class NormChartTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void afterOfManyLevelsIsDrawnAsPoints();
    void firstPointIsWhole();
    void initTestCase();
    void pointsHaveTheColourOfBefore();
    void stepLineHasTheColourOfAfter();
    void bandsAreTintedAndSingleClassesAreNot();
    void countsAreAnArea();
    void absentClassesHaveNoCountsArea();
    void darkPaletteDrawsDark();
    void valuesArePrintedAtTheirLevels();
    void nearlyEqualNormsAreDrawnLevel();
    void pointsAreNotCut_data();
    void pointsAreNotCut();
    void oddDataIsDrawn_data();
    void oddDataIsDrawn();
    void equalCountsShareX();
    void accessibleNamesAreSet();
};

void NormChartTest::initTestCase()
{
    qRegisterMetaType<Classes>();
    qRegisterMetaType<Pick>("monotail::Pick");
}

void NormChartTest::pointsHaveTheColourOfBefore()
{
    Blocks blocks;
    const QImage image = blocks.chart.grab().toImage();
    for (const std::int64_t classIndex : blocks.data.classes.classOf) {
        const QPoint at = blocks.chart.positionOf(classIndex).toPoint();
        QVERIFY(isNear(image.pixelColor(at), themeOf(blocks.chart.palette()).before));
    }
    // A class moved by new data leaves no point behind.
    const QPointF before = blocks.chart.positionOf(9);
    blocks.data.before[0] = 1.2;
    blocks.chart.setData(blocks.data);
    QVERIFY(blocks.chart.positionOf(9).y() > before.y() + 20);
    QVERIFY(isNear(colourAt(blocks.chart, blocks.chart.positionOf(9)),
                   themeOf(blocks.chart.palette()).before));
}

void NormChartTest::stepLineHasTheColourOfAfter()
{
    Blocks blocks;
    const QColor after = themeOf(blocks.chart.palette()).after;
    QVERIFY(isNear(colourAt(blocks.chart, blocks.onLevel(1)), after));
    QVERIFY(isNear(colourAt(blocks.chart, blocks.onLevel(3)), after));
    // Without a line the level is dashed: some of it is drawn, some is not.
    blocks.data.after.clear();
    blocks.chart.setData(blocks.data);
    const QImage image = blocks.chart.grab().toImage();
    const int y = static_cast<int>(blocks.onLevel(1).y());
    int drawn = 0, open = 0;
    for (int x = int(blocks.onLevel(1).x()); x < int(blocks.onLevel(1).x()) + 24; ++x)
        (isNear(image.pixelColor(x, y), after) ? drawn : open)++;
    QVERIFY(drawn > 4 && open > 4);
}

void NormChartTest::bandsAreTintedAndSingleClassesAreNot()
{
    Blocks blocks;
    blocks.data.classes.counts.clear();
    blocks.chart.setData(blocks.data);
    const double y = blocks.frame().plot.bottom() - 4;
    const QColor background = themeOf(blocks.chart.palette()).background;
    const QColor band = colourAt(blocks.chart, {blocks.blockMiddle(1) + 9, y});
    QVERIFY(band != background);
    QVERIFY(band.red() > band.blue()); // of the colour after
    QCOMPARE(colourAt(blocks.chart, {blocks.blockMiddle(3) + 9, y}), background);
    QVERIFY(band != colourAt(blocks.chart, {blocks.blockMiddle(2) + 9, y})); // neighbours differ
}

void NormChartTest::countsAreAnArea()
{
    Blocks blocks;
    const QColor counts = themeOf(blocks.chart.palette()).counts;
    const double x = blocks.blockMiddle(3) + 9;
    const double top = blocks.frame().countY(blocks.data.classes.counts[9]);
    QCOMPARE(colourAt(blocks.chart, {x, top + 3}), counts);
    QVERIFY(colourAt(blocks.chart, {x, top - 3}) != counts);
}

void NormChartTest::absentClassesHaveNoCountsArea()
{
    Blocks blocks;
    blocks.data.classes.counts[9] = 0;
    blocks.data.blocks.clear();
    blocks.chart.setData(blocks.data);
    QCOMPARE(blocks.frame().countY(0), blocks.frame().plot.bottom());
    QCOMPARE(blocks.frame().decades, 3);
    QVERIFY(colourAt(blocks.chart, {blocks.frame().x(9.9), blocks.frame().plot.bottom() - 2}) !=
            themeOf(blocks.chart.palette()).counts);
}

void NormChartTest::darkPaletteDrawsDark()
{
    Blocks blocks;
    const QPointF corner(4, 390);
    QVERIFY(colourAt(blocks.chart, corner).lightness() > 200);
    blocks.chart.setPalette(darkPalette());
    QCOMPARE(colourAt(blocks.chart, corner), QColor(30, 31, 34));
    QVERIFY(colourAt(blocks.chart, {blocks.blockMiddle(3) + 9, blocks.frame().plot.top() + 30})
                .lightness() < 60);
    QVERIFY(
        isNear(colourAt(blocks.chart, blocks.chart.positionOf(4)), themeOf(darkPalette()).before));
}

void NormChartTest::valuesArePrintedAtTheirLevels()
{
    Blocks blocks;
    const auto labels = ChartProbe::labels(blocks.chart);
    const QImage image = blocks.chart.grab().toImage();
    for (std::size_t block = 0; block < 3; ++block) {
        const QString value = QString::number(blocks.data.blocks[block].value, 'f', 3);
        const auto it = std::find_if(labels.begin(), labels.end(),
                                     [&](const Label& label) { return label.text == value; });
        QVERIFY2(it != labels.end(), qPrintable(value));
        QVERIFY(std::abs(it->at.y() - blocks.levelY(block)) < 20);
        // Dark pixels there: it is not only laid out.
        const QRect box = it->box.translated(it->at).toAlignedRect();
        int dark = 0;
        for (int x = box.left(); x <= box.right(); ++x)
            dark += image.pixelColor(x, box.center().y()).lightness() < 90 ? 1 : 0;
        QVERIFY2(dark >= 4, qPrintable(value));
    }
}

void NormChartTest::nearlyEqualNormsAreDrawnLevel()
{
    Blocks blocks;
    for (std::size_t slot = 0; slot < 10; ++slot)
        blocks.data.before[slot] = 1 + 1e-6 * sample::noise(slot);
    blocks.data.after.clear();
    blocks.data.blocks.clear();
    blocks.chart.setData(blocks.data);
    for (const std::int64_t classIndex : blocks.data.classes.classOf)
        QVERIFY(std::abs(blocks.chart.positionOf(classIndex).y() - blocks.chart.positionOf(0).y()) <
                1);
}

void NormChartTest::pointsAreNotCut_data()
{
    QTest::addColumn<QSize>("size");
    QTest::newRow("small") << QSize(400, 220);
    QTest::newRow("large") << QSize(2000, 1000);
}

void NormChartTest::pointsAreNotCut()
{
    QFETCH(QSize, size);
    Blocks blocks;
    blocks.chart.resize(size);
    const QRectF plot = blocks.frame().plot;
    for (const std::int64_t classIndex : blocks.data.classes.classOf) {
        const QPointF at = blocks.chart.positionOf(classIndex);
        QVERIFY(plot.adjusted(0, 6, 0, -6).contains(at));
    }
}

void NormChartTest::oddDataIsDrawn_data()
{
    QTest::addColumn<int>("classes");
    QTest::addColumn<double>("norm"); // of the first class
    QTest::addColumn<double>("others");
    const double nan = std::nan("");
    QTest::newRow("one class") << 1 << 2.0 << 2.0;
    QTest::newRow("two classes") << 2 << 2.0 << 1.0;
    QTest::newRow("all equal") << 10 << 1.0 << 1.0;
    QTest::newRow("all zero") << 10 << 0.0 << 0.0;
    QTest::newRow("one not a number") << 10 << nan << 1.0;
    QTest::newRow("none a number") << 10 << nan << nan;
    QTest::newRow("infinite") << 10 << double(INFINITY) << 1.0;
    QTest::newRow("tiny") << 10 << 1e-12 << 3e-12;
    QTest::newRow("huge") << 10 << 1e12 << 3e12;
    QTest::newRow("many equal") << 8142 << 1.0 << 1.0;
}

void NormChartTest::oddDataIsDrawn()
{
    QFETCH(int, classes);
    QFETCH(double, norm);
    QFETCH(double, others);
    NormChartData data = sample::norms(static_cast<std::size_t>(classes));
    data.before.assign(data.before.size(), others);
    data.before[0] = norm;
    data.after = data.before;
    data.blocks[0].value = norm;
    data.blocks.push_back({-3, 99999, 1});
    data.classes.counts.assign(data.classes.counts.size(), 0);
    NormChart chart;
    chart.resize(500, 300);
    chart.setData(data);
    for (const XAxis axis : {XAxis::Position, XAxis::LogFrequency}) {
        chart.setXAxis(axis);
        QVERIFY(!chart.grab().isNull());
        const std::int64_t last = data.classes.classOf.back();
        if (std::isfinite(others))
            QVERIFY(ChartProbe::frame(chart).plot.contains(chart.positionOf(last)));
        moveTo(chart, {200, 100});
        wheel(chart, {200, 100}, 3, 100);
        QVERIFY(!chart.grab().isNull());
    }
}

void NormChartTest::equalCountsShareX()
{
    Blocks blocks;
    blocks.data.classes.counts = {500, 100, 100, 100, 20, 20, 5, 5, 5, 5};
    blocks.chart.setData(blocks.data);
    blocks.chart.setXAxis(XAxis::LogFrequency);
    QCOMPARE(blocks.chart.positionOf(8).x(), blocks.chart.positionOf(6).x());
    QCOMPARE(blocks.chart.positionOf(3).x(), blocks.chart.positionOf(0).x());
    QVERIFY(blocks.chart.positionOf(9).x() < blocks.chart.positionOf(8).x());
    const double decade = blocks.chart.positionOf(0).x() - blocks.chart.positionOf(9).x();
    const double some = blocks.chart.positionOf(8).x() - blocks.chart.positionOf(9).x();
    QVERIFY(std::abs(some / decade - std::log10(5.0) / 2) < 1e-6);
    QCOMPARE(blocks.frame().decades, 0); // no area of counts
}

void NormChartTest::accessibleNamesAreSet()
{
    const NormChart chart;
    QVERIFY(!chart.accessibleName().isEmpty());
    QVERIFY(!chart.accessibleDescription().isEmpty());
    QCOMPARE(chart.focusPolicy(), Qt::StrongFocus);
}

void NormChartTest::afterOfManyLevelsIsDrawnAsPoints()
{
    NormChartData data = sample::norms(1000);
    NormChart chart;
    chart.resize(900, 400);
    const auto orange = [&] {
        chart.setData(data);
        const QImage image = chart.grab(ChartProbe::frame(chart).plot.toAlignedRect()).toImage();
        const QColor after = themeOf(chart.palette()).after;
        int count = 0;
        for (int x = 0; x < image.width(); ++x)
            for (int y = 0; y < image.height(); ++y)
                count += events::isNear(image.pixelColor(x, y), after) ? 1 : 0;
        return count;
    };
    for (std::size_t slot = 0; slot < 1000; ++slot) // under the points before, up and down
        data.after[slot] = 1 + 0.2 * sample::noise(slot + 5);
    for (const XAxis axis : {XAxis::Position, XAxis::LogFrequency}) {
        chart.setXAxis(axis);
        const int count = orange();
        QVERIFY2(count > 1000 && count < 20000, qPrintable(QString::number(count)));
    }
}

void NormChartTest::firstPointIsWhole()
{
    NormChart chart;
    chart.resize(900, 400);
    chart.setData(sample::norms(1000));
    const QPointF first = chart.positionOf(999); // in slot 0, half a pixel from the edge
    const QColor before = themeOf(chart.palette()).before;
    const QPointF beside(std::floor(first.x()) - 2, std::floor(first.y()));
    QVERIFY(beside.x() < ChartProbe::frame(chart).plot.left());
    QVERIFY(events::isNear(events::colourAt(chart, beside), before, 60));
}

QTEST_MAIN(NormChartTest)
#include "tst_norm_chart.moc"
