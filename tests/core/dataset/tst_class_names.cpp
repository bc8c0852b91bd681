// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "core/dataset/scratch.h"
#include "dataset/class_set.h"
#include "dataset/config_names.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

using Counts = std::vector<std::int64_t>;
using Names = std::vector<std::string>;

} // namespace

class ClassNamesTest : public QObject
{
    Q_OBJECT
    Scratch m_scratch;

    /// One folder per class with 3 cats, 1 dog and 2 owls; "note.txt" is no image.
    std::string imageFolder(const std::string& name) const
    {
        for (const char* file : {"cat/1.jpg", "cat/2.JPEG", "cat/deep/3.png", "cat/note.txt",
                                 "dog/1.jpg", "owl/1.webp", "owl/2.tiff"})
            m_scratch.file(name + "/" + file, "x");
        m_scratch.file(name + "/readme.jpg", "beside the classes");
        return m_scratch.folder(name);
    }

    std::string errorWith(const std::string& source, std::optional<std::int64_t> classes,
                          const ClassNaming& naming) const
    {
        return errorOf([&] { readClassSet(source, classes, naming); });
    }

private Q_SLOTS:
    void aConfigBesideTheCheckpointNamesTheClasses_data()
    {
        QTest::addColumn<QString>("config");
        QTest::addColumn<QString>("names");
        QTest::newRow("names every class") << R"({"id2label": {"1": "dog", "0": "cat"}})"
                                           << "cat dog";
        QTest::newRow("the library's own placeholders")
            << R"({"id2label": {"0": "LABEL_0", "1": "LABEL_1"}})"
            << "0 1";
        QTest::newRow("more names than classes")
            << R"({"id2label": {"0": "cat", "1": "dog", "2": "owl"}})"
            << "0 1";
        QTest::newRow("a config of another program") << R"({"model": "resnet"})"
                                                     << "0 1";
        QTest::newRow("no JSON") << "{{{"
                                 << "0 1";
    }
    void aConfigBesideTheCheckpointNamesTheClasses()
    {
        QFETCH(QString, config);
        QFETCH(QString, names);
        m_scratch.file("config.json", config.toStdString());
        const ClassSet plain = readClassSet(m_scratch.file("two.txt", "5\n3\n"), 2);
        const ClassSet set = withConfigNames(plain, m_scratch.root() / "model.safetensors");
        QCOMPARE(QString::fromStdString(set.names[0] + " " + set.names[1]), names);
        QCOMPARE(set.namesSource.empty(), names == QStringLiteral("0 1"));
        ClassSet named = plain;
        named.namesSource = "the counts";
        QCOMPARE(withConfigNames(named, m_scratch.root() / "model.safetensors").names, plain.names);
    }

    void foldersAreClassesInSortedOrder()
    {
        const ClassSet set = readClassSet(imageFolder("sorted"), 3);
        QCOMPARE(set.counts, (Counts{3, 1, 2}));
        QCOMPARE(set.names, (Names{"cat", "dog", "owl"}));
        QVERIFY(says(set.countsSource, {"sorted (image folder)"}));
    }

    void aMissingFolderShiftsNothingWhereNamesAreKnown_data()
    {
        QTest::addColumn<QString>("option");
        QTest::addColumn<QString>("text");
        QTest::newRow("class map") << "map"
                                   << "owl 0\ncat 1\npolar bear 2\ndog 3\n";
        QTest::newRow("class map as CSV") << "map"
                                          << "name,index\nowl,0\ncat,1\npolar bear,2\ndog,3\n";
        QTest::newRow("class map without header") << "map"
                                                  << "owl,0\ncat,1\npolar bear,2\ndog,3\n";
        QTest::newRow("class map, index first") << "map"
                                                << "0;owl\n1;cat\n2;polar bear\n3;dog\n";
        QTest::newRow("class map as JSON")
            << "map"
            << "{\"owl\": 0, \"cat\": 1, \"polar bear\": 2, \"dog\": 3}";
        QTest::newRow("one name per line") << "classes"
                                           << "owl\ncat\npolar bear\ndog\n";
        QTest::newRow("names as CSV") << "classes"
                                      << "index,name\n3,dog\n0,owl\n1,cat\n2,polar bear\n";
        QTest::newRow("names as JSON") << "classes"
                                       << "[\"owl\", \"cat\", \"polar bear\", \"dog\"]";
    }

    void aMissingFolderShiftsNothingWhereNamesAreKnown()
    {
        QFETCH(QString, option);
        QFETCH(QString, text);
        const std::string file = m_scratch.file("names.txt", text.toStdString());
        ClassNaming naming;
        (option == "map" ? naming.classMap : naming.classes) = file;
        const ClassSet set = readClassSet(imageFolder("named"), 4, naming);
        QCOMPARE(set.counts, (Counts{2, 3, 0, 1}));
        QCOMPARE(set.names[1], std::string("cat"));
        QCOMPARE(set.warnings.size(), std::size_t(1));
        QVERIFY(says(set.warnings[0], {"1 of 4 classes", "class 2"}));
    }

    void anotherNumberOfFoldersAsksForAMap()
    {
        QVERIFY(says(errorWith(imageFolder("few"), 4, {}),
                     {"few: 3 class folders, but there are 4 classes", "--class-map FILE"}));
    }

    void anUnknownFolderIsNamed()
    {
        ClassNaming naming;
        naming.classMap = m_scratch.file("short_map.txt", "cat 0\nowl 1\n");
        QVERIFY(says(errorWith(imageFolder("unknown"), 3, naming),
                     {"the folder \"dog\" is no class of", "short_map.txt"}));
    }

    void aDataSetsRootIsNotTakenForClasses()
    {
        m_scratch.file("root/train/cat/1.jpg", "x");
        m_scratch.file("root/val/cat/1.jpg", "x");
        QVERIFY(says(errorWith(m_scratch.folder("root"), {}, {}),
                     {"its folders are splits (train, val)"}));
        QVERIFY(says(errorWith(m_scratch.folder("bare"), {}, {}), {"no folders are in it"}));
        m_scratch.file("hollow/cat/1.txt", "x");
        QVERIFY(says(errorWith(m_scratch.folder("hollow"), {}, {}),
                     {"every class has 0 training images; image files"}));
    }

    void numberedFoldersOutOfOrderAreWarnedAbout()
    {
        for (const char* name : {"0", "1", "2", "10"})
            m_scratch.file(std::string("numbered/") + name + "/1.jpg", "x");
        const ClassSet set = readClassSet(m_scratch.folder("numbered"), {});
        QCOMPARE(set.names, (Names{"0", "1", "10", "2"}));
        QVERIFY(says(set.warnings.at(0), {"class 2 is the folder \"10\""}));
    }

    void csvNamesResolveThroughTheClassFile()
    {
        ClassNaming naming;
        naming.classes = m_scratch.file("classes.txt", "owl\ncat\ndog\n");
        const std::string csv = m_scratch.file("by_name.csv", "name,count\ndog,7\nowl,9\n");
        QCOMPARE(readClassSet(csv, 3, naming).counts, (Counts{9, 0, 7}));
        const std::string other = m_scratch.file("other.csv", "name,count\nfox,7\n");
        QVERIFY(says(errorWith(other, 3, naming),
                     {"other.csv, line 2: \"fox\" is no class of", "classes.txt"}));
        const std::string twice = m_scratch.file("twice.csv", "name,count\ndog,7\ndog,9\n");
        QVERIFY(says(errorWith(twice, 3, naming), {"twice.csv, line 3: class 2 is there twice"}));
        const std::string shifted = m_scratch.file("shifted.csv", "index,name,count\n0,cat,7\n");
        QVERIFY(says(errorWith(shifted, 3, naming),
                     {"shifted.csv, line 2: \"cat\" is class 0 here, but class 1 in"}));
    }

    void csvNamesAloneAreTakenInOrderWithAWarning()
    {
        const std::string csv = m_scratch.file("rows.csv", "class,count\ndog,7\nowl,9\n");
        const ClassSet set = readClassSet(csv, 2);
        QCOMPARE(set.counts, (Counts{7, 9}));
        QCOMPARE(set.names, (Names{"dog", "owl"}));
        QVERIFY(says(set.warnings.at(0), {"taken in class order", "--classes FILE"}));
        QVERIFY(says(errorWith(csv, 3, {}), {"rows.csv gives 2 classes, the head has 3"}));
    }

    void namesComeFromTheClassFileFirst()
    {
        ClassNaming naming;
        naming.classes = m_scratch.file("display.txt", "Eule\nKatze\n");
        const std::string csv =
            m_scratch.file("ids.csv", "label,synset,train_count\n0,n1,5\n1,n2,6\n");
        QCOMPARE(readClassSet(csv, 2).names, (Names{"n1", "n2"}));
        const ClassSet set = readClassSet(csv, 2, naming);
        QCOMPARE(set.names, (Names{"Eule", "Katze"}));
        QVERIFY(says(set.namesSource, {"display.txt"}));
    }

    void controlBytesInNamesAreEscaped()
    {
        const std::string csv = m_scratch.file("evil.csv", "label,name,count\n0,\x1b[2J,5\n");
        QCOMPARE(readClassSet(csv, 1).names, (Names{"\\x1b[2J"}));
    }

    void badNameFilesAreExplained_data()
    {
        QTest::addColumn<QString>("option");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* name, const char* option, const char* text,
                            const char* sentence) {
            QTest::newRow(name) << option << text << sentence;
        };
        row("too few", "classes", "owl\n", "names 1 classes, the head has 2");
        row("empty", "classes", "\n", "no class names are in it");
        row("name twice", "classes", "owl\nowl\n", "line 2: \"owl\" is class 1 here and class 0");
        row("gap", "classes", "index,name\n0,owl\n2,cat\n", "class 1 has no name");
        row("empty map", "map", "# none\n", "the class map is empty");
        row("index twice", "map", "owl 0\ncat 0\n", "line 2: class 0 is named twice");
        row("no index", "map", "owl\n", "line 1: \"owl\" has one field");
        row("index in words", "map", "owl 0\ncat one\n", "line 2: \"one\" is no class index");
        row("negative index", "map", "owl -1\n", "line 1: class -1 is negative");
        row("huge index", "map", "owl 999999999999\n", "too large for a class index");
    }

    void badNameFilesAreExplained()
    {
        QFETCH(QString, option);
        QFETCH(QString, text);
        QFETCH(QString, sentence);
        const std::string counts = m_scratch.file("two.txt", "5\n6\n");
        const std::string file = m_scratch.file("bad.txt", text.toStdString());
        ClassNaming naming;
        (option == "map" ? naming.classMap : naming.classes) = file;
        QVERIFY(says(errorWith(counts, 2, naming), {"bad.txt", qPrintable(sentence)}));
    }

    void filesThatDisagreeAreRefused()
    {
        const std::string counts = m_scratch.file("three.txt", "5\n6\n7\n");
        ClassNaming naming;
        naming.classes = m_scratch.file("order.txt", "owl\ncat\ndog\n");
        naming.classMap = m_scratch.file("map.txt", "dog 1\n");
        QVERIFY(says(errorWith(counts, 3, naming),
                     {"map.txt, line 1: \"dog\" is class 1 here and class 2 before"}));
    }
};

QTEST_APPLESS_MAIN(ClassNamesTest)
#include "tst_class_names.moc"
