// SPDX-License-Identifier: GPL-3.0-or-later
// The class table's model, always under Qt's own checks of models.
#include <QAbstractItemModelTester>
#include <QFont>
#include <QSignalSpy>
#include <QtTest>

#include "made_rows.h"
#include "models/class_cell.h"
#include "models/class_model.h"

using namespace monotail;
using namespace monotail::test;

namespace {

/// A model that ends the test where it breaks a rule of Qt's models.
struct CheckedModel : ClassModel
{
    CheckedModel() : tester(this, QAbstractItemModelTester::FailureReportingMode::Fatal) {}
    QAbstractItemModelTester tester;
};

QString cell(const ClassModel& model, int row, ClassColumn column)
{
    return model.index(row, model.columnOf(column)).data().toString();
}

ClassRow changed(double change, double p)
{
    ClassRow row = madeRow(0, {});
    row.samples = 1000;
    row.change = change;
    row.p = p;
    return row;
}

} // namespace

class ClassModelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void emptyModelHasNothing()
    {
        const CheckedModel model;
        QCOMPARE(model.rowCount(), 0);
        QCOMPARE(model.columnCount(), 0);
        QCOMPARE(model.rowOf(0), -1);
        QVERIFY(!model.headerData(0, Qt::Horizontal, Qt::DisplayRole).isValid());
    }

    void everyColumnHasATitleAndATooltip()
    {
        CheckedModel model;
        model.setRows(madeRows(3), allColumns());
        for (int column = 0; column < model.columnCount(); ++column) {
            QVERIFY(
                !model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString().isEmpty());
            QVERIFY(model.headerData(column, Qt::Horizontal, Qt::ToolTipRole).toString().size() >
                    20);
        }
    }

    void numbersStandToTheRight()
    {
        CheckedModel model;
        model.setRows(madeRows(3), allColumns());
        const auto alignment = [&](ClassColumn column) {
            return model.index(0, model.columnOf(column))
                .data(Qt::TextAlignmentRole)
                .value<Qt::Alignment>();
        };
        QVERIFY(alignment(ClassColumn::NormAfter).testFlag(Qt::AlignRight));
        QVERIFY(alignment(ClassColumn::Name).testFlag(Qt::AlignLeft));
    }

    void cellSays_data()
    {
        QTest::addColumn<int>("column");
        QTest::addColumn<QString>("text");
        const auto add = [](ClassColumn column, const QString& text) {
            QTest::addRow("%s", qPrintable(plainTitleOf(column))) << int(column) << text;
        };
        add(ClassColumn::Name, QStringLiteral("T-shirt/top"));
        add(ClassColumn::Images, QStringLiteral("12,345"));
        add(ClassColumn::Group, QStringLiteral("few"));
        add(ClassColumn::Block, QStringLiteral("1"));
        add(ClassColumn::NormBefore, QStringLiteral("2.129"));
        add(ClassColumn::RecallBefore, QStringLiteral("0.5"));
        add(ClassColumn::IntervalAfter, QStringLiteral("37.2 - 43.3"));
        add(ClassColumn::Change, QStringLiteral("▲ +39.7"));
        add(ClassColumn::AdjustedP, QStringLiteral("< 0.001"));
        add(ClassColumn::RecallAfter, QStringLiteral("n/a"));
    }

    void cellSays()
    {
        QFETCH(int, column);
        ClassRow row = changed(39.7, 1e-9);
        row.name = QStringLiteral("T-shirt/top");
        row.count = 12345;
        row.group = Shot::Few;
        row.block = 0;
        row.normBefore = 2.1294;
        row.before = 0.5;
        row.afterLow = 37.2;
        row.afterHigh = 43.3;
        CheckedModel model;
        model.setRows({row}, allColumns());
        QTEST(cell(model, 0, static_cast<ClassColumn>(column)), "text");
    }

    void changeIsToldFromNoiseByShapeAndWeight_data()
    {
        QTest::addColumn<double>("change");
        QTest::addColumn<double>("p");
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("bold");
        QTest::addRow("better") << 3.0 << 0.01 << QStringLiteral("▲ +3.0") << true;
        QTest::addRow("better, or noise") << 3.0 << 0.05 << QStringLiteral("△ +3.0") << false;
        QTest::addRow("worse") << -3.0 << 0.049 << QStringLiteral("▼ -3.0") << true;
        QTest::addRow("worse, or noise") << -3.0 << 1.0 << QStringLiteral("▽ -3.0") << false;
        QTest::addRow("the same") << 0.0 << 1.0 << QStringLiteral("= 0.0") << false;
    }

    void changeIsToldFromNoiseByShapeAndWeight()
    {
        QFETCH(double, change);
        QFETCH(double, p);
        QFETCH(bool, bold);
        CheckedModel model;
        model.setRows({changed(change, p)}, allColumns());
        const QModelIndex index = model.index(0, model.columnOf(ClassColumn::Change));
        QTEST(index.data().toString(), "text");
        QCOMPARE(index.data(Qt::FontRole).value<QFont>().bold(), bold);
        const QString words = index.data(Qt::ToolTipRole).toString();
        QCOMPARE(words.contains(QStringLiteral("noise")), change != 0);
    }

    void dataAloneChangesWhileOrderStays()
    {
        CheckedModel model;
        std::vector<ClassRow> rows = madeRows(50);
        model.setRows(rows, allColumns());
        model.setOrder({ClassColumn::Rank});
        QSignalSpy data(&model, &ClassModel::dataChanged);
        QSignalSpy layout(&model, &ClassModel::layoutChanged);
        QSignalSpy reset(&model, &ClassModel::modelReset);
        for (ClassRow& row : rows)
            row.normAfter += 1;
        model.setRows(rows, allColumns());
        QCOMPARE(data.size(), 1);
        QCOMPARE(layout.size(), 0);
        QCOMPARE(reset.size(), 0);
        QCOMPARE(data[0][1].toModelIndex(), model.index(49, model.columnCount() - 1));
        QCOMPARE(
            cell(model, 0, ClassColumn::NormAfter),
            plainText(rows[static_cast<std::size_t>(model.classAt(0))], ClassColumn::NormAfter));
    }

    void orderFollowsTheDataItIsBy()
    {
        CheckedModel model;
        std::vector<ClassRow> rows = madeRows(50);
        model.setRows(rows, allColumns());
        model.setOrder({ClassColumn::NormAfter, Qt::DescendingOrder});
        QSignalSpy layout(&model, &ClassModel::layoutChanged);
        rows[17].normAfter = 1000;
        model.setRows(rows, allColumns());
        QCOMPARE(layout.size(), 1);
        QCOMPARE(model.classAt(0), 17);
        QCOMPARE(model.rowOf(17), 0);
    }

    void persistentIndexesFollowTheirClass()
    {
        CheckedModel model;
        std::vector<ClassRow> rows = madeRows(200);
        model.setRows(rows, allColumns());
        std::vector<std::pair<std::int64_t, QPersistentModelIndex>> kept;
        for (int row = 0; row < model.rowCount(); row += 3)
            kept.emplace_back(model.classAt(row), model.index(row, row % 5));
        const auto verify = [&] {
            for (const auto& [c, index] : kept)
                QCOMPARE(index.row(), model.rowOf(c));
        };
        model.sort(model.columnOf(ClassColumn::Change), Qt::DescendingOrder);
        verify();
        for (ClassRow& row : rows)
            row.scale = static_cast<double>(row.index % 17);
        model.setOrder({ClassColumn::Scale});
        model.setRows(rows, allColumns());
        verify();
        QCOMPARE(kept[10].second.column(), 30 % 5);
    }

    void persistentIndexOfAHiddenClassIsNoMore()
    {
        CheckedModel model;
        model.setRows(madeRows(20), allColumns());
        const QPersistentModelIndex kept = model.index(model.rowOf(4), 2);
        const QPersistentModelIndex hidden = model.index(model.rowOf(5), 2);
        ClassFilter filter;
        filter.only = {4, 6};
        model.setFilter(filter);
        QCOMPARE(kept.row(), model.rowOf(4));
        QVERIFY(!hidden.isValid());
    }

    void filterAndItsAbsenceAreTheSameRows()
    {
        CheckedModel model;
        model.setRows(madeRows(8142), allColumns());
        const int all = model.rowCount();
        ClassFilter filter;
        filter.group = Shot::Many;
        model.setFilter(filter);
        QVERIFY(model.rowCount() > 0 && model.rowCount() < all);
        for (int row = 0; row < model.rowCount(); ++row)
            QCOMPARE(cell(model, row, ClassColumn::Group), nameOf(Shot::Many));
        model.setFilter({});
        QCOMPARE(model.rowCount(), all);
        for (int c = 0; c < all; ++c)
            QCOMPARE(model.classAt(model.rowOf(c)), std::int64_t{c});
    }

    void orderComesBackWithItsColumn()
    {
        CheckedModel model;
        const std::vector<ClassColumn> few{ClassColumn::Index, ClassColumn::NormBefore};
        model.setRows(madeRows(20), allColumns());
        model.setOrder({ClassColumn::Change});
        model.setRows(madeRows(20), few);
        QCOMPARE(model.order(), ClassOrder{ClassColumn::Index});
        QCOMPARE(model.classAt(0), 0);
        model.setRows(madeRows(20), allColumns());
        QCOMPARE(model.order(), ClassOrder{ClassColumn::Change});
    }

    void everyStateKeepsTheRules()
    {
        CheckedModel model;
        const std::vector<ClassColumn> file{ClassColumn::Index, ClassColumn::NormBefore};
        ClassFilter filter;
        for (int round = 0; round < 2; ++round) {
            model.setRows({}, {});
            model.setRows(madeRows(100), file);
            model.setRows(madeRows(100), allColumns());
            model.setOrder({ClassColumn::Change, Qt::DescendingOrder, SortBy::Magnitude});
            model.setRows(madeRows(100, 2), allColumns()); // a method's change
            filter.trend = Trend::Worse;
            model.setFilter(filter);
            model.setRows(madeRows(100, 3), allColumns()); // other classes pass now
            filter.text = QStringLiteral("no such class");
            model.setFilter(filter);
            QCOMPARE(model.rowCount(), 0);
            model.setRows(madeRows(100, 4), allColumns());
            filter = {};
            model.setFilter(filter);
            QCOMPARE(model.rowCount(), 100);
            model.setRows(madeRows(31), allColumns()); // another file
            QCOMPARE(model.rowCount(), 31);
        }
    }

    void tableForTheClipboardIsPlain()
    {
        CheckedModel model;
        ClassRow row = changed(-2.5, 0.3);
        row.name = QStringLiteral("Coat");
        row.count = 12345;
        model.setRows({row}, {ClassColumn::Name, ClassColumn::Images, ClassColumn::Change,
                              ClassColumn::IntervalAfter});
        const Table table = model.table({0});
        QCOMPARE(table.header, (std::vector<std::string>{"class", "images", "change, points",
                                                         "95 % interval after, %"}));
        QCOMPARE(table.rows.at(0), (std::vector<std::string>{"Coat", "12345", "-2.5", "n/a"}));
        QCOMPARE(table.textColumns, std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(ClassModelTest)
#include "tst_class_model.moc"
