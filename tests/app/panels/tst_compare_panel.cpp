// SPDX-License-Identifier: GPL-3.0-or-later
// Two sides class by class, and what is taken for what, on the demo.
#include <QComboBox>
#include <QLabel>
#include <QTemporaryDir>

#include "opened.h"
#include "session/demo.h"
#include "views/compare_panel.h"
#include "views/confusion_panel.h"

using namespace monotail;
using namespace monotail::test;

namespace {

template <typename Panel>
struct Shown
{
    Session session;
    Panel panel{session};

    Shown()
    {
        panel.resize(700, 400);
        panel.show();
    }
    QTableView& view(const char* name) { return *childOf<QTableView>(panel, QLatin1String(name)); }
    bool wait()
    {
        return QTest::qWaitFor(
            [&] { return isSettled(session) && !session.isPairing() && !session.jobs().isBusy(); },
            patience);
    }
    bool says(const QString& words) const
    {
        const auto labels = panel.template findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) {
            return label->isVisible() && label->text().contains(words);
        });
    }
};

} // namespace

class ComparePanelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsMissingIsSaid()
    {
        Shown<ComparePanel> compare;
        Shown<ConfusionPanel> confusion;
        QVERIFY(compare.says("Nothing is open"));
        QVERIFY(confusion.says("Nothing is open"));
        compare.session.open(test::demoInputs(true, false));
        confusion.session.open(test::demoInputs(true, false));
        QTRY_VERIFY_WITH_TIMEOUT(compare.says("add the evaluation data"), patience);
        QTRY_VERIFY_WITH_TIMEOUT(confusion.says("No data yet"), patience);
    }

    void classesAreSortedByTheirDifference()
    {
        Shown<ComparePanel> shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        QTableView& view = shown.view("Classes compared");
        QAbstractItemModelTester tester(view.model(),
                                        QAbstractItemModelTester::FailureReportingMode::Fatal);
        QCOMPARE(view.model()->rowCount(), 10);
        double last = 1000;
        const auto& changes = shown.session.snapshot().pair->result.comparison.perClass;
        const QStringList names = textsOf(view, "class");
        const auto& all = shown.session.snapshot().document->names;
        for (const QString& name : names) {
            const auto at = std::find(all.begin(), all.end(), name) - all.begin();
            const double size = std::abs(changes[static_cast<std::size_t>(at)].difference);
            QVERIFY(size <= last);
            last = size;
        }
        QVERIFY(textsOf(view, "verdict").contains("better"));
        QVERIFY(shown.says("Before: stage1.pth.tar, as it is"));
        QVERIFY(shown.says("Class-mean"));
    }

    void whatCannotBeToldIsSaid()
    {
        Shown<ComparePanel> shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        // Equal norms and the projection, which is one block, predict alike.
        shown.session.setSides({{Side::Kind::Method, "samn"}, {Side::Kind::Method, "equal"}});
        QVERIFY(shown.wait());
        const QStringList verdicts = textsOf(shown.view("Classes compared"), "verdict");
        QVERIFY(!verdicts.contains("better") && !verdicts.contains("worse"));
        QVERIFY(shown.says("cannot be told"));
    }

    void aSideIsChosenFromTheMethods()
    {
        Shown<ComparePanel> shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        auto* after = shown.panel.findChild<QComboBox*>("sideAfter");
        QCOMPARE(after->currentText(), QString("as rescaled now"));
        const int at = after->findText("logit-adjust = 1");
        QVERIFY(at > 0);
        after->setCurrentIndex(at);
        Q_EMIT after->activated(at);
        QCOMPARE(shown.session.snapshot().sides.after.method, std::string("logit-adjust=1"));
        QVERIFY(shown.wait());
        QVERIFY(shown.says("logit-adjust = 1"));
    }

    void anotherCheckpointIsNamedAsASide()
    {
        Shown<ComparePanel> shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        Inputs other;
        other.checkpoint = monotail::demoInputs("crt").checkpoint;
        shown.session.compareWith(other);
        QVERIFY(shown.wait());
        QCOMPARE(shown.panel.findChild<QComboBox*>("sideAfter")->currentText(),
                 QString("crt.pth.tar"));
        QVERIFY(shown.says("After: crt.pth.tar, as it is"));
    }

    void aClickSelectsTheClassEverywhere()
    {
        Shown<ComparePanel> shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        QTableView& view = shown.view("Classes compared");
        clickRow(view, 0);
        const auto& selected = shown.session.selection().classes();
        QCOMPARE(selected.size(), 1U);
        QCOMPARE(shown.session.snapshot().document->names[static_cast<std::size_t>(selected[0])],
                 textsOf(view, "class").first());
    }

    void theCsvHasEveryClass()
    {
        const QTemporaryDir folder;
        const std::string path = folder.filePath("compared.csv").toStdString();
        Shown<ComparePanel> shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        shown.panel.saveCsv(path);
        const QStringList lines =
            QString::fromStdString(readText(path)).split('\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 11);
        QCOMPARE(lines[0].trimmed(),
                 QString("class,index,before,after,difference,p,adjusted_p,samples"));
        QVERIFY(lines[1].startsWith(textsOf(shown.view("Classes compared"), "class").first()));
    }

    void groupsAreConfusedInPercentAndSamples()
    {
        Shown<ConfusionPanel> shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        QTableView& view = shown.view("Confusion of groups");
        QAbstractItemModelTester tester(view.model(),
                                        QAbstractItemModelTester::FailureReportingMode::Fatal);
        QCOMPARE(view.model()->rowCount(), 6);
        const auto& before = shown.session.snapshot().accuracy->before.confusion;
        std::int64_t all = 0;
        for (const auto& row : before.counts)
            for (const std::int64_t count : row)
                all += count;
        QCOMPARE(all, 10000);
        const QString fewAsMany = textsOf(view, "as many")[5];
        QCOMPARE(fewAsMany.section(' ', 0, 0).remove(','), QString::number(before.counts[2][0]));
    }

    void pairsConfusedMostCanBeSelected()
    {
        Shown<ConfusionPanel> shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        QTableView& view = shown.view("Pairs of classes confused most");
        QAbstractItemModelTester tester(view.model(),
                                        QAbstractItemModelTester::FailureReportingMode::Fatal);
        QCOMPARE(textsOf(view, "true class").first(), QString("T-shirt/top"));
        QCOMPARE(textsOf(view, "taken for").first(), QString("Shirt"));
        clickRow(view, 0);
        QCOMPARE(shown.session.selection().classes().size(), 2U);
    }

    void pairsLeftOutAreCounted()
    {
        Shown<ConfusionPanel> shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        const ConfusedPairs all = confusedPairs(shown.session.snapshot(), 1000);
        const ConfusedPairs three = confusedPairs(shown.session.snapshot(), 3);
        QCOMPARE(all.text.table.rows.size(), all.classes.size());
        QCOMPARE(three.text.table.rows.size(), 4U);
        QCOMPARE(three.text.table.rows[3][1], std::to_string(all.classes.size() - 3) + " pairs");
        QCOMPARE(three.text.minor, 3);
    }
};

QTEST_MAIN(ComparePanelTest)
#include "tst_compare_panel.moc"
