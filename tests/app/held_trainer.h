// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "session/training.h"

/// Training as a test wants it to go, without LibTorch.
namespace monotail::test {

/// What the test and the trainer's thread share.
struct Hold
{
    std::atomic<bool> closed = false; ///< within a batch, until it is opened or cancelled
    std::atomic<int> trained = 0;     ///< runs that were begun
    std::atomic<int> failing = -1;    ///< the seed that fails
    double growth = 0;                ///< of the weight, each epoch
};

class HeldTrainer : public HeadTrainer
{
public:
    explicit HeldTrainer(std::shared_ptr<Hold> hold) : m_hold(std::move(hold)) {}

    std::string device() const override { return "made-up device"; }
    int threads() const override { return 1; }
    double meanFeatureLength() const override { return 1; }

    HeadState train(HeadState state, const ClassSet&, const Recipe& recipe,
                    const EpochSink& onEpoch, const Progress& progress) const override
    {
        ++m_hold->trained;
        if (static_cast<int>(recipe.seed) == m_hold->failing)
            throw Error("the loss is not finite in epoch 1: take a smaller learning rate");
        for (int epoch = 1; epoch <= recipe.epochs; ++epoch) {
            do
                report(progress, 2 * epoch - 1, 2 * recipe.epochs);
            while (m_hold->closed &&
                   (std::this_thread::sleep_for(std::chrono::milliseconds(1)), 1));
            state.weight *= 1 + m_hold->growth;
            onEpoch({epoch, recipe.rate, 1.0 / epoch, state});
        }
        return state;
    }

    LossGradient gradient(const HeadState&, const ClassSet&, const Recipe&) const override
    {
        return {};
    }

private:
    std::shared_ptr<Hold> m_hold;
};

inline MakeTrainer heldTrainers(const std::shared_ptr<Hold>& hold)
{
    return
        [hold](const ComputeOptions&, TrainingData) { return std::make_unique<HeldTrainer>(hold); };
}

/// As it is in the file: what a held trainer makes of it without growth is the same head.
inline Recipe plainRecipe(int epochs)
{
    Recipe recipe = presetNamed("ce").recipe;
    recipe.epochs = epochs;
    return recipe;
}

} // namespace monotail::test
