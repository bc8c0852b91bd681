// SPDX-License-Identifier: GPL-3.0-or-later
// No label of a chart touches another one or the edge of the chart, at any size and zoom.
#include <QtTest>

#include "app/charts/sample_data.h"
#include "charts/chart_probe.h"

using namespace monotail;

namespace {

const QSize sizes[] = {{400, 220}, {520, 300}, {800, 420}, {1280, 600}, {2560, 1440}};

bool disjoint(const QPolygonF& a, const QPolygonF& b)
{
    if (!a.boundingRect().intersects(b.boundingRect()))
        return true;
    // Parallel outlines are apart if they are along one of their edges' directions.
    for (const QPolygonF* polygon : {&a, &b}) {
        for (int i = 0; i < 2; ++i) {
            const QPointF along = polygon->at(i + 1) - polygon->at(i);
            const auto extent = [&](const QPolygonF& of) {
                double low = 1e300, high = -1e300;
                for (const QPointF& corner : of) {
                    low = std::min(low, QPointF::dotProduct(corner, along));
                    high = std::max(high, QPointF::dotProduct(corner, along));
                }
                return std::pair(low, high);
            };
            const auto [lowA, highA] = extent(a);
            const auto [lowB, highB] = extent(b);
            if (highA <= lowB + 1e-6 || highB <= lowA + 1e-6)
                return true;
        }
    }
    return false;
}

/// What is wrong with the labels, in words; empty if nothing is.
QString complaint(const std::vector<Label>& labels, const QSize& size)
{
    const QRectF inside = QRectF(QPointF(), size).adjusted(-0.01, -0.01, 0.01, 0.01);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const QPolygonF outline = outlineOf(labels[i]);
        if (!inside.contains(outline.boundingRect()))
            return QString("\"%1\" is cut by the edge").arg(labels[i].text);
        for (std::size_t j = 0; j < i; ++j)
            if (!disjoint(outline, outlineOf(labels[j])))
                return QString("\"%1\" touches \"%2\"").arg(labels[i].text, labels[j].text);
    }
    return {};
}

/// Stretches as users come by: all, the head, the middle, the tail, few, as few as can be.
std::vector<SlotRange> stretches(std::size_t count)
{
    const double all = static_cast<double>(count);
    return {{0, all},
            {0, all / 2},
            {all * 0.31, all * 0.62},
            {all * 0.9, all},
            {all * 0.4, all * 0.4 + 41},
            {all * 0.4, all * 0.4 + 33.3},
            {all - 20, all},
            {0, 12},
            {all / 2, all / 2 + 7.5},
            {0, 2},
            {all - 2, all}};
}

void addSizes()
{
    QTest::addColumn<int>("classes");
    QTest::addColumn<QSize>("size");
    for (const int classes : {1, 2, 10, 200, 1000, 8142})
        for (const QSize& size : sizes)
            QTest::addRow("%d classes at %d x %d", classes, size.width(), size.height())
                << classes << size;
}

template <typename Chart>
void checkAtEveryZoom(Chart& chart, std::size_t classes, const QSize& size)
{
    chart.resize(size);
    for (const XAxis axis : {XAxis::Position, XAxis::LogFrequency}) {
        chart.setXAxis(axis);
        for (const SlotRange& range : stretches(classes)) {
            chart.showRange(range);
            const std::vector<Label> labels = ChartProbe::labels(chart);
            const QString where = QString("%1 to %2, axis %3: ")
                                      .arg(range.begin)
                                      .arg(range.end)
                                      .arg(static_cast<int>(axis));
            QCOMPARE(where + complaint(labels, size), where);
            QVERIFY(labels.size() >= 5);
        }
    }
}

} // namespace

class LabelsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void normLabelsNeverTouch_data() { addSizes(); }
    void normLabelsNeverTouch();
    void accuracyLabelsNeverTouch_data() { addSizes(); }
    void accuracyLabelsNeverTouch();
    void absentClassesHaveALabel();
    void fewClassesHaveTheirNames();
    void manyClassesHaveRanks();
    void namesAppearOnZoomingIn();
    void namesTooLongAreElided();
    void thereAreLabelsWithinADecade();
    void groupLabelsNeverTouch_data();
    void groupLabelsNeverTouch();
    void touchingLabelsAreFound();
};

void LabelsTest::normLabelsNeverTouch()
{
    QFETCH(int, classes);
    QFETCH(QSize, size);
    NormChart chart;
    chart.setData(sample::norms(static_cast<std::size_t>(classes)));
    checkAtEveryZoom(chart, static_cast<std::size_t>(classes), size);
}

void LabelsTest::accuracyLabelsNeverTouch()
{
    QFETCH(int, classes);
    QFETCH(QSize, size);
    BeforeAfterChart chart;
    chart.setData(sample::accuracies(static_cast<std::size_t>(classes)));
    checkAtEveryZoom(chart, static_cast<std::size_t>(classes), size);
    chart.setView(BeforeAfterView::Difference);
    checkAtEveryZoom(chart, static_cast<std::size_t>(classes), size);
}

namespace {

QStringList textsUnder(const SlotChart& chart)
{
    QStringList texts;
    for (const Label& label : ChartProbe::labels(chart))
        if (label.at.y() >= ChartProbe::frame(chart).plot.bottom() + 1)
            texts << label.text;
    return texts;
}

} // namespace

void LabelsTest::absentClassesHaveALabel()
{
    NormChart chart;
    NormChartData data = sample::norms(50);
    for (std::size_t slot = 45; slot < 50; ++slot)
        data.classes.counts[slot] = 0;
    chart.resize(800, 400);
    chart.setData(data);
    chart.setXAxis(XAxis::LogFrequency);
    QVERIFY(textsUnder(chart).contains("0"));
    QVERIFY(textsUnder(chart).contains("10"));
    const QPointF present = chart.positionOf(data.classes.classOf[44]);
    const QPointF absent = chart.positionOf(data.classes.classOf[45]);
    QVERIFY(absent.x() > present.x() + 20);
    QCOMPARE(chart.positionOf(data.classes.classOf[49]).x(), absent.x());
    QVERIFY(chart.rect().contains(absent.toPoint()));
}

void LabelsTest::fewClassesHaveTheirNames()
{
    NormChart chart;
    chart.resize(900, 400);
    chart.setData(sample::norms(10));
    const QStringList texts = textsUnder(chart);
    for (const QString& name : sample::classes(10).names)
        QVERIFY2(texts.contains(name), qPrintable(name));
    QVERIFY(texts.contains(sample::classes(10).title));
}

void LabelsTest::manyClassesHaveRanks()
{
    NormChart chart;
    chart.resize(900, 400);
    chart.setData(sample::norms(8142));
    QVERIFY(textsUnder(chart).contains("2,000"));
    QVERIFY(!textsUnder(chart).join(' ').contains("species"));
}

void LabelsTest::namesAppearOnZoomingIn()
{
    NormChart chart;
    chart.resize(900, 400);
    chart.setData(sample::norms(8142));
    chart.showRange({100, 120});
    QCOMPARE(textsUnder(chart).filter("sp").size(), 20);
}

void LabelsTest::namesTooLongAreElided()
{
    NormChartData data = sample::norms(10);
    data.classes.names[4] = QString("a very long name of a class ").repeated(20);
    NormChart chart;
    chart.resize(700, 400);
    chart.setData(data);
    QVERIFY(!textsUnder(chart).filter(QChar(0x2026)).isEmpty());
    QCOMPARE(complaint(ChartProbe::labels(chart), chart.size()), QString());
}

void LabelsTest::thereAreLabelsWithinADecade()
{
    NormChart chart;
    chart.resize(700, 400);
    chart.setData(sample::norms(1000));
    chart.setXAxis(XAxis::LogFrequency);
    for (const SlotRange& range : {SlotRange{100, 160}, SlotRange{400, 420}, SlotRange{950, 980}}) {
        chart.showRange(range);
        // The title and at least one count.
        QVERIFY2(textsUnder(chart).size() >= 2, qPrintable(textsUnder(chart).join(" | ")));
    }
}

void LabelsTest::groupLabelsNeverTouch_data()
{
    QTest::addColumn<QSize>("size");
    for (const QSize size : {QSize(260, 240), QSize(260, 330), QSize(320, 500), QSize(420, 300),
                             QSize(700, 260), QSize(1400, 800)})
        QTest::addRow("%d x %d", size.width(), size.height()) << size;
}

void LabelsTest::groupLabelsNeverTouch()
{
    QFETCH(QSize, size);
    GroupChart chart;
    chart.resize(size);
    chart.setData(sample::groups());
    const auto labels = ChartProbe::labels(chart);
    QVERIFY(labels.size() > 20);
    QCOMPARE(complaint(labels, size), QString());
}

void LabelsTest::touchingLabelsAreFound()
{
    const QFontMetricsF metrics{QFont()};
    std::vector<Label> labels{labelled(metrics, "first", {50, 50}, Place::Centre),
                              labelled(metrics, "second", {60, 52}, Place::Centre)};
    QVERIFY(!complaint(labels, {200, 100}).isEmpty());
    labels[1].at = {150, 50};
    QCOMPARE(complaint(labels, {200, 100}), QString());
    labels[1].at = {199, 50};
    QVERIFY(!complaint(labels, {200, 100}).isEmpty());
}

QTEST_MAIN(LabelsTest)
#include "tst_labels.moc"
