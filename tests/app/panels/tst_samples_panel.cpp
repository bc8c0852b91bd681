// SPDX-License-Identifier: GPL-3.0-or-later
// The samples behind classes, cells and changes, and why one is lost, on the demo.
#include <QComboBox>
#include <QLabel>
#include <QListView>
#include <QTemporaryDir>

#include "models/sample_model.h"
#include "opened.h"
#include "session/thumbnails.h"
#include "support/made_problem.h"
#include "views/confusion_panel.h"
#include "views/samples_panel.h"
#include "views/why_panel.h"

using namespace monotail;
using namespace monotail::test;

namespace {

constexpr auto fatal = QAbstractItemModelTester::FailureReportingMode::Fatal;

struct Shown
{
    Session session;
    SamplesPanel panel{session};
    WhyPanel why{session};

    Shown()
    {
        panel.resize(700, 300);
        why.resize(320, 900);
        panel.show();
        why.show();
    }
    bool openDemo()
    {
        session.openDemo();
        return wait();
    }
    bool wait()
    {
        return QTest::qWaitFor(
            [&] {
                return isSettled(session) && !session.isPickingSamples() &&
                       !session.isExplaining() && !session.jobs().isBusy();
            },
            patience);
    }
    QAbstractItemView& tiles() { return *childOf<QAbstractItemView>(panel, "Samples as images"); }
    QTableView& rows() { return *childOf<QTableView>(panel, "Samples as rows"); }
    void choose(const char* box, int at)
    {
        auto* combo = panel.findChild<QComboBox*>(QString(box));
        combo->setCurrentIndex(at);
        Q_EMIT combo->activated(at);
    }
    QString text(const char* label) const
    {
        for (const QWidget* in :
             {static_cast<const QWidget*>(&panel), static_cast<const QWidget*>(&why)})
            if (const auto* of = in->findChild<QLabel*>(QString(label)))
                return of->text();
        return {};
    }
    bool says(const QString& words) const
    {
        for (const QWidget* in :
             {static_cast<const QWidget*>(&panel), static_cast<const QWidget*>(&why)})
            for (const QLabel* label : in->findChildren<QLabel*>())
                if (label->isVisible() && label->text().contains(words))
                    return true;
        return false;
    }
    const std::vector<PickedSample>& samples() const { return session.snapshot().samples->samples; }
};

/// A tile that is in sight.
void clickTile(QAbstractItemView& view, int row)
{
    const QModelIndex index = view.model()->index(row, 0);
    view.scrollTo(index);
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.visualRect(index).center());
}

} // namespace

class SamplesPanelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsMissingIsSaid()
    {
        Shown shown;
        QVERIFY(shown.says("Nothing is open"));
        shown.session.open(test::demoInputs(true, false));
        QTRY_VERIFY_WITH_TIMEOUT(shown.says("to see the samples behind a class"), patience);
        QVERIFY(shown.says("to see why a sample"));
    }

    void withoutASelectionAllSamplesAreShown()
    {
        Shown shown;
        QVERIFY(shown.openDemo());
        const QAbstractItemModelTester tester(shown.tiles().model(), fatal);
        QCOMPARE(shown.tiles().model()->rowCount(), 10000);
        QCOMPARE(shown.text("sampleSummary"), QString("10,000 samples of all classes"));
        QVERIFY(shown.tiles().isVisible());
        QVERIFY(!shown.says("came without their images"));
    }

    void onlyImagesInSightAreDecoded()
    {
        Shown shown;
        QVERIFY(shown.openDemo());
        QTRY_VERIFY(!shown.session.thumbnails().of(0).image.isNull());
        QVERIFY(shown.wait());
        QVERIFY(shown.session.thumbnails().kept() < 200);
        shown.tiles().scrollToBottom();
        QTRY_VERIFY(!shown.session.thumbnails().of(9999).image.isNull());
        QVERIFY(shown.session.thumbnails().kept() < 400);
    }

    void theSelectionAndTheChangeSayWhichAreShown()
    {
        Shown shown;
        QVERIFY(shown.openDemo());
        shown.session.selection().set({0}); // T-shirt/top
        QVERIFY(shown.wait());
        QCOMPARE(shown.samples().size(), 1000U);
        shown.choose("sampleChange", 2);
        QVERIFY(shown.wait());
        const auto& gained = shown.session.snapshot().accuracy->comparison.perClass[0].gained;
        QCOMPARE(static_cast<std::int64_t>(shown.samples().size()), gained);
        QVERIFY(std::all_of(shown.samples().begin(), shown.samples().end(), [](const auto& of) {
            return of.label == 0 && !of.wasRight() && of.isRight();
        }));
        QVERIFY(shown.text("sampleSummary").startsWith("397 samples of T-shirt/top: gained"));
        shown.choose("sampleChange", 1); // lost
        QVERIFY(shown.wait());
        QVERIFY(shown.samples().empty());
        QVERIFY(shown.says("No sample of T-shirt/top is \u201clost\u201d"));
    }

    void theMostWrongComeFirst()
    {
        Shown shown;
        QVERIFY(shown.openDemo());
        shown.session.selection().set({2, 4});
        shown.choose("sampleOrder", 1);
        QVERIFY(shown.wait());
        QVERIFY(std::is_sorted(
            shown.samples().begin(), shown.samples().end(),
            [](const auto& a, const auto& b) { return a.marginAfter < b.marginAfter; }));
        QVERIFY(shown.samples().front().marginAfter < 0);
        QVERIFY(!shown.samples().front().isRight());
    }

    void aCellOfTheConfusionShowsItsSamples()
    {
        Shown shown;
        ConfusionPanel confusion(shown.session);
        confusion.resize(900, 300);
        confusion.show();
        QVERIFY(shown.openDemo());
        const QSignalSpy asked(&confusion, &ConfusionPanel::samplesAsked);
        QTableView& pairs = *childOf<QTableView>(confusion, "Pairs of classes confused most");
        clickRow(pairs, 0); // 930 before, 516 after
        QVERIFY(shown.wait());
        QCOMPARE(asked.size(), 1);
        QVERIFY(shown.text("sampleSummary").contains("T-shirt/top taken for Shirt"));
        std::int64_t before = 0, after = 0;
        for (const PickedSample& of : shown.samples()) {
            QVERIFY(of.label == 0 && (of.before == 6 || of.after == 6));
            before += of.before == 6;
            after += of.after == 6;
        }
        QCOMPARE(before, 930);
        QCOMPARE(after, 516);
        shown.session.selection().set({3}); // leaves the cell
        QVERIFY(shown.wait());
        QCOMPARE(shown.samples().size(), 1000U);
        QVERIFY(!shown.session.snapshot().sampleView.cell);
    }

    void aCellOfGroupsShowsItsSamples()
    {
        Shown shown;
        ConfusionPanel confusion(shown.session);
        confusion.resize(900, 300);
        confusion.show();
        QVERIFY(shown.openDemo());
        QTableView& groups = *childOf<QTableView>(confusion, "Confusion of groups");
        QTest::mouseClick(groups.viewport(), Qt::LeftButton, {},
                          groups.visualRect(groups.model()->index(4, 1)).center());
        QVERIFY(shown.wait());
        QVERIFY(shown.session.snapshot().sampleView.cell);
        const auto& counts = shown.session.snapshot().accuracy->before.confusion.counts;
        std::int64_t before = 0;
        const auto& of = shown.session.snapshot().groups->of;
        for (const PickedSample& one : shown.samples())
            before += of[static_cast<std::size_t>(one.before)] == Shot::Many;
        QCOMPARE(before, counts[2][0]); // few as many
        QCOMPARE(shown.session.selection().classes().size(), 3U);
    }

    void aSampleIsExplained()
    {
        Shown shown;
        QVERIFY(shown.says("Nothing is open"));
        QVERIFY(shown.openDemo());
        QVERIFY(shown.says("Choose a sample"));
        shown.session.selection().set({0});
        shown.choose("sampleChange", 2); // gained
        QVERIFY(shown.wait());
        const QSignalSpy chosen(&shown.panel, &SamplesPanel::chosen);
        clickTile(shown.tiles(), 0);
        QCOMPARE(chosen.size(), 1);
        QVERIFY(shown.wait());
        const StoryStudy& study = *shown.session.snapshot().story;
        QCOMPARE(study.story.sample, shown.samples()[0].sample);
        QVERIFY(!study.story.before.isRight() && study.story.after.isRight());
        QVERIFY(std::abs(study.story.after.margin -
                         static_cast<double>(shown.samples()[0].marginAfter)) < 1e-4);
        QVERIFY(std::abs(study.story.before.rivalProbability - shown.samples()[0].scoreBefore) <
                1e-5F);
        QCOMPARE(study.image.size(), QSize(28, 28));
        QVERIFY(shown.text("whyTitle").endsWith("of class T-shirt/top"));
        QVERIFY(shown.text("whyWords").startsWith("Before: lost to "));
        QVERIFY(shown.text("whyWords").contains("\nAfter: right, T-shirt/top is ahead of "));
        auto* parts = childOf<QTableView>(shown.why, "What the scores are made of");
        const QAbstractItemModelTester tester(parts->model(), fatal);
        QCOMPARE(parts->model()->rowCount(), 7);
    }

    void causesAddUpToWhatIsWrong()
    {
        Shown shown;
        QVERIFY(shown.openDemo());
        const Snapshot& now = shown.session.snapshot();
        std::int64_t wrong = 0;
        for (std::size_t c = 0; c < 10; ++c) {
            const CauseCounts& of = now.causes->before[c];
            wrong += of.wrong();
            QCOMPARE(of.samples - of.wrong(), now.accuracy->before.perClass[c].correct);
            QCOMPARE(of.samples - now.causes->afterwards[c].wrong(),
                     now.accuracy->after.perClass[c].correct);
            QCOMPARE(now.causes->afterwards[c].norm, std::int64_t(0)); // one block: equal norms
        }
        QVERIFY(shown.text("causesWords")
                    .startsWith(QString("3,169 of 10,000 samples are wrong before")));
        QCOMPARE(wrong, std::int64_t(3169));
        auto* table = childOf<QTableView>(shown.why, "What the classes' wrong samples are lost by");
        QCOMPARE(textsOf(*table, "class").first(), QString("T-shirt/top"));
        clickRow(*table, 1);
        QCOMPARE(shown.session.selection().classes().size(), 1U);
        const QTemporaryDir folder;
        const std::string path = folder.filePath("causes.csv").toStdString();
        shown.why.saveCsv(path);
        QVERIFY(QString::fromStdString(readText(path))
                    .startsWith("class,index,samples,wrong_before,norm_before"));
    }

    void withoutImagesSamplesAreRows()
    {
        const QTemporaryDir folder;
        const MadeProblem problem = writeProblem(folder.path().toStdString(), 12);
        Shown shown;
        shown.session.open({problem.checkpoint, problem.counts, problem.data, {}, {}});
        QVERIFY(shown.wait());
        QVERIFY(shown.rows().isVisible() && !shown.tiles().isVisible());
        QVERIFY(shown.says("These features came without their images; open the image source "
                           "instead to see them."));
        QCOMPARE(shown.rows().model()->rowCount(),
                 static_cast<int>(shown.session.snapshot().document->features->samples()));
        clickRow(shown.rows(), 2);
        QVERIFY(shown.wait());
        QVERIFY(shown.session.snapshot().story->image.isNull());
        const std::string path = folder.filePath("samples.csv").toStdString();
        shown.panel.saveCsv(path);
        const QStringList lines =
            QString::fromStdString(readText(path)).split('\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), shown.rows().model()->rowCount() + 1);
    }

    void nothingIsFoundWhileNobodyLooks()
    {
        Session session;
        SamplesPanel panel(session);
        WhyPanel why(session);
        session.openDemo();
        QVERIFY(QTest::qWaitFor([&] { return isSettled(session) && !session.jobs().isBusy(); },
                                patience));
        QVERIFY(!session.snapshot().samples && !session.snapshot().causes);
        panel.show();
        QTRY_VERIFY_WITH_TIMEOUT(session.snapshot().samples, patience);
        QVERIFY(!session.snapshot().causes);
    }

    void anotherRescalingFindsThemAnew()
    {
        Shown shown;
        QVERIFY(shown.openDemo());
        shown.session.setSample(5);
        shown.choose("sampleChange", 3); // changed
        QVERIFY(shown.wait());
        QVERIFY(!shown.samples().empty());
        Choices choices = shown.session.snapshot().choices;
        choices.method = MethodKind::None;
        shown.session.change(choices, "none");
        QVERIFY(shown.wait());
        QVERIFY(shown.samples().empty());
        QCOMPARE(shown.session.snapshot().story->after.method, std::string("none"));
        QVERIFY(shown.text("whyWords").startsWith("As it is: "));
        QCOMPARE(shown.session.snapshot().causes->before,
                 shown.session.snapshot().causes->afterwards);
    }
};

QTEST_MAIN(SamplesPanelTest)
#include "tst_samples_panel.moc"
