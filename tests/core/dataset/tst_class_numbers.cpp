// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "core/dataset/scratch.h"
#include "dataset/class_set.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

class ClassNumbersTest : public QObject
{
    Q_OBJECT
    Scratch m_scratch;
    const ClassSet m_named{{10, 5, 1}, {"cat", "dog", "owl"}, "counts.csv", "counts.csv", {}};
    const ClassSet m_unnamed{{10, 5, 1}, {"0", "1", "2"}, "counts.txt", "", {}};

private Q_SLOTS:
    void oneNumberPerClassIsRead_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("by index") << "label,scale\n1,2.5\n0,-1\n2,1e-3\n";
        QTest::newRow("by name") << "name,anything\ndog,2.5\nowl,0.001\ncat,-1\n";
        QTest::newRow("beside count and name")
            << "index,name,count,spread\n0,cat,10,-1\n1,dog,5,2.5\n2,owl,1,.001\n";
        QTest::newRow("named value among others")
            << "index;error;value\n0;9;-1\n1;9;2.5\n2;9;0.001\n";
        QTest::newRow("the only numeric one") << "index,note,error\n0,a,-1\n1,b,2.5\n2,,0.001\n";
    }

    void oneNumberPerClassIsRead()
    {
        QFETCH(QString, text);
        const std::string path = m_scratch.file("numbers.csv", text.toStdString());
        QCOMPARE(readClassNumbers(path, m_named), (std::vector<double>{-1, 2.5, 0.001}));
    }

    void countsServeWhereTheyAreTheOnlyNumbers()
    {
        const std::string path = m_scratch.file("counts.csv", "label,count\n0,3\n1,2\n2,1\n");
        QCOMPARE(readClassNumbers(path, m_unnamed), (std::vector<double>{3, 2, 1}));
    }

    void badTablesAreExplained_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("missing") << "label,scale\n0,1\n2,1\n"
                                 << "class 1 (dog) has no number";
        QTest::newRow("twice") << "label,scale\n0,1\n0,1\n"
                               << "line 3: class 0 is there twice";
        QTest::newRow("not finite") << "label,scale\n0,1\n1,inf\n2,1\n"
                                    << "line 3: \"inf\" is not a finite";
        QTest::newRow("not a number") << "label,scale\n0,1\n1,\"0,5\"\n2,1\n"
                                      << "line 3: \"0,5\" is not a finite";
        QTest::newRow("out of range") << "label,scale\n3,1\n"
                                      << "line 2: class 3 is out of range";
        QTest::newRow("unknown name") << "name,scale\nfox,1\n"
                                      << "line 2: \"fox\" is no class of counts.csv";
        QTest::newRow("swapped") << "index,name,scale\n0,dog,1\n"
                                 << "\"dog\" is class 0 here, but class 1 in";
        QTest::newRow("two candidates")
            << "label,a,b\n0,1,2\n"
            << "name that column \"value\" (the columns are \"label\", \"a\", \"b\")";
        QTest::newRow("no candidate") << "label\n0\n"
                                      << "no column holds the numbers";
    }

    void badTablesAreExplained()
    {
        QFETCH(QString, text);
        QFETCH(QString, sentence);
        const std::string path = m_scratch.file("bad.csv", text.toStdString());
        QVERIFY(says(errorOf([&] { readClassNumbers(path, m_named); }),
                     {path.c_str(), qPrintable(sentence)}));
    }

    void namedRowsNeedNamedClasses()
    {
        const std::string path = m_scratch.file("named.csv", "name,scale\ncat,1\ndog,1\nowl,1\n");
        QVERIFY(says(errorOf([&] { readClassNumbers(path, m_unnamed); }),
                     {"the classes have no names here", "--classes FILE"}));
    }
};

QTEST_APPLESS_MAIN(ClassNumbersTest)
#include "tst_class_numbers.moc"
