// SPDX-License-Identifier: GPL-3.0-or-later
// What a SAMN head learned, before it is folded.
#include <QTemporaryDir>
#include <QtTest>

#include "checkpoint/samn_head.h"
#include "core/checkpoint/flat_checkpoint.h"
#include "retrain/head_state.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

using Values = std::vector<double>;

class SamnRawTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    /// Three classes with two features; the modules' raw numbers and orders as given.
    FlatCheckpoint file(const Values& biasOrder = {2, 0, 1}) const
    {
        FlatCheckpoint flat(m_folder.filePath("a.pth").toStdString());
        flat.tensor("fc.weight", DType::Float64, {3, 2}, {3, 4, 0, 0.5, -1, 2});
        flat.tensor("fc.bias", DType::Float64, {3}, {0.25, -1, 7});
        flat.tensor("fc.fix_norms_w.raw", DType::Float64, {3}, {0.1, 0.9, -0.3});
        flat.tensor("fc.fix_norms_w.perm", DType::UInt8, {3}, {2, 0, 1});
        flat.tensor("fc.fix_norms_w.class_counts", DType::Float64, {3}, {50, 500, 5});
        flat.tensor("fc.fix_norms_b.raw", DType::Float64, {3}, {1, 0, 0.5});
        flat.tensor("fc.fix_norms_b.perm", DType::UInt8, {3}, biasOrder);
        flat.tensor("fc.fix_norms_b.class_counts", DType::Float64, {3}, {50, 500, 5});
        return flat;
    }

private Q_SLOTS:
    void theNumbersAreThoseOfTheFile()
    {
        FlatCheckpoint flat = file();
        const Checkpoint& checkpoint = flat.write();
        const SamnRaw raw = readSamnRaw(checkpoint, chooseHead(checkpoint, {}));
        RowMatrixD weight(3, 2);
        weight << 3, 4, 0, 0.5, -1, 2;
        QVERIFY(raw.weight == weight);
        QCOMPARE(raw.bias, (Values{0.25, -1, 7}));
        QCOMPARE(raw.rawNorm, (Values{0.1, 0.9, -0.3}));
        QCOMPARE(raw.rawBias, (Values{1, 0, 0.5}));
        QCOMPARE(raw.order, (std::vector<std::size_t>{2, 0, 1}));
    }

    void aHeadWithoutBiasHasZeros()
    {
        FlatCheckpoint flat = file();
        const Checkpoint& checkpoint = flat.write();
        HeadCandidate head = chooseHead(checkpoint, {});
        head.bias.clear();
        QCOMPARE(readSamnRaw(checkpoint, head).bias, (Values{0, 0, 0}));
    }

    void whatIsReadFoldsToTheHeadInUse()
    {
        const auto checkpoint = openCheckpoint(std::filesystem::path(MONOTAIL_SOURCE_DIR) /
                                               "tests/fixtures/heads/samn_trained.pth.tar");
        const ClassifierHead head = readHead(*checkpoint, chooseHead(*checkpoint, {}));
        const SamnRaw raw = readSamnRaw(*checkpoint, head.source);
        HeadState state;
        state.weight = raw.weight;
        state.bias = raw.bias;
        state.rawNorm = raw.rawNorm;
        state.rawBias = raw.rawBias;
        ClassSet classes; // with the file's own order
        classes.counts.resize(raw.order.size());
        for (std::size_t rank = 0; rank < raw.order.size(); ++rank)
            classes.counts[raw.order[rank]] = static_cast<std::int64_t>(rank + 1);
        Recipe recipe;
        recipe.norms = NormRule::Samn;
        const FoldedState folded = foldState(state, classes, recipe);
        QVERIFY(folded.weight.cast<float>().isApprox(head.weight, 1e-6f));
        for (std::size_t c = 0; c < folded.bias.size(); ++c)
            QVERIFY(std::abs(folded.bias[c] -
                             static_cast<double>(head.bias(static_cast<Eigen::Index>(c)))) < 1e-6);
    }

    void otherHeadsHaveNone()
    {
        FlatCheckpoint flat(m_folder.filePath("b.pth").toStdString());
        flat.tensor("fc.weight", DType::Float64, {3, 2}, counting(6));
        const Checkpoint& checkpoint = flat.write();
        QCOMPARE(errorOf([&] { readSamnRaw(checkpoint, chooseHead(checkpoint, {})); }),
                 m_folder.filePath("b.pth").toStdString() +
                     ": fc.weight is no SAMN head but linear, so it has no raw norms to go on "
                     "from");
    }

    void modulesThatDisagreeAreRefused()
    {
        FlatCheckpoint flat = file({0, 1, 2});
        const Checkpoint& checkpoint = flat.write();
        QCOMPARE(errorOf([&] { readSamnRaw(checkpoint, chooseHead(checkpoint, {})); }),
                 m_folder.filePath("a.pth").toStdString() +
                     ": the modules fix_norms_w and fix_norms_b beside fc.weight order the classes "
                     "differently; the file is damaged");
    }
};

QTEST_APPLESS_MAIN(SamnRawTest)
#include "tst_samn_raw.moc"
