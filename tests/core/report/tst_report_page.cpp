// SPDX-License-Identifier: GPL-3.0-or-later
#include <QRegularExpression>
#include <QXmlStreamReader>
#include <QtTest>
#include <cmath>
#include <limits>

#include "core/evaluate/made_up.h"
#include "evaluate/scorer.h"
#include "report/html.h"
#include "report/norm_chart.h"
#include "report/report_section.h"

using namespace monotail;
using namespace monotail::test;

namespace {

// An empty <svg/> is a whole figure: HTML knows the short form in there.
const QStringList voidElements{"meta", "br", "svg"};
const std::string nasty = "<script>alert('1 & 2')</script> \"\xc3\xa4\" \xff \x01";

/// What is wrong with the page as a document, empty if nothing is: it must be XML (every element
/// closed in order, every value quoted, UTF-8), and outside of figures only void elements may use
/// XML's short form, which HTML reads as a start tag.
QString faultsOf(const std::string& page)
{
    const QByteArray bytes = QByteArray::fromStdString(page);
    if (QString::fromUtf8(bytes).contains(QChar::ReplacementCharacter))
        return "bytes that are no UTF-8";
    QXmlStreamReader xml(bytes);
    while (!xml.atEnd())
        xml.readNext();
    if (xml.hasError())
        return QString("line %1: %2").arg(xml.lineNumber()).arg(xml.errorString());
    QString outside = QString::fromUtf8(bytes);
    outside.remove(
        QRegularExpression("<svg.*?</svg>", QRegularExpression::DotMatchesEverythingOption));
    auto closed = QRegularExpression("<([a-z0-9]+)[^>]*/>").globalMatch(outside);
    while (closed.hasNext())
        if (const QString name = closed.next().captured(1); !voidElements.contains(name))
            return name + " is closed as if it were XML";
    return {};
}

/// The text of every element of that name; values of `attribute` if one is given.
QStringList found(const std::string& page, const QString& element, const QString& attribute = {})
{
    QStringList out;
    QXmlStreamReader xml(QByteArray::fromStdString(page));
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement || xml.name() != element)
            continue;
        if (attribute.isEmpty())
            out << xml.readElementText(QXmlStreamReader::IncludeChildElements);
        else
            out << xml.attributes().value(attribute).toString();
    }
    return out;
}

ReportPage pageWith(ReportSection section)
{
    ReportPage page;
    page.title = "A report";
    page.sections.push_back(std::move(section));
    return page;
}

std::string pageWithFigure(const std::string& svg)
{
    ReportSection section;
    section.figures.push_back({"A figure", svg, ""});
    return reportHtml(pageWith(section));
}

/// A head of two features, and samples that it gets right and wrong.
struct Made
{
    Checkpoint checkpoint;
    ClassifierHead head;
    ClassSet classes;
    ClassProfile profile;
    FeatureSet features;
    Evaluation evaluation;
};

Made made(std::int64_t size)
{
    Made out;
    Random random(3);
    out.checkpoint.path = "/home/someone/runs/seven/best.pth";
    out.head = headOf(noise(size, 4, random), std::vector<float>(std::size_t(size), 0.5F));
    out.head.source.weight = "fc.weight";
    for (std::int64_t c = 0; c < size; ++c) {
        out.head.norms.push_back(double{out.head.weight.row(c).norm()});
        out.classes.counts.push_back(1 + 1000 / (c + 1));
        out.classes.names.push_back(c == 1 ? nasty : "class " + std::to_string(c));
    }
    out.classes.countsSource = "/home/someone/lists/counts.csv (CSV)";
    out.profile = profileHead(out.head, out.classes, {});
    out.features = featuresOf(noise(2 * size, 4, random), someLabels(2 * size, size, random));
    out.evaluation =
        evaluateHead(out.checkpoint, out.head, out.classes, out.features, {},
                     {rescale(out.head, out.classes, out.profile, {})}, *makeEigenScorer(), {});
    return out;
}

ReportSubject subjectOf(const Made& made)
{
    ReportSubject subject;
    subject.checkpoint = &made.checkpoint;
    subject.head = &made.head;
    subject.classes = &made.classes;
    subject.profile = &made.profile;
    subject.features = &made.features;
    subject.evaluation = &made.evaluation;
    return subject;
}

QStringList titlesOf(const ReportSection& section)
{
    QStringList titles;
    for (const ReportTable& table : section.tables)
        titles << QString::fromStdString(table.title);
    return titles;
}

} // namespace

class ReportPageTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void checkerSeesFaults_data();
    void checkerSeesFaults();
    void emptyPageIsAPage();
    void everythingFromFilesIsEscaped();
    void pageLoadsAndRunsNothing();
    void tableSaysWhatIsAHeaderAndWhatANumber();
    void numbersThatAreNotFiniteAreNoNumbers();
    void figuresKeepTheirIdsApart();
    void figureMarkupIsReducedToDrawing_data();
    void figureMarkupIsReducedToDrawing();
    void figureThatIsNoneIsSaid();
    void chartGoesThroughUnharmed();
    void sectionTellsOfHeadCountsAndData();
    void sectionWithoutDataShowsTheFit();
    void sectionWithoutCountsShowsTheNorms();
    void longClassTableSaysWhereTheRestIs();
    void pathsAreShortened();
    void warningsAreSaidOnce();
};

void ReportPageTest::checkerSeesFaults_data()
{
    QTest::addColumn<QString>("page");
    QTest::addRow("left open") << "<html><p></html>";
    QTest::addRow("out of order") << "<html><b><i></b></i></html>";
    QTest::addRow("short form") << "<html><p/></html>";
    QTest::addRow("bare ampersand") << "<html>a & b</html>";
}

void ReportPageTest::checkerSeesFaults()
{
    QFETCH(QString, page);
    QVERIFY(!faultsOf(page.toStdString()).isEmpty());
}

void ReportPageTest::emptyPageIsAPage()
{
    const std::string page = reportHtml({});
    QCOMPARE(faultsOf(page), QString());
    QCOMPARE(found(page, "h1").size(), 1);
    QVERIFY(found(page, "table").isEmpty() && found(page, "nav").isEmpty());
}

void ReportPageTest::everythingFromFilesIsEscaped()
{
    ReportPage page;
    page.title = nasty;
    page.introduction = {nasty};
    for (int i = 0; i < 2; ++i)
        page.sections.push_back({nasty,
                                 {{nasty, nasty}},
                                 {nasty},
                                 {nasty},
                                 {{nasty, nasty, nasty}},
                                 {{nasty, {{nasty, nasty}, {{nasty, nasty}}, 1}, nasty}}});
    const std::string html = reportHtml(page);
    QCOMPARE(faultsOf(html), QString());
    QVERIFY(found(html, "script").isEmpty());
    const QString shown =
        QString::fromUtf8("<script>alert('1 & 2')</script> \"\xc3\xa4\" \\xff \\x01");
    for (const char* element : {"title", "h1", "h2", "dt", "dd", "caption", "td"})
        QCOMPARE(found(html, element).first(), shown);
}

void ReportPageTest::pageLoadsAndRunsNothing()
{
    Made all = made(12);
    ReportSection section = reportSection(subjectOf(all));
    section.figures.push_back({"Norms", normChartSvg(all.profile, all.classes, "norms"), ""});
    const std::string html = reportHtml(pageWith(section));
    QVERIFY(found(html, "script").isEmpty() && found(html, "link").isEmpty());
    QVERIFY(html.find("http:") == std::string::npos && html.find("https:") == std::string::npos);
    QVERIFY(found(html, "meta", "content").join(' ').contains("default-src 'none'"));
}

void ReportPageTest::tableSaysWhatIsAHeaderAndWhatANumber()
{
    const Table table{{"class", "n"}, {{"cat", "1"}, {"... 9 more", ""}}, 1};
    QCOMPARE(htmlTable(table, "a < b"),
             std::string("<table>\n<caption>a &lt; b</caption>\n"
                         "<thead><tr><th scope=\"col\">class</th>"
                         "<th scope=\"col\" class=\"n\">n</th></tr></thead>\n<tbody>\n"
                         "<tr><th scope=\"row\">cat</th><td class=\"n\">1</td></tr>\n"
                         "<tr><td class=\"gap\" colspan=\"2\">... 9 more</td></tr>\n"
                         "</tbody>\n</table>\n"));
}

void ReportPageTest::numbersThatAreNotFiniteAreNoNumbers()
{
    const Table table{{"class", "a", "b", "c"}, {{"nan", "nan", "inf", "-inf"}}, 1};
    QCOMPARE(found(htmlTable(table, ""), "td"),
             QStringList(
                 {"n/a", QString::fromUtf8("\xe2\x88\x9e"), QString::fromUtf8("-\xe2\x88\x9e")}));
    QCOMPARE(found(htmlTable(table, ""), "th").last(), QString("nan")); // a class may be called so
    Made odd = made(5);
    odd.profile.norms[0] = std::numeric_limits<double>::quiet_NaN();
    odd.evaluation.methods[0].comparison.top1 = Change{NAN, NAN, INFINITY};
    QCOMPARE(faultsOf(reportHtml(pageWith(reportSection(subjectOf(odd))))), QString());
}

void ReportPageTest::figuresKeepTheirIdsApart()
{
    const std::string svg =
        "<?xml version=\"1.0\"?>\n<!DOCTYPE svg>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
        "xmlns:xlink=\"http://www.w3.org/1999/xlink\"><defs><linearGradient id=\"g\"/></defs>"
        "<rect fill=\"url(#g)\" style=\"stroke:url(#g)\"/><use xlink:href=\"#g\"/></svg>\n";
    ReportSection section;
    section.figures = {{"One", svg, ""}, {"Two", svg, ""}};
    const std::string html = reportHtml(pageWith(section));
    QCOMPARE(faultsOf(html), QString());
    QCOMPARE(found(html, "linearGradient", "id"), QStringList({"f1-g", "f2-g"}));
    QCOMPARE(found(html, "rect", "fill"), QStringList({"url(#f1-g)", "url(#f2-g)"}));
    QCOMPARE(found(html, "rect", "style"), QStringList({"stroke:url(#f1-g)", "stroke:url(#f2-g)"}));
    QCOMPARE(found(html, "use", "href"), QStringList({"#f1-g", "#f2-g"}));
}

void ReportPageTest::figureMarkupIsReducedToDrawing_data()
{
    QTest::addColumn<QString>("svg");
    QTest::addColumn<QString>("drawn");
    const auto add = [](const char* what, const char* svg, const char* drawn) {
        QTest::addRow("%s", what) << QString::fromUtf8(svg) << QString::fromUtf8(drawn);
    };
    add("a script", "<svg><script>f()</script></svg>",
        "<svg>&lt;script&gt;f()&lt;/script&gt;</svg>");
    add("an event", "<svg onload=\"f()\"><g ONCLICK='f()'/></svg>", "<svg><g/></svg>");
    add("a link", "<svg><use href=\"http://x/y#z\"/><image xlink:href='javascript:f()'/></svg>",
        "<svg><use/><image/></svg>");
    add("a picture inside", "<svg><image xlink:href=\"data:image/png;base64,AA==\"/></svg>",
        "<svg><image href=\"data:image/png;base64,AA==\"/></svg>");
    add("a style from elsewhere", "<svg><g style=\"fill:URL( http://x)\" fill=\"red\"/></svg>",
        "<svg><g fill=\"red\"/></svg>");
    add("a title that was not escaped", "<svg><title>a < b & <rect> &amp;</title></svg>",
        "<svg><title>a &lt; b &amp; &lt;rect&gt; &amp;</title></svg>");
    add("elements left open", "<svg><g><text>a", "<svg><g><text>a</text></g></svg>");
    add("a wrong end", "<svg><g></rect></g></svg>", "<svg><g>&lt;/rect&gt;</g></svg>");
    add("a tag without end", "<svg><g a=\"b</svg>", "<svg>&lt;g a=&quot;b</svg>");
    add("text around it", "before <svg/> after", "<svg/>");
    add("a comment", "<svg><!-- <g> --><g/></svg>", "<svg><g/></svg>");
    add("entities", "<svg><text>&lt;&#228;&#xe4;&nbsp;&</text></svg>",
        "<svg><text>&lt;&#228;&#xe4;&amp;nbsp;&amp;</text></svg>");
    add("letters of other scripts", "<svg><text>gr\xc3\xbcn</text></svg>",
        "<svg><text>gr\xc3\xbcn</text></svg>");
}

void ReportPageTest::figureMarkupIsReducedToDrawing()
{
    QFETCH(QString, svg);
    QFETCH(QString, drawn);
    QCOMPARE(QString::fromStdString(inlineSvg(svg.toStdString(), "f1-")), drawn);
    QCOMPARE(faultsOf(pageWithFigure(svg.toStdString())), QString());
}

void ReportPageTest::figureThatIsNoneIsSaid()
{
    const std::string html = pageWithFigure("no picture");
    QCOMPARE(faultsOf(html), QString());
    QVERIFY(html.find("This figure could not be drawn.") != std::string::npos);
}

void ReportPageTest::chartGoesThroughUnharmed()
{
    const Made all = made(30);
    const std::string svg = normChartSvg(all.profile, all.classes, "a < b");
    const std::string html = pageWithFigure(svg);
    QCOMPARE(faultsOf(html), QString());
    for (const char* element : {"circle", "rect", "polyline", "text"})
        QCOMPARE(found(html, element), found(svg, element));
    QCOMPARE(found(html, "circle", "cx"), found(svg, "circle", "cx"));
    QCOMPARE(found(html, "text", "transform"), found(svg, "text", "transform"));
}

void ReportPageTest::sectionTellsOfHeadCountsAndData()
{
    const Made all = made(12);
    const ReportSection section = reportSection(subjectOf(all));
    QCOMPARE(titlesOf(section),
             QStringList({"Methods", "More metrics, before and after samn",
                          "Blocks of equal norm that PAVA finds",
                          "Classes before and after samn, in order of class frequency"}));
    QCOMPARE(section.tables.back().table.rows.size(), std::size_t(12));
    const std::string html = reportHtml(pageWith(section));
    QCOMPARE(faultsOf(html), QString());
    for (const char* words :
         {"24 samples", "fc.weight: 12 classes x 4 features; linear; bias fc.bias",
          "84 to 1,001 training images a class", "PAVA: "})
        QVERIFY2(html.find(words) != std::string::npos, words);
}

void ReportPageTest::sectionWithoutDataShowsTheFit()
{
    const Made all = made(12);
    ReportSubject subject = subjectOf(all);
    subject.features = nullptr;
    subject.evaluation = nullptr;
    const ReportSection section = reportSection(subject);
    QCOMPARE(titlesOf(section),
             QStringList({"Blocks of equal norm that PAVA finds",
                          "Classes and the fit of their norms, in order of class frequency"}));
    QCOMPARE(section.words.size(), std::size_t(1));
    const std::string html = reportHtml(pageWith(section));
    QCOMPARE(faultsOf(html), QString());
    QVERIFY(!found(html, "dt").contains("Data"));
}

void ReportPageTest::sectionWithoutCountsShowsTheNorms()
{
    const Made all = made(12);
    ReportSubject subject;
    subject.checkpoint = &all.checkpoint;
    subject.head = &all.head;
    const ReportSection section = reportSection(subject);
    QCOMPARE(titlesOf(section), QStringList{"Weight norms by class index"});
    QCOMPARE(found(reportHtml(pageWith(section)), "dt"), QStringList({"Checkpoint", "Head"}));
    QVERIFY(reportSection({}).tables.empty());
}

void ReportPageTest::longClassTableSaysWhereTheRestIs()
{
    const Made all = made(200);
    ReportSubject subject = subjectOf(all);
    subject.classFile = "all-<classes>.csv";
    const ReportSection section = reportSection(subject);
    const ReportTable& table = section.tables.back();
    QVERIFY(table.table.rows.size() <= 60);
    QCOMPARE(table.table.rows.front()[0], std::string("class 0"));
    QCOMPARE(table.table.rows.back()[0], std::string("class 199"));
    QVERIFY(table.note.find("200 classes") != std::string::npos);
    QVERIFY(reportHtml(pageWith(section)).find("in all-&lt;classes&gt;.csv") != std::string::npos);
}

void ReportPageTest::pathsAreShortened()
{
    const Made all = made(5);
    const auto inputs = reportSection(subjectOf(all)).inputs;
    QCOMPARE(inputs.front().second, std::string("seven/best.pth"));
    for (const auto& [name, value] : inputs)
        QVERIFY2(value.find("someone") == std::string::npos, name.c_str());
}

void ReportPageTest::warningsAreSaidOnce()
{
    Made all = made(5);
    all.classes.warnings = {"twice", "classes"};
    all.evaluation.warnings = {"twice"};
    ReportSubject subject = subjectOf(all);
    subject.warnings = {"before", "twice"};
    Warnings warnings = reportSection(subject).warnings;
    warnings.resize(3);
    QCOMPARE(warnings, (Warnings{"before", "twice", "classes"}));
}

QTEST_APPLESS_MAIN(ReportPageTest)
#include "tst_report_page.moc"
