// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QtTest>

#include "session/selection.h"

using namespace monotail;
using Classes = std::vector<std::int64_t>;

class SelectionTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void classesAreKeptInOrderAndOnce()
    {
        ClassSelection selection;
        selection.set({5, 1, 5, 3});
        QCOMPARE(selection.classes(), Classes({1, 3, 5}));
        QVERIFY(selection.contains(3));
        QVERIFY(!selection.contains(2));
    }

    void toggleRemovesWhatIsWhollySelected()
    {
        ClassSelection selection;
        selection.set({1, 2, 3});
        selection.toggle({2});
        QCOMPARE(selection.classes(), Classes({1, 3}));
        selection.toggle({3, 4}); // one of them was missing
        QCOMPARE(selection.classes(), Classes({1, 3, 4}));
        selection.toggle({4, 3});
        QCOMPARE(selection.classes(), Classes({1}));
    }

    void onlyChangesAreAnnounced()
    {
        ClassSelection selection;
        QSignalSpy changed(&selection, &ClassSelection::changed);
        selection.set({1, 2});
        selection.set({2, 1});
        selection.add({1});
        QCOMPARE(changed.count(), 1);
        selection.clear();
        QCOMPARE(changed.count(), 2);
    }
};

QTEST_GUILESS_MAIN(SelectionTest)
#include "tst_selection.moc"
