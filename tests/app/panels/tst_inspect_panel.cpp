// SPDX-License-Identifier: GPL-3.0-or-later
// What a checkpoint holds, as a person reads it, and the choice of another head.
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTemporaryDir>

#include "opened.h"
#include "support/safetensors_file.h"
#include "views/file_panel.h"

using namespace monotail;
using namespace monotail::test;

namespace {

struct Shown
{
    Session session;
    FilePanel panel{session};
    QTableView& heads = *childOf<QTableView>(panel, QStringLiteral("Candidate heads"));
    QTableView& tensors = *childOf<QTableView>(panel, QStringLiteral("Tensors"));
    QAbstractItemModelTester headTester{heads.model(),
                                        QAbstractItemModelTester::FailureReportingMode::Fatal};
    QAbstractItemModelTester tensorTester{tensors.model(),
                                          QAbstractItemModelTester::FailureReportingMode::Fatal};

    Shown()
    {
        panel.resize(800, 600);
        panel.show();
        panel.activateWindow();
    }
    void open(const Inputs& inputs)
    {
        QSignalSpy opened(&session, &Session::documentChanged);
        session.open(inputs);
        QVERIFY(opened.wait(patience));
    }
    QString text(const char* name) const
    {
        return panel.findChild<QLabel*>(QLatin1String(name))->text();
    }
    QString headInUse() const
    {
        const auto& head = session.snapshot().document->head;
        return head ? QString::fromStdString(head->source.weight) : QString();
    }
};

/// Two heads of which neither is more likely, and what is no head.
Inputs ambiguous(const QTemporaryDir& folder)
{
    Inputs inputs;
    inputs.checkpoint =
        SafetensorsFile()
            .add("a.weight", {5, 4}, std::vector<float>(20, 1.0F))
            .add("b.weight", {7, 4}, std::vector<float>(28, 2.0F))
            .add("norm.weight", {4}, std::vector<float>(4, 1.0F))
            .write(folder.filePath(QStringLiteral("two heads.safetensors")).toStdString());
    return inputs;
}

} // namespace

class FilePanelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingOpenIsSaidInWords()
    {
        Shown shown;
        QVERIFY(!shown.tensors.isVisible());
        QCOMPARE(shown.tensors.model()->rowCount(), 0);
    }

    void demoIsSummedUp()
    {
        Shown shown;
        shown.open(demoInputs(false, false));
        QCOMPARE(shown.text("fileName"), QStringLiteral("stage1.pth.tar"));
        QVERIFY(shown.text("fileSummary").contains(QStringLiteral("best_acc1 = 68.31 %")));
        QVERIFY(shown.text("headInUse").contains(QStringLiteral("state_dict.linear.weight")));
        QCOMPARE(shown.tensors.model()->rowCount(), 67);
        QCOMPARE(shown.panel.findChild<QTabWidget*>()->tabText(0), QStringLiteral("Tensors (67)"));
    }

    void tensorsFilterAndSort()
    {
        Shown shown;
        shown.open(demoInputs(false, false));
        auto* filter = shown.panel.findChild<QLineEdit*>();
        QTest::keyClicks(filter, QStringLiteral("LINEAR"));
        QCOMPARE(textsOf(shown.tensors, QStringLiteral("tensor")),
                 (QStringList{QStringLiteral("state_dict.linear.weight"),
                              QStringLiteral("state_dict.linear.bias")}));
        clickHeader(shown.tensors, QStringLiteral("numbers"));
        QCOMPARE(textsOf(shown.tensors, QStringLiteral("numbers")),
                 (QStringList{QStringLiteral("10"), QStringLiteral("640")}));
        filter->clear();
        clickHeader(shown.tensors, QStringLiteral("size"));
        QCOMPARE(textsOf(shown.tensors, QStringLiteral("size")).first(), QStringLiteral("8 bytes"));
    }

    void ambiguousHeadIsChosenByDoubleClick()
    {
        const QTemporaryDir folder;
        Shown shown;
        shown.open(ambiguous(folder));
        QCOMPARE(shown.headInUse(), QString());
        QVERIFY(shown.text("headInUse").contains(QStringLiteral("choose a head below")));
        QCOMPARE(shown.heads.model()->rowCount(), 2);
        const QStringList names = textsOf(shown.heads, QStringLiteral("weight"));
        const QModelIndex second = shown.heads.model()->index(1, 0);
        const QPoint at = shown.heads.visualRect(second).center();
        QTest::mouseClick(shown.heads.viewport(), Qt::LeftButton, {}, at);
        QTest::mouseDClick(shown.heads.viewport(), Qt::LeftButton, {}, at);
        QTRY_COMPARE_WITH_TIMEOUT(shown.headInUse(), names[1], patience);
        QVERIFY(shown.text("headInUse").startsWith(QStringLiteral("In use: ") + names[1]));
        QVERIFY(textsOf(shown.heads, QStringLiteral("weight"))[1].startsWith(QStringLiteral("▶")));
    }

    void headIsChosenByKeyboardAndButton()
    {
        const QTemporaryDir folder;
        Shown shown;
        shown.open(ambiguous(folder));
        const QStringList names = textsOf(shown.heads, QStringLiteral("weight"));
        auto* use = buttonOf<QPushButton>(shown.panel, QStringLiteral("Use the Selected Head"));
        QVERIFY(!use->isEnabled());
        shown.heads.setFocus();
        shown.heads.selectRow(0);
        QTest::keyClick(&shown.heads, Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(shown.headInUse(), names[0], patience);
        shown.heads.selectRow(0);
        QVERIFY(!use->isEnabled()); // in use already
        shown.heads.selectRow(1);
        QVERIFY(use->isEnabled());
        QTest::mouseClick(use, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(shown.headInUse(), names[1], patience);
    }

    void otherInputsStayWhenTheHeadChanges()
    {
        const QTemporaryDir folder;
        Shown shown;
        Inputs inputs = ambiguous(folder);
        inputs.counts = "exp:100:10:7";
        shown.open(inputs); // the counts decide
        QCOMPARE(shown.headInUse(), QStringLiteral("b.weight"));
        QSignalSpy failures(&shown.session, &Session::failed);
        const int row =
            textsOf(shown.heads, QStringLiteral("weight"))[0].contains(QStringLiteral("a.weight"))
                ? 0
                : 1;
        shown.heads.selectRow(row);
        shown.heads.setFocus();
        QTest::keyClick(&shown.heads, Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(shown.headInUse(), QStringLiteral("a.weight"), patience);
        QCOMPARE(shown.session.snapshot().document->inputs.counts, std::string("exp:100:10:7"));
        QTRY_COMPARE(failures.size(), 1); // 7 counts do not fit 5 classes
    }

    void tensorIsUsedAsHead()
    {
        const QTemporaryDir folder;
        Shown shown;
        shown.open(ambiguous(folder));
        QAction* use = actionOf(shown.tensors, QStringLiteral("Use as Classifier Head"));
        const QStringList names = textsOf(shown.tensors, QStringLiteral("tensor"));
        shown.tensors.selectRow(static_cast<int>(names.indexOf(QStringLiteral("norm.weight"))));
        QVERIFY(!use->isEnabled());
        shown.tensors.selectRow(static_cast<int>(names.indexOf(QStringLiteral("a.weight"))));
        QVERIFY(use->isEnabled());
        use->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(shown.headInUse(), QStringLiteral("a.weight"), patience);
    }

    void closingForgetsTheFile()
    {
        Shown shown;
        shown.open(demoInputs(true, false));
        shown.session.close();
        QCOMPARE(shown.tensors.model()->rowCount(), 0);
        QCOMPARE(shown.heads.model()->rowCount(), 0);
        QVERIFY(!shown.tensors.isVisible());
    }
};

QTEST_MAIN(FilePanelTest)
#include "tst_file_panel.moc"
