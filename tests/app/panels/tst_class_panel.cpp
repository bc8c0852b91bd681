// SPDX-License-Identifier: GPL-3.0-or-later
// The class table as a person uses it, on the demo.
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QToolButton>

#include "shown_classes.h"

using namespace monotail;
using namespace monotail::test;

using Shown = ShownClasses;

class ClassPanelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingOpenIsSaidInWords()
    {
        Shown shown;
        QVERIFY(!shown.view.isVisible());
        const auto labels = shown.panel.findChildren<QLabel*>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
            return label->isVisible() &&
                   label->text().startsWith(QStringLiteral("Nothing is open"));
        }));
    }

    void columnsComeWithWhatIsKnown_data()
    {
        QTest::addColumn<bool>("counts");
        QTest::addColumn<bool>("data");
        QTest::addColumn<QString>("there");
        QTest::addColumn<QString>("missing");
        QTest::addRow("file") << false << false << QStringLiteral("norm\nbefore")
                              << QStringLiteral("norm\nafter");
        QTest::addRow("file and counts")
            << true << false << QStringLiteral("norm\nafter") << QStringLiteral("change,\npoints");
        QTest::addRow("file, counts and data")
            << true << true << QStringLiteral("change,\npoints") << QStringLiteral("no such");
    }

    void columnsComeWithWhatIsKnown()
    {
        QFETCH(bool, counts);
        QFETCH(bool, data);
        QFETCH(QString, there);
        QFETCH(QString, missing);
        Shown shown;
        shown.session.open(demoInputs(counts, data));
        QVERIFY(shown.wait(data));
        QVERIFY(shown.view.isVisible());
        QVERIFY(columnOf(shown.view, there) >= 0);
        QCOMPARE(columnOf(shown.view, missing), -1);
        QCOMPARE(shown.view.model()->rowCount(), 10);
        QCOMPARE(columnOf(shown.view, QStringLiteral("class")) >= 0, counts);
        QCOMPARE(shown.panel.findChild<QSpinBox*>()->isVisible(), counts);
        QCOMPARE(childOf<QComboBox>(shown.panel, QStringLiteral("Filter by change"))->isVisible(),
                 data);
    }

    void tShirtsAreFoundAgain()
    {
        Shown shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        const auto row = shown.names().indexOf(QStringLiteral("T-shirt/top"));
        QCOMPARE(row, 7); // of frequency rank 7
        const auto cell = [&](const char* title) {
            return textsOf(shown.view, QString::fromUtf8(title)).at(row);
        };
        QCOMPARE(cell("recall\nbefore, %"), QStringLiteral("0.5"));
        QCOMPARE(cell("recall\nafter, %"), QStringLiteral("40.2"));
        QCOMPARE(cell("change,\npoints"), QStringLiteral("▲ +39.7"));
        QCOMPARE(cell("group"), QStringLiteral("few"));
    }

    void clickOnAHeaderSortsByNumber()
    {
        Shown shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        clickHeader(shown.view, QStringLiteral("images"));
        QCOMPARE(textsOf(shown.view, QStringLiteral("images")).mid(0, 4),
                 (QStringList{QStringLiteral("5"), QStringLiteral("9"), QStringLiteral("16"),
                              QStringLiteral("29")}));
        clickHeader(shown.view, QStringLiteral("images"));
        QCOMPARE(textsOf(shown.view, QStringLiteral("images")).first(), QStringLiteral("1,000"));
        QCOMPARE(shown.view.horizontalHeader()->sortIndicatorOrder(), Qt::DescendingOrder);
    }

    void largestChangeFirstMeansEitherWay()
    {
        Shown shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        auto* button = buttonOf<QToolButton>(shown.panel, QStringLiteral("Largest change first"));
        QTest::mouseClick(button, Qt::LeftButton);
        const QStringList changes = textsOf(shown.view, QStringLiteral("change,\npoints"));
        QVERIFY(changes.join(QLatin1Char(' ')).contains(QStringLiteral("▼")));
        double last = 1000;
        for (const QString& change : changes) {
            const double size = std::abs(change.section(QLatin1Char(' '), 1).toDouble());
            QVERIFY(size <= last);
            last = size;
        }
        clickHeader(shown.view, QStringLiteral("rank"));
        QVERIFY(!button->isChecked());
    }

    void typingFiltersAndClearingBringsAllBack()
    {
        Shown shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        shown.panel.focusFilter();
        QVERIFY(shown.filter().hasFocus());
        QTest::keyClicks(&shown.filter(), QStringLiteral("s"));
        QTest::keyClicks(&shown.filter(), QStringLiteral("HI"));
        QCOMPARE(shown.names(),
                 (QStringList{QStringLiteral("Shirt"), QStringLiteral("T-shirt/top")}));
        QVERIFY(shown.counts().startsWith(QStringLiteral("2 of 10 classes")));
        shown.filter().clear();
        QCOMPARE(shown.names().size(), 10);
        QTest::keyClicks(&shown.filter(), QStringLiteral("zebra"));
        QVERIFY(!shown.view.isVisible());
    }

    void groupBlockAndChangeFilter()
    {
        Shown shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        auto* group = childOf<QComboBox>(shown.panel, QStringLiteral("Filter by group"));
        QTest::keyClicks(group, QStringLiteral("Few"));
        QCOMPARE(shown.names().size(), 3);
        group->setCurrentIndex(0);
        auto* change = childOf<QComboBox>(shown.panel, QStringLiteral("Filter by change"));
        QTest::keyClick(change, Qt::Key_Down);
        QCOMPARE(change->currentText(), QStringLiteral("Got worse"));
        for (const QString& text : textsOf(shown.view, QStringLiteral("change,\npoints")))
            QVERIFY2(text.contains(QLatin1Char('-')), qPrintable(text));
        QVERIFY(!shown.names().isEmpty());
        change->setCurrentIndex(0);
        QTest::keyClick(shown.panel.findChild<QSpinBox*>(), Qt::Key_Up);
        QCOMPARE(shown.names().size(), 10); // stage 1 has one block
    }

    void copyTakesTheSelectedRowsWithTheHeader()
    {
        Shown shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        shown.session.selection().set({0, 6});
        shown.view.setFocus();
        QTest::keyClick(&shown.view, Qt::Key_C, Qt::ControlModifier);
        const QStringList lines =
            QGuiApplication::clipboard()->text().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines[0].startsWith(QStringLiteral("class\timages\tgroup\tblock\tnorm before\t")));
        QVERIFY(lines[1].startsWith(QStringLiteral("Shirt\t1000\tmany\t1\t3.714\t2.837\t")));
        QVERIFY(lines[2].contains(QStringLiteral("\t0.5\t40.2\t+39.7\t")));
    }

    void copyAsMarkdownIsATable()
    {
        Shown shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        shown.session.selection().set({6});
        actionOf(shown.view, QStringLiteral("Copy as Markdown"))->trigger();
        QVERIFY(QGuiApplication::clipboard()->text().startsWith(QStringLiteral("| class")));
        actionOf(shown.view, QStringLiteral("Copy as LaTeX"))->trigger();
        QVERIFY(QGuiApplication::clipboard()->text().startsWith(QStringLiteral("\\begin{tab")));
        shown.session.selection().clear(); // nothing selected: all that is shown
        actionOf(shown.view, QStringLiteral("Copy as CSV"))->trigger();
        QCOMPARE(QGuiApplication::clipboard()->text().count(QLatin1Char('\n')), 11);
    }

    void csvHoldsAllClassesInFull()
    {
        const QTemporaryDir folder;
        const std::string path = folder.filePath(QStringLiteral("classes.csv")).toStdString();
        Shown shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        QTest::keyClicks(&shown.filter(), QStringLiteral("shirt"));
        shown.panel.saveCsv(path);
        const QStringList lines =
            QString::fromStdString(readText(path)).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 11);
        QVERIFY(lines[0].startsWith(QStringLiteral("index,name,group,count,norm_before")));
        QVERIFY(lines[8].startsWith(QStringLiteral("0,T-shirt/top,few,16,2.1")));
    }

    void fileThatCannotBeWrittenIsReported()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("file")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        Shown shown;
        shown.session.open(demoInputs(true, false));
        QVERIFY(shown.wait(false));
        QSignalSpy failures(&shown.panel, &ClassPanel::failed);
        shown.panel.saveCsv(file.fileName().toStdString() + "/below.csv");
        QCOMPARE(failures.size(), 1);
        QVERIFY(failures[0][0].toString().contains(QStringLiteral("below.csv")));
    }

    void methodChangesRowsAndClosingEmptiesThem()
    {
        Shown shown;
        shown.session.openDemo();
        QVERIFY(shown.wait());
        Choices choices = shown.session.snapshot().choices;
        choices.method = MethodKind::Tau;
        shown.session.change(choices, QStringLiteral("tau"));
        QCOMPARE(textsOf(shown.view, QStringLiteral("norm\nafter")).first(),
                 QStringLiteral("1.000"));
        clickHeader(shown.view, QStringLiteral("change,\npoints"));
        shown.session.close();
        QCOMPARE(shown.view.model()->rowCount(), 0);
        QVERIFY(!shown.view.isVisible());
    }
};

QTEST_MAIN(ClassPanelTest)
#include "tst_class_panel.moc"
