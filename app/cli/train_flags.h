// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checkpoint/head.h"
#include "cli/image_flags.h"
#include "cli/options.h"
#include "retrain/recipe.h"

namespace monotail::cli {

/// A recipe as typed: a preset, and axes and numbers that refine it.
struct TrainFlags
{
    std::string preset;
    std::string sampling, loss, norms, features;
    std::vector<std::string> constraints;
    std::string shape, schedule, start;
    std::string afterwards, afterwardsBias;
    /// By their names in hyperparameters.h; those that were not given are empty.
    std::optional<double> rate, momentum, epochs, lasHead, lasTail, beta, lossTau;
    std::optional<double> stepEpochs, stepFactor;
    std::uint64_t seed = 0;
    bool float64 = false;

    /// The seed aside, which verbs describe in their own words. `--batch` is one option with that
    /// of images: what it counts are images of a training step.
    void addTo(CLI::App& verb);
    /// `batch` as given with --batch, 0 = not; `head` sets what a preset takes from it, null: none.
    /// Throws Error for what no recipe can be.
    Recipe recipe(std::int64_t batch, const ClassifierHead* head) const;

private:
    void addAxesTo(CLI::App& verb);
    void addNumbersTo(CLI::App& verb);
    Recipe withAxes(Recipe recipe) const;
};

void checkSeed(const std::string& text);
void checkSeeds(const std::string& text);

} // namespace monotail::cli
