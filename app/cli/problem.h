// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "checkpoint/head.h"
#include "cli/options.h"
#include "dataset/class_set.h"
#include "evaluate/scorer.h"
#include "rescale/rescaling.h"

namespace monotail::cli {

/// A checkpoint's head and its classes: what every verb but inspect works on.
struct Problem
{
    std::shared_ptr<const Checkpoint> checkpoint;
    ClassifierHead head;
    ClassSet classes;
    ClassProfile profile;
};

/// Data to decide between several heads by the stored accuracy; null: none.
struct Evidence
{
    const FeatureSet* features = nullptr;
    const Scorer* scorer = nullptr;
};

HeadQuery headQuery(const HeadFlags& flags);
Problem loadProblem(const std::string& path, const HeadFlags& head, const CountFlags& counts,
                    const FitFlags& fit, const Evidence& evidence = {});
/// The rescalings that the flags name; SAMN projection where they name none.
std::vector<Rescaling> rescalings(const Problem& problem, const MethodFlags& flags);
/// All of them in this order, each sentence once.
Warnings together(const std::vector<Warnings>& parts);
/// With LibTorch, on the device asked for; warnings about a slow set-up are added to `warnings`.
std::unique_ptr<Scorer> torchScorer(const CommonFlags& flags, Warnings& warnings);

} // namespace monotail::cli
