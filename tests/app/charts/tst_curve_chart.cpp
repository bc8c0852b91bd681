// SPDX-License-Identifier: GPL-3.0-or-later
// Accuracy against a parameter.
#include <QSignalSpy>
#include <QtTest>
#include <cmath>
#include <limits>

#include "app/charts/chart_events.h"
#include "charts/chart_probe.h"
#include "charts/chart_theme.h"

using namespace monotail;
using namespace monotail::events;

namespace {

QStringList texts(const CurveChart& chart)
{
    QStringList all;
    for (const Label& label : ChartProbe::labels(chart))
        all << label.text;
    return all;
}

/// A parabola with its top of 50 at 1; the level is at 49.
CurveChartData parabola()
{
    CurveChartData data;
    data.xTitle = "tau";
    data.yTitle = "class-mean accuracy, %";
    data.lines = {{CurveLine::Kind::Main, "class-mean", {}}};
    for (int i = 0; i <= 40; ++i) {
        const double x = i / 20.0;
        data.xs.push_back(x);
        data.lines[0].values.push_back(50 - 10 * (x - 1) * (x - 1));
    }
    data.levels = {{49, "SAMN projection: 49.0", {}}};
    data.now = QPointF(0.5, 47.5);
    data.nowLabel = "now: tau = 0.5, 47.5";
    data.chosen = {{0.9, 49.9}, {1.1, 49.9}};
    data.chosenLabel = "chosen: tau = 0.9 and 1.1";
    return data;
}

void addSizes()
{
    QTest::addColumn<QSize>("size");
    QTest::newRow("as narrow as it gets") << QSize(220, 240);
    QTest::newRow("wide") << QSize(800, 320);
}

int pixelsOf(const QImage& image, const QColor& colour)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            count += isNear(image.pixelColor(x, y), colour, 3) ? 1 : 0;
    return count;
}

} // namespace

class CurveChartTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void axesAndLegendAreWritten_data() { addSizes(); }
    void axesAndLegendAreWritten()
    {
        QFETCH(QSize, size);
        CurveChart chart;
        chart.resize(size);
        chart.setData(parabola());
        const QString all = texts(chart).join('\n');
        for (const char* text : {"tau", "class-mean accuracy, %", "SAMN projection: 49.0",
                                 "now: tau = 0.5, 47.5", "chosen: tau = 0.9 and 1.1", "50"})
            QVERIFY2(all.contains(text), text);
    }

    void nothingLiesOutside_data() { addSizes(); }
    void nothingLiesOutside()
    {
        QFETCH(QSize, size);
        CurveChart chart;
        chart.resize(size);
        chart.setData(parabola());
        for (const Label& label : ChartProbe::labels(chart))
            QVERIFY2(QRectF(QPointF(), size).contains(outlineOf(label).boundingRect()),
                     qPrintable(label.text));
    }

    void oneLineNeedsNoNameSeveralDo()
    {
        CurveChart chart;
        chart.resize(400, 300);
        CurveChartData data = parabola();
        chart.setData(data);
        QVERIFY(!texts(chart).contains("class-mean"));
        data.lines.push_back({CurveLine::Kind::Few, "few", data.lines[0].values});
        chart.setData(data);
        QVERIFY(texts(chart).contains("class-mean"));
        QVERIFY(texts(chart).contains("few"));
    }

    void aClickAsksForTheValueThere()
    {
        CurveChart chart;
        chart.resize(600, 300);
        chart.setData(parabola());
        chart.show();
        QSignalSpy started(&chart, &CurveChart::dragStarted), asked(&chart, &CurveChart::asked),
            ended(&chart, &CurveChart::dragEnded);
        const QPoint at(static_cast<int>(std::lround(chart.positionOf(1.5))), 150);
        QTest::mouseClick(&chart, Qt::LeftButton, {}, at);
        QCOMPARE(started.size(), 1);
        QCOMPARE(asked.size(), 1);
        QVERIFY(std::abs(asked[0][0].toDouble() - 1.5) < 0.005);
        QCOMPARE(ended.size(), 1);
    }

    void aDragFollowsAndStaysWithinTheValues()
    {
        CurveChart chart;
        chart.resize(600, 300);
        chart.setData(parabola());
        chart.show();
        QSignalSpy asked(&chart, &CurveChart::asked), ended(&chart, &CurveChart::dragEnded);
        const auto at = [&](double x) {
            return QPoint(static_cast<int>(std::lround(chart.positionOf(x))), 150);
        };
        QTest::mousePress(&chart, Qt::LeftButton, {}, at(1));
        QTest::mouseMove(&chart, at(1.25));
        QTest::mouseMove(&chart, at(2) + QPoint(30, 0));
        QCOMPARE(ended.size(), 0);
        QTest::mouseRelease(&chart, Qt::LeftButton, {}, at(2));
        QVERIFY(asked.size() >= 3);
        QCOMPARE(asked.back()[0].toDouble(), 2.0);
        QCOMPARE(ended.size(), 1);
    }

    void outsideThePlotAClickAsksForNothing()
    {
        CurveChart chart;
        chart.resize(600, 300);
        chart.setData(parabola());
        chart.show();
        QSignalSpy asked(&chart, &CurveChart::asked);
        QTest::mouseClick(&chart, Qt::LeftButton, {}, QPoint(300, 295));
        QCOMPARE(asked.size(), 0);
    }

    void marksAreDrawnInTheirColours()
    {
        CurveChart chart;
        chart.resize(600, 300);
        CurveChartData data = parabola();
        data.chosen.clear();
        chart.setData(data);
        const ChartTheme theme = themeOf(chart.palette());
        QCOMPARE(pixelsOf(chart.grab().toImage(), theme.before), 0);
        chart.setData(parabola());
        QVERIFY(pixelsOf(chart.grab().toImage(), theme.before) > 50);
        QVERIFY(pixelsOf(chart.grab().toImage(), theme.after) > 200);
    }

    void absentValuesLeaveAGap()
    {
        CurveChart chart;
        chart.resize(400, 300);
        CurveChartData data = parabola();
        std::fill(data.lines[0].values.begin(), data.lines[0].values.end(),
                  std::numeric_limits<double>::quiet_NaN());
        data.now.reset();
        data.levels.clear();
        data.chosen.clear();
        chart.setData(data);
        QVERIFY(!chart.grab().isNull());
    }

    void noDataNothingBreaks()
    {
        CurveChart chart;
        chart.resize(300, 200);
        chart.show();
        QSignalSpy asked(&chart, &CurveChart::asked);
        QTest::mouseClick(&chart, Qt::LeftButton, {}, QPoint(150, 100));
        QCOMPARE(asked.size(), 0);
        QVERIFY(texts(chart).isEmpty());
    }

    void screenReadersAreToldWhatStandsOut()
    {
        CurveChart chart;
        chart.setData(parabola());
        QVERIFY(chart.accessibleDescription().contains("SAMN projection: 49.0"));
        QVERIFY(chart.accessibleDescription().contains("now: tau = 0.5, 47.5"));
    }

    void darkPaletteDrawsDark()
    {
        CurveChart chart;
        QPalette dark;
        dark.setColor(QPalette::Base, QColor(30, 30, 34));
        dark.setColor(QPalette::Text, Qt::white);
        chart.setPalette(dark);
        chart.resize(400, 300);
        chart.setData(parabola());
        QVERIFY(chart.grab().toImage().pixelColor(2, 150).lightness() < 80);
    }
};

QTEST_MAIN(CurveChartTest)
#include "tst_curve_chart.moc"
