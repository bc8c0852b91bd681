// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <numeric>

#include "core/dataset/scratch.h"
#include "dataset/class_set.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

using Counts = std::vector<std::int64_t>;
using Names = std::vector<std::string>;

std::string errorIn(const std::string& source, std::optional<std::int64_t> classes = {})
{
    return errorOf([&] { readClassSet(source, classes); });
}

} // namespace

class CountsTest : public QObject
{
    Q_OBJECT
    Scratch m_scratch;

private Q_SLOTS:
    void oneSetReadsTheSameFromEveryKindOfText_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("text");
        QTest::newRow("one count per line") << "a.txt"
                                            << "500\n30\n0\n7\n";
        QTest::newRow("comments and blank lines") << "b.txt"
                                                  << "# cats\n500\n\n30 # dogs\n 0\n7";
        QTest::newRow("Windows line ends and a mark") << "c.txt"
                                                      << "\xef\xbb\xbf"
                                                         "500\r\n30\r\n0\r\n7\r\n";
        QTest::newRow("as numpy.savetxt writes it")
            << "d.txt"
            << "5.000000000000000000e+02\n3.0e+01\n0.0e+00\n7.0e+00\n";
        QTest::newRow("CSV") << "e.csv"
                             << "label,count\n0,500\n1,30\n2,0\n3,7\n";
        QTest::newRow("CSV in another order") << "f.csv"
                                              << "count,class\n7,3\n30,1\n500,0\n0,2\n";
        QTest::newRow("CSV where an absent class counts 0")
            << "g.csv"
            << "index,train_count\n0,500\n1,30\n3,7\n";
        QTest::newRow("CSV with semicolons") << "h.csv"
                                             << "Label;N\r\n0;500\r\n1;30\r\n2;0\r\n3;7\r\n";
        QTest::newRow("CSV with tabs") << "i.tsv"
                                       << "label\tn\n0\t500\n1\t30\n2\t0\n3\t7\n";
        QTest::newRow("CSV with a mark, quotes and more columns")
            << "j.csv"
            << "\xef\xbb\xbf\"index\",\"note\",\"count\"\n0,\"a, \"\"b\"\"\",500\n1,,30\n"
               "2,x,0\n3,,\"7\"\n";
        QTest::newRow("CSV that pandas wrote with floats")
            << "k.csv"
            << "label,count\n0.0,500.0\n1.0,30.0\n2.0,0.0\n3.0,7.0\n";
        QTest::newRow("JSON list") << "l.json"
                                   << " [500, 30, 0, 7.0]";
        QTest::newRow("JSON object") << "m.json"
                                     << "{\"counts\": [500, 30, 0, 7], \"epoch\": 3}";
    }

    void oneSetReadsTheSameFromEveryKindOfText()
    {
        QFETCH(QString, file);
        QFETCH(QString, text);
        const std::string path = m_scratch.file(file.toStdString(), text.toStdString());
        const ClassSet set = readClassSet(path, 4);
        QCOMPARE(set.counts, (Counts{500, 30, 0, 7}));
        QCOMPARE(set.names, (Names{"0", "1", "2", "3"}));
        QVERIFY(set.namesSource.empty());
        QVERIFY2(set.countsSource.find(path) == 0, set.countsSource.c_str());
    }

    void aLabelListIsCounted()
    {
        const std::string list = m_scratch.file(
            "train.txt", "train/a b/1.jpg 2\ntrain/x,y.jpg\t0\r\ntrain/3.jpg 2\n\ntrain/4.jpg 4\n");
        const ClassSet set = readClassSet(list, {});
        QCOMPARE(set.counts, (Counts{1, 0, 2, 0, 1}));
        QCOMPARE(set.warnings.size(), std::size_t(1));
        QVERIFY(says(set.warnings[0], {"train.txt", "2 of 5 classes", "first: class 1"}));
        QCOMPARE(readClassSet(list, 7).counts, (Counts{1, 0, 2, 0, 1, 0, 0}));
    }

    void theLawCutsAsTheCifarCodeDoes()
    {
        QCOMPARE(readClassSet("exp:5000:100:10", 10).counts,
                 (Counts{5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50}));
        const Counts many = readClassSet("exp:500:100:100", {}).counts;
        QCOMPARE(std::accumulate(many.begin(), many.end(), std::int64_t(0)), std::int64_t(10847));
        QCOMPARE(many.back(), std::int64_t(5));
        QCOMPARE(readClassSet("exp:9:1:3", {}).counts, (Counts{9, 9, 9}));
        QCOMPARE(readClassSet("exp:9:50:1", {}).counts, (Counts{9}));
    }

    void aBadLawIsExplained()
    {
        for (const char* law : {"exp:", "exp:500:100", "exp:0:100:10", "exp:500:0.01:10",
                                "exp:500:nan:10", "exp:500:100:0", "exp:500:100:99999999999"})
            QVERIFY(says(errorIn(law), {law, "exp:LARGEST:IMBALANCE:CLASSES"}));
        QVERIFY(says(errorIn("exp:500:100:100", 10),
                     {"exp:500:100:100 gives 100 classes, the head has 10"}));
    }

    void theSentenceSaysWhatIsWrong_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* name, const char* file, const char* text,
                            const char* says) { QTest::newRow(name) << file << text << says; };
        row("too short", "a.txt", "1\n2\n", "a.txt gives 2 classes, the head has 3;");
        row("too long", "b.txt", "1\n2\n3\n4", "b.txt gives 4 classes, the head has 3;");
        row("negative", "c.txt", "1\n\n-2\n3", "c.txt, line 3: the count -2 is negative");
        row("no integer", "d.txt", "1\n2.5\n3", "d.txt, line 2: \"2.5\" is not a count");
        row("no number", "e.txt", "1\n2\nthree", "e.txt, line 3: \"three\" is not a count");
        row("larger than any data set", "f.txt", "1\n2\n99999999999999",
            "f.txt, line 3: the count");
        row("two on a line", "g.txt", "0 500\n1 30\n2 7\n", "g.txt, line 1: \"0\" stands where");
        row("all on a line", "h.txt", "500, 30, 7", "h.txt, line 1: \"500, 30,\" stands where");
        row("all zero", "i.txt", "0\n0\n0\n", "i.txt: every class has 0 training images");
        row("empty", "j.txt", "", "j.txt: the file is empty");
        row("only comments", "k.txt", "# nothing\n\n", "k.txt: the file is empty");
        row("prose", "l.txt", "hello world\n", "\"hello world\" begins neither counts");
        row("duplicate", "n.csv", "label,count\n0,1\n1,2\n0,3\n",
            "n.csv, line 4: class 0 is there twice; line 2 has it already");
        row("class out of range", "o.csv", "label,count\n0,1\n3,2\n",
            "o.csv, line 3: class 3 is out of range: there are 3 classes (0 to 2); do the labels "
            "begin at 1?");
        row("negative class", "p.csv", "label,count\n-1,1\n",
            "p.csv, line 2: class -1 is negative");
        row("bad class", "q.csv", "label,count\n0,1\n1o,2\n",
            "q.csv, line 3: \"1o\" is no class index");
        row("bad count in a CSV", "r.csv", "label,count\n0,1\n1,x\n",
            "r.csv, line 3: \"x\" is not a count");
        row("no count column", "s.csv", "label,width\n0,1\n",
            "s.csv: no column holds counts; name one \"count\", \"train_count\" or \"n\" (the "
            "columns "
            "are \"label\", \"width\")");
        row("no class column", "t.csv", "foo,count\n0,1\n",
            "t.csv: no column says which class a row is about");
        row("ragged", "u.csv", "label,count\n0,1\n1\n",
            "u.csv, line 3: the first line has 2 fields, this one 1");
        row("open quote", "v.csv", "label,count\n0,\"1\n1,2\n",
            "v.csv, line 2: a quoted field begins");
        row("column twice", "w.csv", "label,count,Count\n0,1,1\n", "names \"Count\" twice");
        row("only a header", "x.csv", "label,count\n",
            "x.csv: there is a header and nothing below it");
        row("label out of range", "y.txt", "a.jpg 0\nb.jpg 3\n",
            "y.txt, line 2: class 3 is out of range");
        row("negative label", "z.txt", "a.jpg 0\nb.jpg -1\n",
            "z.txt, line 2: class -1 is negative");
        row("no label", "A.txt", "a.jpg 0\nb.jpg\n",
            "A.txt, line 2: \"b.jpg\" is no line of a label list");
        row("label in words", "B.txt", "a.jpg 0\nb.jpg cat\n", "B.txt, line 2: the label \"cat\"");
        row("broken JSON", "C.json", "[1, 2", "C.json: this is not valid JSON");
        row("text in JSON", "D.json", "[1, \"2\", 3]",
            "D.json: entry 1 is \"2\", not a whole number");
        row("negative in JSON", "E.json", "[1, -2, 3]",
            "E.json: entry 1: the count -2 is negative");
        row("JSON without counts", "F.json", "{\"epoch\": 1}",
            "F.json: a JSON list of counts is expected");
        row("names too few in JSON", "G.json", "{\"counts\": [1, 2, 3], \"wnids\": [\"n1\"]}",
            "G.json: 3 counts, but 1 names");
    }

    void theSentenceSaysWhatIsWrong()
    {
        QFETCH(QString, file);
        QFETCH(QString, text);
        QFETCH(QString, sentence);
        const std::string path = m_scratch.file(file.toStdString(), text.toStdString());
        QVERIFY(says(errorIn(path, 3), {path.c_str(), qPrintable(sentence)}));
    }

    void aMissingFileIsNamed()
    {
        const std::string path = (m_scratch.root() / "nowhere.csv").string();
        QVERIFY(says(errorIn(path), {path.c_str(), "cannot open the file"}));
    }

    void aBinaryFileIsNotReadAsText()
    {
        const std::string wide = m_scratch.file("wide.txt", "\xff\xfe" + std::string("1\0", 2));
        QVERIFY(says(errorIn(wide), {wide.c_str(), "this text is UTF-16; save it as UTF-8"}));
        const std::string path = m_scratch.file("noise.dat", std::string("\x01\x00\x02\xff", 4));
        QVERIFY(says(errorIn(path), {path.c_str(), "binary file"}));
    }

    void aLabelLargerThanAnyClassIndexTakesNoMemory()
    {
        const std::string path = m_scratch.file("huge.txt", "a.jpg 9000000000000\n");
        QVERIFY(says(errorIn(path), {"line 1: 9000000000000 is too large for a class index"}));
    }

    void theDemoCountsHaveNames()
    {
        const ClassSet set = readClassSet((demoFolder() / "counts.csv").string(), 10);
        QCOMPARE(set.counts, (Counts{16, 9, 170, 94, 555, 5, 1000, 308, 52, 29}));
        QCOMPARE(set.names[0], std::string("T-shirt/top"));
        QCOMPARE(set.names[9], std::string("Ankle boot"));
        QVERIFY(set.warnings.empty());
    }

    void publishedCountsAddUp()
    {
        MONOTAIL_NEEDS_SHARED();
        const auto folder = sharedFolder() / "data/lt-counts";
        const ClassSet imagenet = readClassSet((folder / "ImageNet_LT_counts.csv").string(), 1000);
        const ClassSet places = readClassSet((folder / "Places_LT_counts.csv").string(), 365);
        const auto sum = [](const Counts& counts) {
            return std::accumulate(counts.begin(), counts.end(), std::int64_t(0));
        };
        // The training set sizes that Liu et al. (CVPR 2019) give.
        QCOMPARE(sum(imagenet.counts), std::int64_t(115846));
        QCOMPARE(sum(places.counts), std::int64_t(62500));
        QCOMPARE(imagenet.names[1], std::string("n01443537"));
    }

    void tinyImageNetCountsAgreeBetweenListFolderAndJson()
    {
        MONOTAIL_NEEDS_SHARED();
        const auto folder = sharedFolder() / "data/tiny-imagenet-lt";
        const ClassSet json = readClassSet((folder / "classes.json").string(), 200);
        QCOMPARE(json.names[199].size(), std::size_t(9));
        QCOMPARE(readClassSet((folder / "train.txt").string(), 200).counts, json.counts);
        const ClassSet images = readClassSet((folder / "train").string(), 200);
        QCOMPARE(images.counts, json.counts);
        QCOMPARE(images.names, json.names);
    }
};

QTEST_APPLESS_MAIN(CountsTest)
#include "tst_counts.moc"
