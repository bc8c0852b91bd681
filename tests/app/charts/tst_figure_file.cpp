// SPDX-License-Identifier: GPL-3.0-or-later
// Charts as files for papers: SVG, PDF and PNG, light whatever the screen is.
#include <QtTest>

#include "app/charts/ten_classes.h"
#include "base/error.h"
#include "charts/figure_file.h"

using namespace monotail;
using namespace monotail::events;

namespace {

constexpr QSizeF size(480, 300);

QPalette darkPalette()
{
    QPalette palette;
    palette.setColor(QPalette::Base, QColor(30, 31, 34));
    palette.setColor(QPalette::Text, QColor(220, 220, 220));
    return palette;
}

template <typename Chart>
QByteArray figureOf(Chart& chart, FigureFormat format, const QSizeF& of = size)
{
    return figureBytes(format, of, "a title", [&](QPainter& painter, const QSizeF& area) {
        chart.drawFigure(painter, area);
    });
}

template <typename Chart>
QImage imageOf(Chart& chart, const QSizeF& of = size)
{
    return QImage::fromData(figureOf(chart, FigureFormat::Png, of), "PNG");
}

/// How often a tag stands in an SVG, outside of its definitions.
qsizetype tags(const QByteArray& svg, const char* tag)
{
    return svg.count(tag);
}

} // namespace

class FigureFileTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void endingTellsTheFormat_data();
    void endingTellsTheFormat();
    void otherEndingsAreRefused_data();
    void otherEndingsAreRefused();
    void svgHasTextAsText();
    void svgNamesLongTitlesWhole();
    void svgOfADifferenceNamesTheMethod();
    void svgHasEveryPointAsAShape();
    void pdfIsAPageOfTheSize();
    void pngHas300DotsAnInch();
    void figureIsTheSameWhateverTheScreen();
    void figureHasNoMarks();
    void figureIsOnWhite();
    void figureShowsTheStretchInView();
    void emptyChartsMakeFigures();
    void everyChartMakesFigures();
};

void FigureFileTest::endingTellsTheFormat_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<FigureFormat>("format");
    QTest::newRow("svg") << "a/b.svg" << FigureFormat::Svg;
    QTest::newRow("pdf") << "norms.v2.pdf" << FigureFormat::Pdf;
    QTest::newRow("png in capitals") << "C.PNG" << FigureFormat::Png;
}

void FigureFileTest::endingTellsTheFormat()
{
    QFETCH(QString, path);
    QFETCH(FigureFormat, format);
    QCOMPARE(figureFormat(path), format);
}

void FigureFileTest::otherEndingsAreRefused_data()
{
    QTest::addColumn<QString>("path");
    QTest::newRow("jpeg") << "norms.jpg";
    QTest::newRow("none") << "norms";
    QTest::newRow("in the middle") << "norms.svg.txt";
    QTest::newRow("no dot") << "svg";
}

void FigureFileTest::otherEndingsAreRefused()
{
    QFETCH(QString, path);
    try {
        figureFormat(path);
        QFAIL("not refused");
    } catch (const Error& error) {
        const QString sentence = error.what();
        for (const QString& part : {path, QString(".svg"), QString(".pdf"), QString(".png")})
            QVERIFY2(sentence.contains(part), qPrintable(sentence));
    }
}

void FigureFileTest::svgHasTextAsText()
{
    NormChart chart;
    chart.setData(sample::norms(10, 3));
    const QByteArray svg = figureOf(chart, FigureFormat::Svg);
    for (const char* text : {"Ankle boot", "weight norm", "norm after samn", "training images",
                             "fc.weight, samn: norms of a head", "pooled block", "1,000",
                             "direction tail-high, ties average, counts.csv", "<title>a title"})
        QVERIFY2(svg.contains(text), text);
    QVERIFY(svg.contains("viewBox=\"0 0 480 300\""));
}

void FigureFileTest::svgNamesLongTitlesWhole()
{
    NormChartData data = sample::norms(10);
    data.title = QString("word ").repeated(60).trimmed();
    data.caption = QString("caption ").repeated(60).trimmed();
    NormChart chart;
    chart.setData(data);
    const QByteArray svg = figureOf(chart, FigureFormat::Svg);
    QCOMPARE(svg.count("word"), 60);
    QCOMPARE(svg.count("caption"), 60);
}

void FigureFileTest::svgOfADifferenceNamesTheMethod()
{
    BeforeAfterData data = sample::accuracies(10);
    BeforeAfterChart chart;
    chart.setData(data);
    chart.setView(BeforeAfterView::Difference);
    const QByteArray svg = figureOf(chart, FigureFormat::Svg);
    QVERIFY(svg.contains("after samn"));
    QVERIFY(svg.contains("change of accuracy, %"));
    data.differenceTitle = QString("change of accuracy, points");
    chart.setData(data);
    QVERIFY(figureOf(chart, FigureFormat::Svg).contains("change of accuracy, points"));
}

void FigureFileTest::svgHasEveryPointAsAShape()
{
    NormChart chart;
    NormChartData data = sample::norms(10, 3);
    chart.setData(data);
    const qsizetype ten = tags(figureOf(chart, FigureFormat::Svg), "<circle");
    chart.setData(sample::norms(500, 3));
    QCOMPARE(tags(figureOf(chart, FigureFormat::Svg), "<circle"), ten + 490);
    QVERIFY(!figureOf(chart, FigureFormat::Svg).contains("<image"));
    // What is not in view is not there, since SVG files of Qt have no clip.
    chart.showRange({100, 150});
    QCOMPARE(tags(figureOf(chart, FigureFormat::Svg), "<circle"), ten + 40);
}

void FigureFileTest::pdfIsAPageOfTheSize()
{
    NormChart chart;
    chart.setData(sample::norms(10));
    const QByteArray pdf = figureOf(chart, FigureFormat::Pdf);
    QVERIFY(pdf.startsWith("%PDF-"));
    QVERIFY2(pdf.contains("/MediaBox [0 0 480.0") || pdf.contains("/MediaBox [0 0 480 300"),
             pdf.mid(pdf.indexOf("/MediaBox"), 60).constData());
    QVERIFY(!pdf.contains("/Subtype /Image"));
}

void FigureFileTest::pngHas300DotsAnInch()
{
    NormChart chart;
    chart.setData(sample::norms(10));
    const QImage image = imageOf(chart);
    QCOMPARE(image.size(), QSize(2000, 1250));
    QCOMPARE(image.dotsPerMeterX(), 11811);
    QCOMPARE(image.text("Title"), QString("a title"));
}

void FigureFileTest::figureIsTheSameWhateverTheScreen()
{
    NormChart light, dark;
    light.resize(900, 400);
    dark.resize(400, 250);
    dark.setPalette(darkPalette());
    for (NormChart* chart : {&light, &dark})
        chart->setData(sample::norms(10, 3));
    QCOMPARE(figureOf(light, FigureFormat::Svg), figureOf(dark, FigureFormat::Svg));
    QCOMPARE(imageOf(light), imageOf(dark));
}

void FigureFileTest::figureHasNoMarks()
{
    NormChart chart;
    chart.resize(900, 400);
    chart.setData(sample::norms(10, 3));
    const QByteArray before = figureOf(chart, FigureFormat::Svg);
    chart.setHoverText([](std::int64_t) { return QString("hover card"); });
    chart.setSelection({2, 3, 5});
    moveTo(chart, chart.positionOf(4));
    QVERIFY(!ChartProbe::card(chart).isEmpty());
    QCOMPARE(figureOf(chart, FigureFormat::Svg), before);
}

void FigureFileTest::figureIsOnWhite()
{
    NormChart chart;
    chart.setPalette(darkPalette());
    chart.setData(sample::norms(10, 3));
    const QImage image = imageOf(chart);
    for (const QPoint corner : {QPoint(0, 0), QPoint(1999, 0), QPoint(0, 1249), QPoint(1999, 1249)})
        QCOMPARE(image.pixelColor(corner), QColor(Qt::white));
}

void FigureFileTest::figureShowsTheStretchInView()
{
    NormChart chart;
    chart.setData(sample::norms(10, 3));
    chart.showRange({0, 5});
    const QByteArray svg = figureOf(chart, FigureFormat::Svg);
    QVERIFY(svg.contains("Sneaker"));
    QVERIFY(!svg.contains("Sandal"));
}

void FigureFileTest::emptyChartsMakeFigures()
{
    NormChart norms;
    BeforeAfterChart accuracies;
    GroupChart groups;
    QVERIFY(!imageOf(norms).isNull());
    QVERIFY(!imageOf(accuracies).isNull());
    QVERIFY(!imageOf(groups).isNull());
}

void FigureFileTest::everyChartMakesFigures()
{
    BeforeAfterChart accuracies;
    accuracies.setData(sample::accuracies(10));
    QVERIFY(figureOf(accuracies, FigureFormat::Svg).contains("accuracy, %"));
    accuracies.setView(BeforeAfterView::Difference);
    QVERIFY(figureOf(accuracies, FigureFormat::Svg).contains("change of accuracy, %"));
    GroupChart groups;
    groups.setPalette(darkPalette());
    groups.setData(sample::groups());
    const QByteArray svg = figureOf(groups, FigureFormat::Svg);
    for (const char* text : {"fc.weight, samn: accuracy by group", "counts.csv", "no clear change",
                             "n/a", "after samn"})
        QVERIFY2(svg.contains(text), text);
    QVERIFY(isNear(imageOf(groups).pixelColor(3, 3), Qt::white));
}

QTEST_MAIN(FigureFileTest)
#include "tst_figure_file.moc"
