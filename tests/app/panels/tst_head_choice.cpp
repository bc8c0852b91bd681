// SPDX-License-Identifier: GPL-3.0-or-later
// Which tensor is the classifier's weight, and how it is read, as a person chooses it.
#include <QDoubleSpinBox>

#include "shown_inspect.h"

using namespace monotail;
using namespace monotail::test;

class HeadChoiceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsLessLikelyComesBelowAndCanBeUsed()
    {
        ShownInspect shown;
        shown.open(headFixture("faster_rcnn_torchvision.pth"));
        const QStringList chances = textsOf(shown.heads, QStringLiteral("chance"));
        QCOMPARE(chances.count(QStringLiteral("likely")), 1);
        QVERIFY(chances.size() > 1);
        QCOMPARE(chances.first(), QStringLiteral("likely"));
        const auto italic = [&](int row) {
            return shown.heads.model()->index(row, 0).data(Qt::FontRole).value<QFont>().italic();
        };
        QVERIFY(!italic(0));
        QVERIFY(italic(1));
        const QString name = textsOf(shown.heads, QStringLiteral("weight"))[1].trimmed();
        shown.heads.selectRow(1);
        QTest::mouseClick(
            buttonOf<QPushButton>(shown.panel, QStringLiteral("Use the Selected Head")),
            Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(shown.headInUse(), name, patience);
        QVERIFY(textsOf(shown.heads, QStringLiteral("weight"))[1].startsWith(QStringLiteral("▶")));
    }

    void aFilteredHeadIsTheOneThatIsUsed()
    {
        const QTemporaryDir folder;
        ShownInspect shown;
        shown.open(twoHeads(folder));
        QTest::keyClicks(&shown.find<QLineEdit>("search"), QStringLiteral("b.weight"));
        QCOMPARE(shown.heads.model()->rowCount(), 1);
        shown.heads.selectRow(0);
        shown.heads.setFocus();
        QTest::keyClick(&shown.heads, Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(shown.headInUse(), QStringLiteral("b.weight"), patience);
    }

    void aCosineHeadIsReadAsLinearAndBack()
    {
        ShownInspect shown;
        shown.open(headFixture("causal_norm.pth"));
        QVERIFY(shown.head().source.kind == HeadKind::Cosine);
        QVERIFY(shown.find<QComboBox>("headKind").currentText().contains(QStringLiteral("cosine")));
        shown.goDown("headKind", 1);
        QVERIFY(shown.head().source.kind == HeadKind::Linear);
        QVERIFY(!shown.find<QDoubleSpinBox>("headFactor").isVisible());
        // The list stays as the file has it.
        QVERIFY(
            textsOf(shown.heads, QStringLiteral("read as"))[0].contains(QStringLiteral("cosine")));
        QSignalSpy opened(&shown.session, &Session::documentChanged);
        QTest::keyClick(&shown.find<QComboBox>("headKind"), Qt::Key_Up);
        QVERIFY(opened.wait(patience));
        QVERIFY(shown.head().source.kind == HeadKind::Cosine);
        QVERIFY(!shown.asked().kind);
    }

    void theFactorOfACosineHeadIsTyped()
    {
        ShownInspect shown;
        shown.open(headFixture("causal_norm.pth"));
        const QString before = shown.text("fileWarnings");
        QVERIFY2(before.contains(QStringLiteral("unless the factor is given in Inspect")),
                 qPrintable(before));
        QVERIFY(!before.contains(QStringLiteral("--")));
        auto& factor = shown.find<QDoubleSpinBox>("headFactor");
        QCOMPARE(factor.text(), QStringLiteral("not in the file: 1"));
        QSignalSpy opened(&shown.session, &Session::documentChanged);
        factor.setFocus();
        factor.selectAll();
        QTest::keyClicks(&factor, QLocale().toString(16));
        QTest::keyClick(&factor, Qt::Key_Return);
        QVERIFY(opened.wait(patience));
        QCOMPARE(shown.asked().logitScale.value_or(0), 16.0);
        QVERIFY(std::abs(shown.head().weight.row(0).norm() - 16) < 1e-4);
        QCOMPARE(shown.text("fileWarnings"), QStringLiteral("Reading the file gave no warnings."));
    }

    void rowsAreReadAsColumnsAndColumnsAsRows()
    {
        ShownInspect shown;
        shown.open(headFixture("ldam_10.pth.tar")); // 64 x 10, found as columns
        QCOMPARE(shown.head().classes(), 10);
        shown.goDown("headRows", 1);
        QCOMPARE(shown.head().classes(), 64);
        QVERIFY(shown.head().source.orientation == Orientation::ClassByFeature);
        QCOMPARE(shown.find<QComboBox>("headRows").currentText(),
                 QStringLiteral("one row per class"));
        shown.goDown("headRows", 1);
        QCOMPARE(shown.head().classes(), 10);
        QVERIFY(shown.asked().transposed && !shown.asked().classes);
    }

    void theBackgroundRowIsChosen()
    {
        ShownInspect shown;
        shown.open(headFixture("faster_rcnn_torchvision.pth"));
        QCOMPARE(shown.head().classes(), 20);
        auto& box = shown.find<QComboBox>("headBackground");
        QCOMPARE(box.currentText(), QStringLiteral("as found: first row"));
        shown.goDown("headBackground", 1);
        QCOMPARE(shown.head().classes(), 21);
        shown.goDown("headBackground", 2);
        QVERIFY(shown.head().source.background == BackgroundRow::Last);
        QCOMPARE(shown.head().classes(), 20);
    }

    void expertsStayTogetherHoweverTheyAreRead()
    {
        ShownInspect shown;
        shown.open(headFixture("experts.pth"));
        QCOMPARE(shown.head().source.experts.size(), 3U);
        shown.goDown("headKind", 2);
        QVERIFY(shown.head().source.kind == HeadKind::Cosine);
        QCOMPARE(shown.head().source.experts.size(), 3U);
        QCOMPARE(shown.heads.model()->rowCount() > 0, true);
        QVERIFY(textsOf(shown.heads, QStringLiteral("weight"))[0].startsWith(QStringLiteral("▶")));
    }

    void aReadingThatCannotBeHadIsSaidAndTakenBack()
    {
        ShownInspect shown;
        shown.open(headFixture("causal_norm.pth"));
        QSignalSpy failures(&shown.session, &Session::failed);
        auto& kind = shown.find<QComboBox>("headKind");
        kind.setFocus();
        QTest::keyClick(&kind, Qt::Key_End); // learned scales, which are not there
        QTRY_COMPARE_WITH_TIMEOUT(failures.size(), 1, patience);
        QVERIFY(failures[0][0].toString().contains(QStringLiteral("no learned scales")));
        QVERIFY(shown.head().source.kind == HeadKind::Cosine);
        QCOMPARE(kind.currentIndex(), 0);
    }

    void aSampleDependentHeadIsRefusedUntilItIsReadAsLinear()
    {
        ShownInspect shown;
        shown.open(headFixture("disalign.pth.tar"));
        QCOMPARE(shown.headInUse(), QString());
        const QString words = shown.text("headInUse");
        QVERIFY2(words.contains(QStringLiteral("\"linear\" in Inspect reads the plain layer")),
                 qPrintable(words));
        QVERIFY(words.contains(QStringLiteral("say below how it is to be read")));
        shown.goDown("headKind", 1);
        QCOMPARE(shown.headInUse(), QStringLiteral("state_dict.module.fc.weight"));
    }

    void anotherHeadIsReadAsItIsFound()
    {
        ShownInspect shown;
        shown.open(headFixture("lift_adapter.pth.tar"));
        shown.goDown("headKind", 1);
        QVERIFY(shown.asked().kind.has_value());
        const QStringList names = textsOf(shown.heads, QStringLiteral("weight"));
        shown.heads.selectRow(1);
        shown.heads.setFocus();
        QTest::keyClick(&shown.heads, Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(shown.headInUse(), names[1].trimmed(), patience);
        QVERIFY(!shown.asked().kind);
    }

    void ambiguousHeadIsChosenByDoubleClick()
    {
        const QTemporaryDir folder;
        ShownInspect shown;
        shown.open(twoHeads(folder));
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
        ShownInspect shown;
        shown.open(twoHeads(folder));
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
        ShownInspect shown;
        Inputs inputs = twoHeads(folder);
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
        ShownInspect shown;
        shown.open(twoHeads(folder));
        QAction* use = actionOf(shown.tensors, QStringLiteral("Use as Classifier Head"));
        const QStringList names = textsOf(shown.tensors, QStringLiteral("tensor"));
        shown.tensors.selectRow(static_cast<int>(names.indexOf(QStringLiteral("norm.weight"))));
        QVERIFY(!use->isEnabled());
        shown.tensors.selectRow(static_cast<int>(names.indexOf(QStringLiteral("a.weight"))));
        QVERIFY(use->isEnabled());
        use->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(shown.headInUse(), QStringLiteral("a.weight"), patience);
    }
};

QTEST_MAIN(HeadChoiceTest)
#include "tst_head_choice.moc"
