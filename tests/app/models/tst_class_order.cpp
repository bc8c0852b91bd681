// SPDX-License-Identifier: GPL-3.0-or-later
// Which classes the table shows, and in which order.
#include <QtTest>
#include <cmath>

#include "made_rows.h"
#include "models/class_cell.h"
#include "models/class_order.h"

using namespace monotail;
using namespace monotail::test;

Q_DECLARE_METATYPE(monotail::ClassColumn)
Q_DECLARE_METATYPE(monotail::ClassFilter)

namespace {

std::vector<int> arrangedBy(const std::vector<ClassRow>& rows, const ClassOrder& order,
                            const ClassFilter& filter = {})
{
    return arranged(rows, filter, order, namePlaces(rows));
}

/// Four classes: worse beyond noise, better beyond noise, worse within noise, without samples.
std::vector<ClassRow> fourClasses()
{
    std::vector<ClassRow> rows{madeRow(0, QStringLiteral("Aal")), madeRow(1, QStringLiteral("Bär")),
                               madeRow(2, QStringLiteral("Catfish")),
                               madeRow(3, QStringLiteral("aardvark"))};
    const double change[] = {-9, 10, -2};
    const double p[] = {0.01, 0.001, 0.5};
    for (std::size_t c = 0; c < 3; ++c) {
        rows[c].samples = 5;
        rows[c].change = change[c];
        rows[c].p = p[c];
        rows[c].group = static_cast<Shot>(c);
        rows[c].block = static_cast<std::int64_t>(c / 2);
    }
    return rows;
}

/// Whether `a` may stand before `b`, said another way than the order itself does.
bool mayPrecede(const ClassRow& a, const ClassRow& b, const ClassOrder& order)
{
    const auto x = sortValue(a, order.column);
    const auto y = sortValue(b, order.column);
    if (!x || !y)
        return x ? true : !y && a.rank < b.rank;
    const double left = order.by == SortBy::Magnitude ? std::abs(*x) : *x;
    const double right = order.by == SortBy::Magnitude ? std::abs(*y) : *y;
    if (left == right)
        return a.rank < b.rank;
    return order.direction == Qt::AscendingOrder ? left < right : left > right;
}

} // namespace

class ClassOrderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nineComesBeforeTen()
    {
        std::vector<ClassRow> rows{madeRow(0, {}), madeRow(1, {}), madeRow(2, {})};
        rows[0].count = 10;
        rows[1].count = 9;
        rows[2].count = 100;
        QCOMPARE(arrangedBy(rows, {ClassColumn::Images}), (std::vector<int>{1, 0, 2}));
        QCOMPARE(arrangedBy(rows, {ClassColumn::Images, Qt::DescendingOrder}),
                 (std::vector<int>{2, 0, 1}));
    }

    void whatIsNotAvailableComesLastEitherWay()
    {
        const std::vector<ClassRow> rows = fourClasses();
        QCOMPARE(arrangedBy(rows, {ClassColumn::Change}), (std::vector<int>{0, 2, 1, 3}));
        QCOMPARE(arrangedBy(rows, {ClassColumn::Change, Qt::DescendingOrder}),
                 (std::vector<int>{1, 2, 0, 3}));
    }

    void largestChangeIsTheLargestEitherWay()
    {
        std::vector<ClassRow> rows = fourClasses();
        rows[0].change = -11;
        QCOMPARE(arrangedBy(rows, {ClassColumn::Change, Qt::DescendingOrder, SortBy::Magnitude}),
                 (std::vector<int>{0, 1, 2, 3}));
    }

    void equalClassesAreInOrderOfRankEitherWay()
    {
        std::vector<ClassRow> rows{madeRow(0, {}), madeRow(1, {}), madeRow(2, {})};
        rows[0].rank = 2;
        rows[2].rank = 0;
        for (const Qt::SortOrder direction : {Qt::AscendingOrder, Qt::DescendingOrder})
            QCOMPARE(arrangedBy(rows, {ClassColumn::Scale, direction}),
                     (std::vector<int>{2, 1, 0}));
    }

    void withoutRanksEqualClassesAreInOrderOfIndex()
    {
        std::vector<ClassRow> rows{madeRow(0, {}), madeRow(1, {}), madeRow(2, {})};
        for (ClassRow& row : rows)
            row.rank.reset();
        QCOMPARE(arrangedBy(rows, {ClassColumn::Scale, Qt::DescendingOrder}),
                 (std::vector<int>{0, 1, 2}));
    }

    void namesSortWhateverTheirCase()
    {
        QCOMPARE(arrangedBy(fourClasses(), {ClassColumn::Name}), (std::vector<int>{0, 3, 1, 2}));
        QCOMPARE(arrangedBy(fourClasses(), {ClassColumn::Name, Qt::DescendingOrder}),
                 (std::vector<int>{2, 1, 3, 0}));
    }

    void filterKeeps_data()
    {
        QTest::addColumn<ClassFilter>("filter");
        QTest::addColumn<std::vector<int>>("kept");
        const auto add = [](const char* name, auto set, const std::vector<int>& kept) {
            ClassFilter filter;
            set(filter);
            QTest::addRow("%s", name) << filter << kept;
        };
        using Filter = ClassFilter&;
        const std::vector<int> all{0, 1, 2, 3};
        add(
            "everything without a filter", [](Filter) {}, all);
        add("a part of the name in another case", [](Filter f) { f.text = QStringLiteral(" AA "); },
            {0, 3});
        add("a letter beyond ASCII", [](Filter f) { f.text = QStringLiteral("BÄR"); }, {1});
        add("an index", [](Filter f) { f.text = QStringLiteral("2"); }, {2});
        add(
            "blanks only", [](Filter f) { f.text = QStringLiteral("  "); }, all);
        add("nothing by a pattern", [](Filter f) { f.text = QStringLiteral(".*"); }, {});
        add("a group", [](Filter f) { f.group = Shot::Few; }, {2});
        add("a block", [](Filter f) { f.block = 0; }, {0, 1});
        add("what got worse", [](Filter f) { f.trend = Trend::Worse; }, {0, 2});
        add("what got worse beyond noise", [](Filter f) { f.trend = Trend::WorseBeyondNoise; },
            {0});
        add("what improved", [](Filter f) { f.trend = Trend::Better; }, {1});
        add("what improved beyond noise", [](Filter f) { f.trend = Trend::BetterBeyondNoise; },
            {1});
        add("the classes named", [](Filter f) { f.only = {1, 3}; }, {1, 3});
        add("nothing where none is named", [](Filter f) { f.only = std::vector<std::int64_t>(); },
            {});
        add("what passes all of several",
            [](Filter f) {
                f.text = QStringLiteral("a");
                f.trend = Trend::Worse;
                f.block = 1;
            },
            {2});
    }

    void filterKeeps()
    {
        QFETCH(ClassFilter, filter);
        QFETCH(std::vector<int>, kept);
        QCOMPARE(arrangedBy(fourClasses(), {}, filter), kept);
    }

    void indexIsFoundByHowItBegins()
    {
        const std::vector<ClassRow> rows(madeRows(1200));
        ClassFilter filter;
        filter.text = QStringLiteral("119");
        std::vector<int> kept = arrangedBy(rows, {ClassColumn::Index}, filter);
        std::vector<int> expected;
        for (int c = 0; c < 1200; ++c)
            if (QString::number(c).startsWith(QStringLiteral("119")) ||
                rows[static_cast<std::size_t>(c)].name.contains(QStringLiteral("119")))
                expected.push_back(c);
        QVERIFY(std::count(expected.begin(), expected.end(), 1195) == 1);
        QCOMPARE(kept, expected);
    }

    void thousandsOfClassesAreInOrder_data()
    {
        QTest::addColumn<ClassColumn>("column");
        for (const ClassColumn column : allColumns())
            if (column != ClassColumn::Name)
                QTest::addRow("by %s", qPrintable(plainTitleOf(column))) << column;
    }

    void thousandsOfClassesAreInOrder()
    {
        QFETCH(ClassColumn, column);
        const std::vector<ClassRow> rows = madeRows(8142);
        for (const Qt::SortOrder direction : {Qt::AscendingOrder, Qt::DescendingOrder})
            for (const SortBy by : {SortBy::Value, SortBy::Magnitude}) {
                const ClassOrder order{column, direction, by};
                const std::vector<int> shown = arrangedBy(rows, order);
                QCOMPARE(shown.size(), rows.size());
                const auto wrong =
                    std::adjacent_find(shown.begin(), shown.end(), [&](int a, int b) {
                        return !mayPrecede(rows[static_cast<std::size_t>(a)],
                                           rows[static_cast<std::size_t>(b)], order);
                    });
                QVERIFY(wrong == shown.end());
            }
    }

    void thousandsOfClassesAreFiltered()
    {
        const std::vector<ClassRow> rows = madeRows(8142);
        ClassFilter filter;
        filter.text = QStringLiteral("class 1");
        filter.group = Shot::Medium;
        filter.trend = Trend::WorseBeyondNoise;
        std::vector<int> expected;
        for (const ClassRow& row : rows)
            if (row.name.startsWith(QStringLiteral("Class 1")) && row.group == Shot::Medium &&
                row.change && *row.change < 0 && *row.p < 0.05)
                expected.push_back(static_cast<int>(row.index));
        QVERIFY(!expected.empty());
        QCOMPARE(arrangedBy(rows, {ClassColumn::Index}, filter), expected);
    }
};

QTEST_APPLESS_MAIN(ClassOrderTest)
#include "tst_class_order.moc"
