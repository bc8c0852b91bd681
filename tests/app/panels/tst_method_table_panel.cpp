// SPDX-License-Identifier: GPL-3.0-or-later
// The reviewer's table as a person uses it, on the demo.
#include <QClipboard>
#include <QFont>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QTemporaryDir>

#include "opened.h"
#include "report/text.h"
#include "views/method_table_panel.h"

using namespace monotail;
using namespace monotail::test;

namespace {

struct Shown
{
    Session session;
    MethodTablePanel panel{session};
    QTableView& view = *panel.findChild<QTableView*>();
    QAbstractItemModelTester tester{view.model(),
                                    QAbstractItemModelTester::FailureReportingMode::Fatal};

    Shown()
    {
        panel.resize(700, 400);
        panel.show();
        panel.activateWindow();
    }
    bool wait()
    {
        return QTest::qWaitFor([&] { return isSettled(session); }, patience);
    }
    int rowOf(const char* method) const
    {
        const QStringList methods = textsOf(view, QStringLiteral("method"));
        for (int row = 0; row < methods.size(); ++row)
            if (methods[row].mid(2).trimmed() == QLatin1String(method))
                return row;
        return -1;
    }
    QStringList marked() const
    {
        QStringList out;
        for (const QString& text : textsOf(view, QStringLiteral("method")))
            if (text.startsWith(QStringLiteral("▶ ")))
                out += text.mid(2);
        return out;
    }
    void doubleClick(int row)
    {
        const QModelIndex index = view.model()->index(row, 0);
        view.scrollTo(index);
        const QPoint at = view.visualRect(index).center();
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, at);
        QTest::mouseDClick(view.viewport(), Qt::LeftButton, {}, at);
    }
    bool says(const char* words) const
    {
        const auto labels = panel.findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) {
            return label->isVisible() && label->text().contains(QLatin1String(words));
        });
    }
    QPushButton* button(const char* text) const
    {
        return buttonOf<QPushButton>(const_cast<MethodTablePanel&>(panel), QLatin1String(text));
    }
};

const QString samn = QStringLiteral("samn");

} // namespace

class MethodTablePanelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsMissingIsSaid_data()
    {
        QTest::addColumn<bool>("file");
        QTest::addColumn<bool>("counts");
        QTest::addColumn<QString>("words");
        QTest::addRow("nothing open") << false << false << QStringLiteral("Nothing is open");
        QTest::addRow("no counts") << true << false << QStringLiteral("add the training counts");
        QTest::addRow("no data") << true << true << QStringLiteral("add the evaluation data");
    }

    void whatIsMissingIsSaid()
    {
        QFETCH(bool, file);
        QFETCH(bool, counts);
        QFETCH(QString, words);
        Shown shown;
        if (file)
            shown.session.open(demoInputs(counts, false));
        QTRY_COMPARE_WITH_TIMEOUT(shown.session.snapshot().hasFile(), file, patience);
        QVERIFY(!shown.view.isVisible());
        QVERIFY(shown.says(words.toLatin1().constData()));
    }

    void tableShowsTheDemosNumbers()
    {
        Shown shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        const QStringList all = textsOf(shown.view, QStringLiteral("all (top-1)"));
        QCOMPARE(all.at(shown.rowOf("none (as it is)")), QStringLiteral("68.3"));
        QCOMPARE(all.at(shown.rowOf("samn")), QStringLiteral("78.4"));
        QCOMPARE(all.at(shown.rowOf("logit-adjust=1")), QStringLiteral("82.2"));
        QVERIFY(shown.says("10,000 samples"));
        QVERIFY(shown.says("many n > 100"));
    }

    void shownRescalingIsMarked()
    {
        Shown shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        QCOMPARE(shown.marked(), QStringList{samn});
        QVERIFY(shown.view.model()
                    ->index(shown.rowOf("samn"), 3)
                    .data(Qt::FontRole)
                    .value<QFont>()
                    .bold());
    }

    void doubleClickAppliesARowAndUndoTakesItBack()
    {
        Shown shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        shown.doubleClick(shown.rowOf("tau=1, bias dropped"));
        QCOMPARE(shown.session.snapshot().choices.method, MethodKind::Tau);
        QCOMPARE(shown.session.snapshot().choices.bias, BiasRule::Drop);
        QCOMPARE(shown.session.snapshot().rescaling->method, std::string("tau=1, bias dropped"));
        QCOMPARE(shown.marked(), QStringList{QStringLiteral("tau=1, bias dropped")});
        QCOMPARE(shown.session.undoStack().count(), 1);
        shown.session.undoStack().undo();
        QCOMPARE(shown.session.snapshot().rescaling->method, std::string("samn"));
        QCOMPARE(shown.marked(), QStringList{samn});
    }

    void enterAppliesTheCurrentRow()
    {
        Shown shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        shown.view.setFocus();
        shown.view.selectRow(0);
        QTest::keyClick(&shown.view, Qt::Key_Return);
        QCOMPARE(shown.session.snapshot().choices.method, MethodKind::None);
        QCOMPARE(shown.marked(), QStringList{QStringLiteral("none (as it is)")});
        QTest::keyClick(&shown.view, Qt::Key_Down);
        QTest::mouseClick(shown.button("Apply"), Qt::LeftButton);
        QCOMPARE(shown.session.snapshot().rescaling->method, std::string("samn"));
    }

    void copiesAreTheCoresTables_data()
    {
        QTest::addColumn<QString>("button");
        QTest::addColumn<int>("format");
        QTest::addRow("Markdown") << QStringLiteral("Markdown") << int(TableFormat::Markdown);
        QTest::addRow("LaTeX") << QStringLiteral("LaTeX") << int(TableFormat::Latex);
        QTest::addRow("CSV") << QStringLiteral("CSV") << int(TableFormat::Csv);
    }

    void copiesAreTheCoresTables()
    {
        QFETCH(QString, button);
        QFETCH(int, format);
        Shown shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        QTest::mouseClick(shown.button(button.toLatin1().constData()), Qt::LeftButton);
        const auto kind = static_cast<TableFormat>(format);
        const Evaluation& methods = *shown.session.snapshot().methods;
        const Table table = kind == TableFormat::Csv ? methodCsv(methods) : methodTable(methods);
        QCOMPARE(QGuiApplication::clipboard()->text().toStdString(), monotail::format(table, kind));
    }

    void csvIsSavedInFullOrTheReasonIsTold()
    {
        const QTemporaryDir folder;
        const std::string path = folder.filePath(QStringLiteral("methods.csv")).toStdString();
        Shown shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        QSignalSpy failures(&shown.panel, &MethodTablePanel::failed);
        shown.panel.saveCsv(path);
        QCOMPARE(readText(path),
                 format(methodCsv(*shown.session.snapshot().methods), TableFormat::Csv));
        QCOMPARE(failures.size(), 0);
        shown.panel.saveCsv(path + "/below.csv");
        QCOMPARE(failures.size(), 1);
        QVERIFY(failures[0][0].toString().contains(QStringLiteral("below.csv")));
    }

    void tableOfOtherGroupsIsOutOfDate()
    {
        Shown shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        QVERIFY(!shown.says("Out of date"));
        Choices choices = shown.session.snapshot().choices;
        choices.groups = parseShotRule("500,10");
        shown.session.change(choices, QStringLiteral("groups"));
        QVERIFY(shown.says("Out of date"));
        QVERIFY(!shown.button("Markdown")->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(!shown.says("Out of date"), patience);
        QVERIFY(shown.button("Markdown")->isEnabled());
        QVERIFY(shown.says("many n > 500"));
    }

    void cancelledComparisonIsSaid()
    {
        Shown shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        Choices choices = shown.session.snapshot().choices;
        choices.tau = 0.5;
        choices.method = MethodKind::Tau;
        shown.session.change(choices, QStringLiteral("tau"));
        Q_EMIT shown.session.jobs().cancelled(QStringLiteral("Exporting"));
        QVERIFY(shown.says("being added"));
        QTRY_VERIFY_WITH_TIMEOUT(!shown.session.jobs().currentTitle().isEmpty(), patience);
        // A job that has just ended cannot be cancelled any more; the next one can.
        const auto isCancelled = [&] {
            shown.session.jobs().cancelCurrent();
            return shown.says("cancelled");
        };
        QTRY_VERIFY_WITH_TIMEOUT(isCancelled(), patience);
        choices.tau = 0.25;
        shown.session.change(choices, QStringLiteral("tau"));
        QVERIFY(shown.says("being added"));
    }

    void newParameterIsAddedInAMoment()
    {
        Shown shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        Choices choices = shown.session.snapshot().choices;
        choices.method = MethodKind::Tau;
        choices.tau = 0.5;
        shown.session.change(choices, QStringLiteral("tau"));
        QCOMPARE(shown.marked(), QStringList());
        QVERIFY(shown.says("being added"));
        QTRY_COMPARE_WITH_TIMEOUT(shown.marked(), QStringList{QStringLiteral("tau=0.5")}, patience);
        QVERIFY(!shown.says("being added"));
    }

    void termsAreDefinedWhereTheyStand()
    {
        Shown shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        const auto tip = [&](const char* title) {
            return shown.view.model()
                ->headerData(columnOf(shown.view, QLatin1String(title)), Qt::Horizontal,
                             Qt::ToolTipRole)
                .toString();
        };
        QVERIFY(tip("few").contains(QStringLiteral("few n < 20")));
        QVERIFY(tip("class-mean").contains(QStringLiteral("mean of the classes' recalls")));
        QVERIFY(tip("top-1 change").contains(QStringLiteral("bootstrap")));
        QVERIFY(shown.view.model()
                    ->index(shown.rowOf("equal"), 0)
                    .data(Qt::ToolTipRole)
                    .toString()
                    .startsWith(QStringLiteral("Equal norms")));
    }

    void closingEmptiesTheTable()
    {
        Shown shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        shown.session.close();
        QCOMPARE(shown.view.model()->rowCount(), 0);
        QVERIFY(shown.says("Nothing is open"));
    }
};

QTEST_MAIN(MethodTablePanelTest)
#include "tst_method_table_panel.moc"
