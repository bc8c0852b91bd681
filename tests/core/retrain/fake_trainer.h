// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "../evaluate/made_up.h"
#include "retrain/trainer.h"

/// Training as a test wants it to go, without LibTorch.
namespace monotail::test {

/// What an epoch makes of a state.
using FakeEpoch = std::function<void(HeadState& state, const Recipe& recipe, int epoch)>;

class FakeTrainer : public HeadTrainer
{
public:
    explicit FakeTrainer(FakeEpoch epoch) : m_epoch(std::move(epoch)) {}

    std::string device() const override { return "made-up device"; }
    int threads() const override { return 3; }
    double meanFeatureLength() const override { return 1; }

    HeadState train(HeadState start, const ClassSet&, const Recipe& recipe,
                    const EpochSink& onEpoch, const Progress& progress) const override
    {
        seeds.push_back(recipe.seed);
        for (int epoch = 1; epoch <= recipe.epochs; ++epoch) {
            report(progress, 2 * epoch - 1, 2 * recipe.epochs);
            m_epoch(start, recipe, epoch);
            report(progress, 2 * epoch, 2 * recipe.epochs);
            onEpoch({epoch, recipe.rate / epoch, 1.0 / epoch, start});
        }
        return start;
    }

    LossGradient gradient(const HeadState&, const ClassSet&, const Recipe&) const override
    {
        return {};
    }

    mutable std::vector<std::uint64_t> seeds; ///< of every training

private:
    FakeEpoch m_epoch;
};

/// Two classes whose features are the axes: the weight tells how well they are told apart.
inline const RowMatrixD allRight = (RowMatrixD(2, 2) << 1, 0, 0, 1).finished();
inline const RowMatrixD allFirst = (RowMatrixD(2, 2) << 1, 1, 1, 1).finished(); ///< ties: class 0
inline const RowMatrixD allWrong = (RowMatrixD(2, 2) << 0, 1, 1, 0).finished();

/// So many samples of class 0, and of class 1.
inline std::shared_ptr<FeatureSet> axisSamples(std::int64_t first, std::int64_t second,
                                               const std::string& source)
{
    RowMatrix rows = RowMatrix::Zero(first + second, 2);
    std::vector<std::int64_t> labels;
    for (std::int64_t i = 0; i < first + second; ++i) {
        labels.push_back(i < first ? 0 : 1);
        rows(i, labels.back()) = 1;
    }
    auto out = std::make_shared<FeatureSet>(featuresOf(rows, labels));
    out->source = source;
    return out;
}

} // namespace monotail::test
