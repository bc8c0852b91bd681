// SPDX-License-Identifier: GPL-3.0-or-later
// The bars of overall and group accuracies.
#include <QtTest>

#include "app/charts/chart_events.h"
#include "app/charts/sample_data.h"
#include "charts/chart_probe.h"
#include "charts/chart_theme.h"

using namespace monotail;
using namespace monotail::events;

namespace {

QStringList texts(const GroupChart& chart)
{
    QStringList all;
    for (const Label& label : ChartProbe::labels(chart))
        all << label.text;
    return all;
}

/// Pixels of a picture that have a colour.
int pixelsOf(const QImage& image, const QColor& colour)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            count += isNear(image.pixelColor(x, y), colour, 3) ? 1 : 0;
    return count;
}

void addSizes()
{
    QTest::addColumn<QSize>("size");
    QTest::newRow("narrow") << QSize(260, 300);
    QTest::newRow("narrow and high") << QSize(260, 500);
    QTest::newRow("wide") << QSize(800, 300);
}

} // namespace

class GroupChartTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everythingIsWritten_data() { addSizes(); }
    void everythingIsWritten();
    void barsAreAsLongAsTheirValues_data() { addSizes(); }
    void barsAreAsLongAsTheirValues();
    void absentValuesAreWritten();
    void verdictsHaveColoursToo();
    void screenReadersAreToldAll();
    void noBarsNothingBreaks();
    void darkPaletteDrawsDark();
    void narrowHasLeastHeight();
};

void GroupChartTest::everythingIsWritten()
{
    QFETCH(QSize, size);
    GroupChart chart;
    chart.resize(size);
    chart.setData(sample::groups());
    const QStringList all = texts(chart);
    for (const char* text : {"all (top-1)", "many", "medium", "few", "better", "worse",
                             "no clear change", "before", "after samn", "0", "100"})
        QVERIFY2(all.contains(text), text);
    const QString joined = all.join(' ');
    for (const char* value : {"68.3", "78.4", "93.2", "65.1", "n/a", "100.0"})
        QVERIFY2(joined.contains(value), value);
}

void GroupChartTest::barsAreAsLongAsTheirValues()
{
    QFETCH(QSize, size);
    GroupChartData data = sample::groups();
    data.bars.resize(2);
    data.bars[0].before = data.bars[0].after = 100;
    data.bars[1].before = 50;
    data.bars[1].after = 25;
    GroupChart chart;
    chart.resize(size);
    chart.setData(data);
    const QImage image = chart.grab().toImage();
    const ChartTheme theme = themeOf(chart.palette());
    // The longest run of a colour in any row of a half of the picture.
    const auto longest = [&](const QColor& colour, double from, double to) {
        int best = 0;
        for (int y = int(from * image.height()); y < int(to * image.height()); ++y) {
            int run = 0;
            for (int x = 0; x < image.width(); ++x) {
                run = isNear(image.pixelColor(x, y), colour, 3) ? run + 1 : 0;
                best = std::max(best, run);
            }
        }
        return double(best);
    };
    // The groups share the rows' height, which ends above the axis' labels.
    const double full = longest(theme.before, 0.08, 0.4);
    QVERIFY(full > 80);
    QVERIFY(std::abs(longest(theme.after, 0.08, 0.4) - full) <= 2);
    QVERIFY(std::abs(longest(theme.before, 0.52, 1) / full - 0.5) < 0.03);
    QVERIFY(std::abs(longest(theme.after, 0.52, 1) / full - 0.25) < 0.03);
}

void GroupChartTest::absentValuesAreWritten()
{
    GroupChartData data = sample::groups();
    data.bars = {data.bars[4]};
    data.bars[0].after.reset();
    GroupChart chart;
    chart.resize(500, 200);
    chart.setData(data);
    QCOMPARE(texts(chart).filter("n/a").size(), 2);
    data.bars[0].before = std::nan("");
    chart.setData(data);
    QCOMPARE(texts(chart).filter("n/a").size(), 2);
}

void GroupChartTest::verdictsHaveColoursToo()
{
    GroupChartData data = sample::groups();
    data.bars = {data.bars[0]};
    GroupChart chart;
    chart.resize(500, 200);
    chart.setData(data);
    const ChartTheme theme = themeOf(chart.palette());
    QVERIFY(pixelsOf(chart.grab().toImage(), theme.rise) > 15);
    data.bars[0].verdict = GroupBar::Verdict::Worse;
    chart.setData(data);
    QVERIFY(pixelsOf(chart.grab().toImage(), theme.fall) > 15);
    QCOMPARE(pixelsOf(chart.grab().toImage(), theme.rise), 0);
    data.bars[0].colour = GroupBar::Colour::Medium;
    chart.setData(data);
    QVERIFY(pixelsOf(chart.grab().toImage(), theme.medium) > 50);
}

void GroupChartTest::screenReadersAreToldAll()
{
    GroupChart chart;
    chart.setData(sample::groups());
    const QString told = chart.accessibleDescription();
    for (const char* text : {"medium", "71.0", "65.1", "worse", "n/a", "-5.9 [-6.2, -5.0]"})
        QVERIFY2(told.contains(text), text);
    QVERIFY(!chart.accessibleName().isEmpty());
}

void GroupChartTest::noBarsNothingBreaks()
{
    GroupChart chart;
    chart.resize(300, 200);
    QVERIFY(!chart.grab().isNull());
    chart.setData(sample::groups());
    chart.setData({});
    QVERIFY(texts(chart).isEmpty());
    QVERIFY(!chart.grab().isNull());
}

void GroupChartTest::darkPaletteDrawsDark()
{
    GroupChart chart;
    chart.resize(500, 300);
    chart.setData(sample::groups());
    QPalette palette;
    palette.setColor(QPalette::Base, QColor(20, 20, 24));
    palette.setColor(QPalette::Text, Qt::white);
    chart.setPalette(palette);
    const QImage image = chart.grab().toImage();
    QCOMPARE(image.pixelColor(2, 297), QColor(20, 20, 24));
    QVERIFY(pixelsOf(image, themeOf(palette).before) > 500); // sky blue in the dark
    QCOMPARE(pixelsOf(image, paperTheme().before), 0);
}

void GroupChartTest::narrowHasLeastHeight()
{
    GroupChart chart;
    chart.setData(sample::groups());
    const int five = chart.minimumSizeHint().height();
    QVERIFY(chart.minimumSizeHint().width() <= 260);
    GroupChartData two = sample::groups();
    two.bars.resize(2);
    chart.setData(two);
    QVERIFY(chart.minimumSizeHint().height() < five);
}

QTEST_MAIN(GroupChartTest)
#include "tst_group_chart.moc"
