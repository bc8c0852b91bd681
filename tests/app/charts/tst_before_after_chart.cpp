// SPDX-License-Identifier: GPL-3.0-or-later
// The picture of numbers before and after, in both views.
#include <QtTest>

#include "app/charts/ten_classes.h"

using namespace monotail;
using namespace monotail::events;

namespace {

struct Accuracies
{
    explicit Accuracies(std::size_t count = 10) : data(sample::accuracies(count))
    {
        chart.resize(900, 400);
        chart.setData(data);
        chart.show();
    }
    const PlotFrame& frame() const { return ChartProbe::frame(chart); }
    QPointF at(std::size_t slot, double value) const
    {
        return {frame().x(static_cast<double>(slot) + 0.5), frame().y(value)};
    }
    ChartTheme theme() const { return themeOf(chart.palette()); }

    BeforeAfterData data;
    BeforeAfterChart chart;
};

bool isWritten(const BeforeAfterChart& chart, const QString& text)
{
    const auto labels = ChartProbe::labels(chart);
    return std::any_of(labels.begin(), labels.end(),
                       [&](const Label& label) { return label.text == text; });
}

} // namespace

class BeforeAfterChartTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void bothValuesAreDrawn();
    void changeJoinsThem();
    void differenceIsABarFromZero();
    void differenceRangeHoldsZero();
    void absentValuesAreLeftOut();
    void rangeIsAsGiven();
    void rangeIsAsNeeded();
    void manyClassesAreDrawn();
    void manyClassesAreSummedUpByMeans();
    void legendListsWhatIsThere();
    void beforeAloneIsDrawn();
    void eitherPointIsPicked();
    void plotIsUnderThatOfTheNorms_data();
    void plotIsUnderThatOfTheNorms();
    void darkPaletteDrawsDark();
};

void BeforeAfterChartTest::initTestCase()
{
    qRegisterMetaType<Classes>();
    qRegisterMetaType<Pick>("monotail::Pick");
}

void BeforeAfterChartTest::bothValuesAreDrawn()
{
    Accuracies ten;
    const QImage image = ten.chart.grab().toImage();
    for (const std::size_t slot : {std::size_t{2}, std::size_t{9}}) { // far apart, no overlap
        QVERIFY(isNear(image.pixelColor(ten.at(slot, ten.data.before[slot]).toPoint()),
                       ten.theme().before));
        QVERIFY(isNear(image.pixelColor(ten.at(slot, ten.data.after[slot]).toPoint()),
                       ten.theme().after));
    }
    QCOMPARE(ten.chart.positionOf(0), ten.at(9, ten.data.after[9]));
}

void BeforeAfterChartTest::changeJoinsThem()
{
    Accuracies ten;
    ten.data.low.clear();
    ten.data.high.clear();
    ten.chart.setData(ten.data);
    const auto middle = [&](std::size_t slot) {
        return ten.at(slot, (ten.data.before[slot] + ten.data.after[slot]) / 2);
    };
    QVERIFY(ten.data.after[9] > ten.data.before[9]);
    QVERIFY(isNear(colourAt(ten.chart, middle(9)), ten.theme().rise));
    QVERIFY(ten.data.after[2] < ten.data.before[2]);
    QVERIFY(isNear(colourAt(ten.chart, middle(2)), ten.theme().fall));
}

void BeforeAfterChartTest::differenceIsABarFromZero()
{
    Accuracies ten;
    ten.chart.setView(BeforeAfterView::Difference);
    for (const std::size_t slot : {std::size_t{2}, std::size_t{9}}) {
        const double change = ten.data.after[slot] - ten.data.before[slot];
        const QColor colour = change > 0 ? ten.theme().rise : ten.theme().fall;
        QVERIFY(isNear(colourAt(ten.chart, ten.at(slot, change / 2)), colour));
        QVERIFY(!isNear(colourAt(ten.chart, ten.at(slot, -change / 4)), colour));
        QVERIFY(std::abs(ten.chart.positionOf(9 - std::int64_t(slot)).y() - ten.frame().y(change)) <
                1);
    }
}

void BeforeAfterChartTest::differenceRangeHoldsZero()
{
    Accuracies ten;
    for (std::size_t slot = 0; slot < 10; ++slot)
        ten.data.after[slot] = ten.data.before[slot] + 5 + static_cast<double>(slot) / 10;
    ten.chart.setData(ten.data);
    ten.chart.setView(BeforeAfterView::Difference);
    QVERIFY(ten.frame().values.low <= 0);
    QVERIFY(ten.frame().values.high >= 5.9);
    ten.data.after = ten.data.before; // nothing changed
    ten.chart.setData(ten.data);
    QVERIFY(ten.frame().values.low < 0 && ten.frame().values.high > 0);
}

void BeforeAfterChartTest::absentValuesAreLeftOut()
{
    Accuracies ten;
    ten.data.before[9] = std::nan("");
    ten.data.after[2] = std::nan("");
    ten.data.before[5] = ten.data.after[5] = std::nan("");
    ten.data.low[5] = ten.data.high[5] = std::nan("");
    ten.chart.setData(ten.data);
    QVERIFY(isNear(colourAt(ten.chart, ten.at(9, ten.data.after[9])), ten.theme().after));
    QVERIFY(isNear(colourAt(ten.chart, ten.at(2, ten.data.before[2])), ten.theme().before));
    const QImage image = ten.chart.grab().toImage();
    const int x = int(ten.at(5, 0).x());
    for (int y = int(ten.frame().plot.top()) + 1; y < int(ten.frame().plot.bottom()); ++y)
        QVERIFY(!isNear(image.pixelColor(x, y), ten.theme().before) &&
                !isNear(image.pixelColor(x, y), ten.theme().after));
    ten.chart.setView(BeforeAfterView::Difference);
    QVERIFY(!ten.chart.grab().isNull());
}

void BeforeAfterChartTest::rangeIsAsGiven()
{
    const Accuracies ten;
    QVERIFY(ten.frame().y(0) < ten.frame().plot.bottom() - 4); // room for the points at the ends
    QVERIFY(ten.frame().y(100) > ten.frame().plot.top() + 4);
    QVERIFY(ten.frame().values.low > -10 && ten.frame().values.high < 110);
}

void BeforeAfterChartTest::rangeIsAsNeeded()
{
    Accuracies ten;
    ten.data.least = ten.data.most = 0;
    for (std::size_t slot = 0; slot < 10; ++slot) {
        ten.data.before[slot] = -0.3 - 0.01 * static_cast<double>(slot);
        ten.data.after[slot] = 0;
        ten.data.low[slot] = -0.1;
        ten.data.high[slot] = 0.1;
    }
    ten.chart.setData(ten.data);
    QVERIFY(ten.frame().values.low <= -0.39 && ten.frame().values.low > -0.6);
    QVERIFY(ten.frame().values.high >= 0.1 && ten.frame().values.high < 0.3);
}

void BeforeAfterChartTest::manyClassesAreDrawn()
{
    Accuracies many(8142);
    const QImage image = many.chart.grab().toImage();
    int before = 0, after = 0;
    const QRect plot = many.frame().plot.toAlignedRect();
    for (int x = plot.left(); x < plot.right(); ++x) {
        for (int y = plot.top(); y < plot.bottom(); ++y) {
            before += isNear(image.pixelColor(x, y), many.theme().before) ? 1 : 0;
            after += isNear(image.pixelColor(x, y), many.theme().after) ? 1 : 0;
        }
    }
    QVERIFY2(before > 1000, qPrintable(QString::number(before)));
    QVERIFY2(after > 1000, qPrintable(QString::number(after)));
}

void BeforeAfterChartTest::manyClassesAreSummedUpByMeans()
{
    Accuracies many(1000);
    const QString words = QStringLiteral("mean of 17 neighbouring classes");
    QVERIFY(isWritten(many.chart, words));
    for (std::size_t slot = 0; slot < 1000; ++slot) { // means of 50 and 30, no class is there
        many.data.before[slot] = slot % 2 == 0 ? 10 : 90;
        many.data.after[slot] = slot % 2 == 0 ? 0 : 60;
    }
    many.data.before[500] = many.data.after[500] = std::nan("");
    many.chart.setData(many.data);
    const QImage image = many.chart.grab().toImage();
    const auto crosses = [&](double x, double value, const QColor& colour) {
        for (int y = int(many.frame().y(value + 8)); y < int(many.frame().y(value - 8)); ++y)
            if (isNear(image.pixelColor(int(x), y), colour, 40))
                return true;
        return false;
    };
    for (const std::size_t slot : {std::size_t{100}, std::size_t{502}, std::size_t{900}}) {
        const double x = many.at(slot, 0).x();
        QVERIFY(crosses(x, 50, many.theme().before));
        QVERIFY(crosses(x, 30, many.theme().after));
    }
    QCOMPARE(many.chart.positionOf(998), many.at(1, 60)); // picked and hovered by class
    many.chart.setView(BeforeAfterView::Difference);
    QVERIFY(isWritten(many.chart, words));
    QCOMPARE(many.chart.positionOf(998), many.at(1, -30));
    many.chart.showRange({0, 100});
    QVERIFY(!isWritten(many.chart, words));
}

void BeforeAfterChartTest::legendListsWhatIsThere()
{
    const QString higher = QStringLiteral("higher after"), lower = QStringLiteral("lower after"),
                  interval = QStringLiteral("95 % interval");
    Accuracies ten;
    QVERIFY(isWritten(ten.chart, lower) && isWritten(ten.chart, interval));
    ten.data.after = ten.data.before; // nothing changed
    ten.data.low.assign(10, std::nan(""));
    ten.chart.setData(ten.data);
    for (const QString& text : {higher, lower, interval})
        QVERIFY(!isWritten(ten.chart, text));
    ten.data.after[3] += 1;
    ten.chart.setData(ten.data);
    QVERIFY(isWritten(ten.chart, higher));
    QVERIFY(!isWritten(ten.chart, lower));
}

void BeforeAfterChartTest::beforeAloneIsDrawn()
{
    Accuracies ten;
    ten.data.after.clear();
    ten.chart.setData(ten.data);
    QVERIFY(isNear(colourAt(ten.chart, ten.chart.positionOf(4)), ten.theme().before));
    for (const Label& label : ChartProbe::labels(ten.chart))
        QVERIFY(label.text != ten.data.afterLabel);
}

void BeforeAfterChartTest::eitherPointIsPicked()
{
    Accuracies ten;
    QSignalSpy picks(&ten.chart, &SlotChart::picked);
    for (const double value : {ten.data.before[9], ten.data.after[9]}) {
        QTest::mouseClick(&ten.chart, Qt::LeftButton, {},
                          ten.at(9, value).toPoint() + QPoint(3, 2));
        QCOMPARE(pickedBy(picks), Classes{0});
    }
    QCOMPARE(picks.size(), 2);
}

void BeforeAfterChartTest::plotIsUnderThatOfTheNorms_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("classes");
    for (const int width : {400, 801, 2560})
        for (const int classes : {10, 8142})
            QTest::addRow("%d classes, %d wide", classes, width) << width << classes;
}

void BeforeAfterChartTest::plotIsUnderThatOfTheNorms()
{
    QFETCH(int, width);
    QFETCH(int, classes);
    const auto count = static_cast<std::size_t>(classes);
    NormChart norms;
    BeforeAfterChart accuracies;
    norms.resize(width, 400);
    accuracies.resize(width, 260);
    norms.setData(sample::norms(count));
    accuracies.setData(sample::accuracies(count));
    for (const XAxis axis : {XAxis::Position, XAxis::LogFrequency}) {
        norms.setXAxis(axis);
        accuracies.setXAxis(axis);
        for (const SlotRange& range : {SlotRange{0, double(count)}, SlotRange{2, 8}}) {
            norms.showRange(range);
            accuracies.showRange(range);
            QCOMPARE(ChartProbe::frame(norms).plot.left(),
                     ChartProbe::frame(accuracies).plot.left());
            for (std::int64_t c = 0; c < classes; c += std::max(1, classes / 50))
                QCOMPARE(norms.positionOf(c).x(), accuracies.positionOf(c).x());
        }
    }
}

void BeforeAfterChartTest::darkPaletteDrawsDark()
{
    Accuracies ten;
    QPalette palette;
    palette.setColor(QPalette::Base, QColor(20, 20, 24));
    palette.setColor(QPalette::Text, Qt::white);
    ten.chart.setPalette(palette);
    QCOMPARE(colourAt(ten.chart, {4, 390}), QColor(20, 20, 24));
    QCOMPARE(colourAt(ten.chart, {ten.frame().x(0.9), ten.frame().plot.top() + 3}),
             QColor(20, 20, 24));
}

QTEST_MAIN(BeforeAfterChartTest)
#include "tst_before_after_chart.moc"
