// SPDX-License-Identifier: GPL-3.0-or-later
// Samples one by one and what they are lost by, on numbers made by hand.
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

#include "models/sample_causes_model.h"
#include "models/sample_model.h"
#include "models/sample_parts.h"
#include "models/sample_words.h"
#include "words/terms.h"

using namespace monotail;

namespace {

constexpr auto fatal = QAbstractItemModelTester::FailureReportingMode::Fatal;

std::shared_ptr<const Document> document()
{
    auto made = std::make_shared<Document>();
    made->names = {"Coat", "Bag", "Shirt"};
    auto features = std::make_shared<FeatureSet>();
    features->labels = {0, 1, 2};
    features->ids = {"coat/1.jpg", "bag/1.jpg"}; // the last has none
    made->features = features;
    return made;
}

PickedSample picked(std::int64_t sample, std::int64_t label, std::int64_t before,
                    std::int64_t after)
{
    return {sample, label, before, after, 0.25F, 0.5F, 0.125F, 0.001F, -1.5F, 2};
}

std::shared_ptr<const SampleStudy> study()
{
    auto made = std::make_shared<SampleStudy>();
    made->samples = {picked(1, 1, 1, 0), picked(2, 2, 0, 2)};
    return made;
}

std::shared_ptr<const CauseStudy> causes()
{
    auto made = std::make_shared<CauseStudy>();
    made->before = {{10, 3, 0, 0, 1}, {4, 0, 0, 0, 2}, {}}; // Shirt has no samples
    made->afterwards = {{10, 0, 0, 0, 1}, {4, 1, 0, 0, 2}, {}};
    return made;
}

SampleSide side(ErrorCause cause)
{
    SampleSide made;
    made.truth = {0, 2, 5, 1, 0};
    made.rival = {1, 4, 5, 0.5, 0};
    made.margin = 1.25;
    made.cause = cause;
    return made;
}

Snapshot withStory(const SampleSide& before, const SampleSide& after)
{
    auto made = std::make_shared<StoryStudy>();
    made->story.before = before;
    made->story.after = after;
    Snapshot snapshot;
    snapshot.document = document();
    snapshot.story = made;
    return snapshot;
}

QStringList column(const QAbstractItemModel& model, int at)
{
    QStringList texts;
    for (int row = 0; row < model.rowCount(); ++row)
        texts << model.index(row, at).data().toString();
    return texts;
}

} // namespace

class SampleModelsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void samplesAreNamedAndMarked()
    {
        SampleModel model;
        const QAbstractItemModelTester tester(&model, fatal);
        model.setSamples(document(), study());
        QCOMPARE(column(model, 0), (QStringList{"bag/1.jpg", "sample 2"}));
        QCOMPARE(column(model, 1), (QStringList{"Bag", "Shirt"}));
        QCOMPARE(column(model, 2), (QStringList{"✓ Bag", "✗ Coat"}));
        QCOMPARE(column(model, 3), (QStringList{"✗ Coat", "✓ Shirt"}));
        QCOMPARE(column(model, 4), (QStringList{"0.25", "0.25"}));
        QCOMPARE(column(model, 6), (QStringList{"-1.50", "-1.50"}));
        const QString card = model.index(0, 0).data(Qt::ToolTipRole).toString();
        QVERIFY(card.contains("before: Bag, probability 0.25 (right)"));
        QVERIFY(card.contains("after: Coat, probability 0.50 (wrong)"));
        QVERIFY(
            card.contains("margin (score of the true class less the best other's): -1.50 → 2.00"));
        QVERIFY(card.contains(" → < 0.01"));
        QCOMPARE(model.rowOf(2), 1);
        QCOMPARE(model.rowOf(7), -1);
        model.setSamples(nullptr, nullptr);
        QCOMPARE(model.rowCount(), 0);
        QCOMPARE(model.rowOf(2), -1);
    }

    void samplesAreCopiedInFull()
    {
        SampleModel model;
        model.setSamples(document(), study());
        const Table table = model.table();
        QCOMPARE(table.rows.size(), std::size_t(2));
        QCOMPARE(table.rows[0],
                 (std::vector<std::string>{"bag/1.jpg", "Bag", "Bag", "Coat", "0.25", "0.5",
                                           "0.125", "0.0010000000474974513", "-1.5", "2"}));
        QCOMPARE(table.header.size(), table.rows[0].size());
    }

    void probabilitiesNeverClaimToBeCertain()
    {
        QCOMPARE(probabilityText(0.5F), QString("0.50"));
        QCOMPARE(probabilityText(0), QString("< 0.01"));
        QCOMPARE(probabilityText(1), QString("> 0.99"));
    }

    void causesAreSortedByAnyColumn()
    {
        SampleCausesModel model;
        const QAbstractItemModelTester tester(&model, fatal);
        model.setCauses(document(), causes());
        QCOMPARE(model.columnCount(), 5); // nothing is lost by bias, nor by both
        QCOMPARE(column(model, 0), (QStringList{"Coat", "Bag"})); // 4 and 2 wrong
        QCOMPARE(column(model, 1), (QStringList{"4", "2"}));
        model.sort(3, Qt::DescendingOrder); // by direction
        QCOMPARE(column(model, 0), (QStringList{"Bag", "Coat"}));
        model.sort(0, Qt::DescendingOrder);
        QCOMPARE(column(model, 0), (QStringList{"Coat", "Bag"}));
        model.sort(4, Qt::AscendingOrder);
        QCOMPARE(column(model, 4), (QStringList{"4", "10"})); // as numbers
        const QPersistentModelIndex bag(model.index(0, 0));
        model.sort(4, Qt::DescendingOrder);
        QCOMPARE(bag.row(), 1);
        QCOMPARE(model.classAt(1), std::int64_t(1));
    }

    void causesAreShownBeforeAndAfter()
    {
        SampleCausesModel model;
        const QAbstractItemModelTester tester(&model, fatal);
        model.setCauses(document(), causes());
        QCOMPARE(model.total(), (CauseCounts{14, 3, 0, 0, 3}));
        model.setSide(CauseSide::After);
        QCOMPARE(column(model, 0), (QStringList{"Bag", "Coat"})); // 3 and 1 wrong
        QCOMPARE(model.total(), (CauseCounts{14, 1, 0, 0, 3}));
        const Table table = model.table();
        QCOMPARE(table.header.size(), std::size_t(13));
        QCOMPARE(table.rows[0], (std::vector<std::string>{"Bag", "1", "4", "2", "0", "0", "0", "2",
                                                          "3", "1", "0", "0", "2"}));
        QCOMPARE(model.headerData(2, Qt::Horizontal, Qt::ToolTipRole).toString(),
                 definition(Term::ErrorCause));
    }

    void aScoreIsReadDownwards()
    {
        SampleSide after = side(ErrorCause::None);
        after.truth.norm = 4;
        const Snapshot snapshot = withStory(side(ErrorCause::Norm), after);
        const TextTable table = partsTable(snapshot);
        QCOMPARE(table.table.header,
                 (std::vector<std::string>{"before → after", "true class", "rival"}));
        const auto row = [&](std::size_t at) { return table.table.rows[at]; };
        QCOMPARE(row(0), (std::vector<std::string>{"class", "Coat", "Bag"}));
        QCOMPARE(row(1), (std::vector<std::string>{"weight norm", "2.00 → 4.00", "4.00"}));
        QCOMPARE(row(3), (std::vector<std::string>{"× cosine", "1.000", "0.500"}));
        QCOMPARE(row(5), (std::vector<std::string>{"= score (logit)", "10.00 → 20.00", "10.00"}));
    }

    void rivalsThatDifferHaveAColumnEach()
    {
        SampleSide after = side(ErrorCause::Direction);
        after.rival.classIndex = 2;
        const TextTable table = partsTable(withStory(side(ErrorCause::None), after));
        QCOMPARE(table.table.header,
                 (std::vector<std::string>{"before → after", "true class", "runner-up before",
                                           "winner after"}));
    }

    void theLeadIsTheSumOfItsBars()
    {
        const Snapshot snapshot = withStory(side(ErrorCause::Norm), side(ErrorCause::Norm));
        const std::vector<GapBar> bars = gapBars(snapshot);
        QCOMPARE(bars.size(), std::size_t(3)); // there is no bias
        QCOMPARE(bars[0].before, 10.0);        // (4 - 2) * 5 * 1
        QCOMPARE(bars[1].before, -10.0);       // 4 * 5 * (0.5 - 1)
        QCOMPARE(bars[2].before, 0.0);
        QCOMPARE(gapTitle(snapshot), QString("Lead of Bag over the true class, in parts"));
    }

    void theCauseIsSaidInWords_data()
    {
        QTest::addColumn<int>("cause");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* name, ErrorCause cause, const char* sentence) {
            QTest::newRow(name) << static_cast<int>(cause) << QString(sentence);
        };
        row("right", ErrorCause::None, "right, Coat is ahead of Bag by 1.25.");
        row("norm", ErrorCause::Norm, "lost to Bag by norm; with the norm of Bag, Coat would win.");
        row("bias", ErrorCause::Bias, "lost to Bag by bias; with the bias of Bag, Coat would win.");
        row("both", ErrorCause::NormAndBias,
            "lost to Bag by norm and bias together; with both of Bag's, Coat would win.");
        row("direction", ErrorCause::Direction,
            "lost to Bag by direction; the features point more along the row of Bag, and with its "
            "norm and bias Coat would not win either.");
    }
    void theCauseIsSaidInWords()
    {
        QFETCH(int, cause);
        QFETCH(QString, sentence);
        QCOMPARE(storySentence(*document(), side(static_cast<ErrorCause>(cause))), sentence);
    }

    void bothSidesAreSaidOnceWhereTheyAreTheSame()
    {
        const SampleSide norm = side(ErrorCause::Norm), right = side(ErrorCause::None);
        QCOMPARE(storyText(withStory(norm, right)),
                 QString("Before: lost to Bag by norm; with the norm of Bag, Coat would win.\n"
                         "After: right, Coat is ahead of Bag by 1.25."));
        QVERIFY(storyText(withStory(norm, norm)).startsWith("Before and after: lost to Bag"));
    }
};

QTEST_MAIN(SampleModelsTest)
#include "tst_sample_models.moc"
