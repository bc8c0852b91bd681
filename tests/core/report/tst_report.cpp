// SPDX-License-Identifier: GPL-3.0-or-later
#include <QXmlStreamReader>
#include <QtTest>

#include "report/axis.h"
#include "report/json.h"
#include "report/norm_chart.h"
#include "report/story.h"
#include "report/svg.h"
#include "report/table.h"
#include "report/text.h"
#include "support/shared_material.h"

using namespace monotail;

namespace {

const Table small{{"method", "few"}, {{"tau=1", "1.0"}, {"a|b, \"c\" & 5%", "n/a"}}, 1};

struct Case
{
    ClassifierHead head;
    ClassSet classes;
    ClassProfile profile;
};

Case makeCase(std::vector<double> norms, std::vector<std::int64_t> counts)
{
    Case out;
    const auto size = static_cast<Eigen::Index>(norms.size());
    out.head.weight = RowMatrix::Zero(size, 2);
    for (Eigen::Index c = 0; c < size; ++c)
        out.head.weight(c, 0) = static_cast<float>(norms[static_cast<std::size_t>(c)]);
    out.head.bias = Eigen::VectorXf::Zero(size);
    out.head.norms = std::move(norms);
    out.head.source.weight = "fc.weight";
    for (std::size_t c = 0; c < counts.size(); ++c)
        out.classes.names.push_back("class <" + std::to_string(c) + "> & co");
    out.classes.counts = std::move(counts);
    out.classes.countsSource = "a test";
    out.profile = profileHead(out.head, out.classes, {});
    return out;
}

/// Every start tag's name, or the parser's complaint.
QStringList elements(const std::string& svg)
{
    QStringList names;
    QXmlStreamReader xml(QString::fromStdString(svg));
    while (!xml.atEnd())
        if (xml.readNext() == QXmlStreamReader::StartElement)
            names << xml.name().toString();
    return xml.hasError() ? QStringList{xml.errorString()} : names;
}

} // namespace

class ReportTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void textTablesAlign()
    {
        QCOMPARE(
            format({{"class", "n"}, {{"gr\xc3\xbcn", "1"}, {"red", "100"}}, 1}, TableFormat::Text),
            std::string("class    n\n----------\ngr\xc3\xbcn     1\nred    100\n"));
    }

    void markdownEscapesBars()
    {
        QCOMPARE(format(small, TableFormat::Markdown),
                 std::string("| method         | few |\n|----------------|----:|\n"
                             "| tau=1          | 1.0 |\n| a\\|b, \"c\" & 5% | n/a |\n"));
    }

    void latexEscapesSpecialCharacters()
    {
        const std::string text = format(small, TableFormat::Latex);
        QVERIFY(text.find("\\begin{tabular}{lr}") == 0);
        QVERIFY(text.find("a|b, \"c\" \\& 5\\% & n/a \\\\\n") != std::string::npos);
        QVERIFY(format({{"a_b^~\\"}, {}, 1}, TableFormat::Latex)
                    .find("a\\_b\\^{}\\~{}\\textbackslash{}") != std::string::npos);
    }

    void longTablesAreAbridged()
    {
        Table table{{"n"}, {}, 0};
        for (int i = 0; i < 100; ++i)
            table.rows.push_back({std::to_string(i)});
        const Table brief = abridged(table, 5);
        QCOMPARE(brief.rows.size(), std::size_t(5));
        QCOMPARE(brief.rows[1][0], std::string("1"));
        QCOMPARE(brief.rows[2][0], std::string("... 96 more"));
        QCOMPARE(brief.rows[3][0], std::string("98"));
        QCOMPARE(abridged(table, 100).rows.size(), std::size_t(100));
    }

    void csvQuotesWhatItMust()
    {
        QCOMPARE(format(small, TableFormat::Csv),
                 std::string("method,few\ntau=1,1.0\n\"a|b, \"\"c\"\" & 5%\",n/a\n"));
    }

    void unknownTableFormatNamesTheKnown()
    {
        const std::string error = test::errorOf([] { parseTableFormat("html"); });
        QVERIFY(error.find("html") != std::string::npos &&
                error.find("latex") != std::string::npos);
    }

    void ticksAreRoundAndCover_data()
    {
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::addRow("ordinary") << 1.79 << 4.2;
        QTest::addRow("tiny") << 1e-9 << 3e-9;
        QTest::addRow("huge") << 0.0 << 7e12;
        QTest::addRow("equal") << 2.0 << 2.0;
        QTest::addRow("zero") << 0.0 << 0.0;
    }

    void ticksAreRoundAndCover()
    {
        QFETCH(double, low);
        QFETCH(double, high);
        const std::vector<double> ticks = roundTicks(low, high, 6);
        QVERIFY(ticks.size() >= 2 && ticks.size() <= 14);
        QVERIFY(ticks.front() <= low && ticks.back() >= high);
        for (std::size_t i = 1; i < ticks.size(); ++i)
            QVERIFY(ticks[i] > ticks[i - 1]);
    }

    void decadesCover()
    {
        QCOMPARE(decadeTicks(1, 1000), (std::vector<double>{1, 10, 100, 1000}));
        QCOMPARE(decadeTicks(1, 1280), (std::vector<double>{1, 10, 100, 1000, 10000}));
        QCOMPARE(decadeTicks(1, 2), (std::vector<double>{1, 10}));
    }

    void chartIsWellFormedAtEverySize_data()
    {
        QTest::addColumn<int>("classes");
        for (const int classes : {1, 2, 10, 40, 41, 1000, 8142})
            QTest::addRow("%d classes", classes) << classes;
    }

    void chartIsWellFormedAtEverySize()
    {
        QFETCH(int, classes);
        std::vector<double> norms;
        std::vector<std::int64_t> counts;
        for (int c = 0; c < classes; ++c) {
            norms.push_back(1 + 0.3 * std::sin(c));
            counts.push_back(c % 7 == 3 ? 0 : 1000 / (c + 1) + 1);
        }
        const Case test = makeCase(norms, counts);
        const QStringList names = elements(normChartSvg(test.profile, test.classes, "a < b"));
        QCOMPARE(names.count("circle"), classes + 1);
        QVERIFY(names.count("text") < 150);
    }

    void chartShowsEachPooledBlock()
    {
        // Norms by rank 2, 3, 1: the last two pool to 2, and with the first they are one run.
        const Case one = makeCase({2, 3, 1}, {30, 20, 10});
        QCOMPARE(elements(normChartSvg(one.profile, one.classes, "")).count("rect"), 1 + 2 + 1);
        const Case none = makeCase({1, 2, 3}, {30, 20, 10});
        QCOMPARE(elements(normChartSvg(none.profile, none.classes, "")).count("rect"), 1 + 2);
    }

    void svgEscapesText()
    {
        SvgCanvas canvas(10, 10, "<&>");
        canvas.text(1, 2, "\"<script>\x01", Anchor::Middle);
        QCOMPARE(elements(canvas.str()), (QStringList{"svg", "title", "rect", "text"}));
    }

    void jsonNeverFailsOnStrangeBytes()
    {
        const std::string text = dump(Json{{"name", "\xff\xfe"}, {"value", std::nan("")}});
        const auto parsed = nlohmann::json::parse(text);
        QVERIFY(parsed["value"].is_null());
    }

    void absentRatesAreNullAndNotZero()
    {
        const Json metrics = metricsJson({});
        for (const char* key : {"top1", "class_mean", "top5", "many", "worst_class", "ece"})
            QVERIFY2(metrics[key].is_null(), key);
        QCOMPARE(rateText(Rate()), std::string("n/a"));
        QCOMPARE(changeText(std::nullopt), std::string("n/a"));
        QCOMPARE(changeText(Change{2.04, 1.0, 3.0}), std::string("+2.04 [1.00, 3.00]"));
    }

    void blocksAreListedWithTheirClasses()
    {
        const Case test = makeCase({1, 3, 2, 4}, {40, 30, 20, 10});
        const Table table = blockTable(test.classes, test.profile);
        QCOMPARE(table.rows.size(), std::size_t(3));
        QCOMPARE(table.rows[1][1], std::string("class <1> & co, class <2> & co"));
        QCOMPARE(table.rows[1][2], std::string("2"));
        QCOMPARE(table.rows[1][3], std::string("2.500"));
    }
};

QTEST_APPLESS_MAIN(ReportTest)
#include "tst_report.moc"
