// SPDX-License-Identifier: GPL-3.0-or-later
// Classes selected in the table and elsewhere are the same classes.
#include <QCheckBox>
#include <QTemporaryDir>

#include "shown_classes.h"
#include "support/safetensors_file.h"

using namespace monotail;
using namespace monotail::test;

namespace {

using Shown = ShownClasses;
using Classes = std::vector<std::int64_t>;

/// 8,142 classes x 2 features, the norms falling with the index.
Inputs thousands(const QTemporaryDir& folder)
{
    constexpr std::int64_t classes = 8142;
    std::vector<float> weight;
    for (std::int64_t c = 0; c < classes; ++c)
        weight.insert(weight.end(), {static_cast<float>(classes - c), 0.0F});
    Inputs inputs;
    inputs.checkpoint =
        SafetensorsFile()
            .add("fc.weight", {classes, 2}, weight)
            .write(folder.filePath(QStringLiteral("large.safetensors")).toStdString());
    inputs.counts = "exp:1000:500:8142";
    return inputs;
}

} // namespace

class ClassSelectionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void classesSelectedElsewhereAreSelectedAndInView()
    {
        Shown shown;
        shown.panel.resize(500, 190);
        shown.session.openDemo();
        QVERIFY(shown.wait());
        shown.session.selection().set({5, 1}); // Sandal and Trouser, at the bottom
        QList<int> rows;
        for (const QModelIndex& index : shown.view.selectionModel()->selectedRows())
            rows += index.row();
        std::sort(rows.begin(), rows.end());
        QCOMPARE(rows, (QList<int>{8, 9}));
        QVERIFY(shown.view.viewport()->rect().intersects(
            shown.view.visualRect(shown.view.model()->index(8, 0))));
        shown.session.selection().clear();
        QVERIFY(!shown.view.selectionModel()->hasSelection());
    }

    void rowsClickedAreSelectedEverywhere()
    {
        Shown shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        QSignalSpy changes(&shown.session.selection(), &ClassSelection::changed);
        clickRow(shown.view, 0);
        QCOMPARE(shown.selected(), Classes{6});
        QCOMPARE(changes.size(), 1);
        clickRow(shown.view, 2, Qt::ShiftModifier);
        QCOMPARE(shown.selected(), (Classes{4, 6, 7}));
        clickRow(shown.view, 1, Qt::ControlModifier);
        QCOMPARE(shown.selected(), (Classes{6, 7}));
        QTest::keyClick(&shown.view, Qt::Key_Down);
        QCOMPARE(shown.selected(), Classes{7});
        QTest::keyClick(&shown.view, Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(shown.selected().size(), std::size_t{10});
    }

    void filteringDropsNoSelection()
    {
        Shown shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        shown.session.selection().set({0, 4, 6});
        QTest::keyClicks(&shown.filter(), QStringLiteral("shirt"));
        QCOMPARE(shown.selected(), (Classes{0, 4, 6}));
        QCOMPARE(shown.view.selectionModel()->selectedRows().size(), 2);
        clickRow(shown.view, 0, Qt::ControlModifier); // Shirt; Coat is hidden and stays
        QCOMPARE(shown.selected(), (Classes{0, 4}));
        shown.filter().clear();
        QCOMPARE(shown.view.selectionModel()->selectedRows().size(), 2);
        QCOMPARE(shown.selected(), (Classes{0, 4}));
        QTest::keyClicks(&shown.filter(), QStringLiteral("shirt"));
        clickRow(shown.view, 0); // a plain click replaces, as everywhere
        QCOMPARE(shown.selected(), Classes{6});
    }

    void sortingKeepsTheSelection()
    {
        Shown shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        shown.session.selection().set({0, 5, 6});
        clickHeader(shown.view, QStringLiteral("class"));
        QCOMPARE(shown.selected(), (Classes{0, 5, 6}));
        QStringList names;
        for (const QModelIndex& index : shown.view.selectionModel()->selectedRows())
            names += index.data().toString();
        names.sort();
        QCOMPARE(names, (QStringList{QStringLiteral("Sandal"), QStringLiteral("Shirt"),
                                     QStringLiteral("T-shirt/top")}));
    }

    void selectedOnlyStaysWhileRowsAreClicked()
    {
        Shown shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        shown.session.selection().set({0, 5, 6});
        shown.panel.findChild<QCheckBox*>()->click();
        QCOMPARE(shown.names().size(), 3);
        clickRow(shown.view, 1);
        QCOMPARE(shown.names().size(), 3);
        QCOMPARE(shown.selected(), Classes{0});
        shown.session.selection().set({1, 2}); // elsewhere
        QCOMPARE(shown.names(),
                 (QStringList{QStringLiteral("Pullover"), QStringLiteral("Trouser")}));
    }

    void thousandsOfClassesSelectAndFilter()
    {
        const QTemporaryDir folder;
        Shown shown;
        shown.session.open(thousands(folder));
        QVERIFY(shown.wait(false));
        QCOMPARE(shown.view.model()->rowCount(), 8142);
        Classes every; // scattered: no two neighbours
        for (std::int64_t c = 1; c < 8142; c += 2)
            every.push_back(c);
        shown.session.selection().set(every);
        QCOMPARE(shown.view.selectionModel()->selectedRows().size(), 4071);
        clickHeader(shown.view, QStringLiteral("norm\nbefore"));
        QCOMPARE(shown.view.selectionModel()->selectedRows().size(), 4071);
        QCOMPARE(shown.selected(), every);
        QTest::keyClicks(&shown.filter(), QStringLiteral("814"));
        QCOMPARE(shown.counts(), QStringLiteral("10 of 8,142 classes, 4,071 selected"));
    }
};

QTEST_MAIN(ClassSelectionTest)
#include "tst_class_selection.moc"
