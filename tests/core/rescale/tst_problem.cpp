// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>

#include "core/checkpoint/flat_checkpoint.h"
#include "rescale/problem.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

/// Which head is meant, once it is known how many classes there are.
class ProblemTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    FlatCheckpoint file() const
    {
        return FlatCheckpoint(m_folder.filePath("model.bin").toStdString());
    }

    static CountedHead counted(const Checkpoint& checkpoint, const std::string& law,
                               const HeadQuery& query = {})
    {
        return withClasses(checkpoint, query, chooseHead(checkpoint, query, law, {}), law, {});
    }

private Q_SLOTS:
    void theCountsTellHowAWeightIsRead_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("law");
        QTest::addColumn<int>("classes");
        QTest::addColumn<QString>("orientation");
        QTest::addColumn<QString>("background");
        QTest::newRow("as many as rows") << "fc"
                                         << "exp:50:10:8" << 8 << "C x D"
                                         << "none";
        QTest::newRow("as many as columns") << "fc"
                                            << "exp:50:10:5" << 5 << "D x C"
                                            << "none";
        QTest::newRow("a detector's rows without background") << "cls_score"
                                                              << "exp:50:10:7" << 7 << "C x D"
                                                              << "last";
        QTest::newRow("a detector's rows with background") << "cls_score"
                                                           << "exp:50:10:8" << 8 << "C x D"
                                                           << "none";
    }

    void theCountsTellHowAWeightIsRead()
    {
        QFETCH(QString, name);
        QFETCH(QString, law);
        QFETCH(int, classes);
        QFETCH(QString, orientation);
        QFETCH(QString, background);
        FlatCheckpoint flat = file();
        flat.tensor(name.toStdString() + ".weight", DType::Float32, {8, 5}, counting(40));
        const CountedHead found = counted(flat.write(), law.toStdString());
        QCOMPARE(found.head.classes, std::int64_t{classes});
        QCOMPARE(found.classes.size(), std::int64_t{classes});
        QCOMPARE(std::string(nameOf(found.head.orientation)), orientation.toStdString());
        QCOMPARE(std::string(nameOf(found.head.background)), background.toStdString());
    }

    void theCountsChooseAmongHeads()
    {
        FlatCheckpoint flat = file();
        flat.tensor("fc.weight", DType::Float32, {4, 6}, counting(24));
        flat.tensor("fc_fine.weight", DType::Float32, {9, 6}, counting(54));
        const Checkpoint& checkpoint = flat.write();
        QCOMPARE(counted(checkpoint, "exp:50:10:4").head.weight, std::string("fc.weight"));
        QCOMPARE(counted(checkpoint, "exp:50:10:9").head.weight, std::string("fc_fine.weight"));
        HeadQuery query;
        query.name = "fc";
        QCOMPARE(errorOf([&] { counted(checkpoint, "exp:50:10:9", query); }),
                 std::string("exp:50:10:9 gives 9 classes, the head has 4; the last number of the "
                             "law is the number of classes"));
    }

    void hiddenLayersAreNotChosenByCounts()
    {
        FlatCheckpoint flat = file();
        flat.tensor("fc1.weight", DType::Float32, {6, 8}, counting(48));
        flat.tensor("fc2.weight", DType::Float32, {3, 6}, counting(18));
        const std::string said = errorOf([&] { counted(flat.write(), "exp:50:10:8"); });
        QVERIFY2(said.find("the head has 3") != said.npos, said.c_str());
    }
};

QTEST_APPLESS_MAIN(ProblemTest)
#include "tst_problem.moc"
