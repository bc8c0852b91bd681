// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "dataset/class_set.h"
#include "dataset/features.h"
#include "retrain/head_state.h"

namespace monotail {

/// What a head is trained on: features of the training split, and further views of the same images
/// (cropped or flipped otherwise, say), of which every epoch draws one per image.
struct TrainingData
{
    std::shared_ptr<const FeatureSet> features;
    std::vector<std::shared_ptr<const FeatureSet>> views = {}; ///< beside `features`
    /// Features of more bytes are read batch by batch; by default half of the memory there is.
    std::optional<std::size_t> keepBytes = {};

    std::int64_t samples() const { return features->samples(); }
};

/// Throws Error for views that are not of the same samples, for no samples at all, for labels and
/// widths that do not fit (checkFeatures), and for samples of a class that the counts say is
/// absent.
void checkTrainingData(const TrainingData& data, const ClassSet& classes, std::int64_t width,
                       const std::string& checkpoint);
/// Counts that are not those of the data, data that is not said to be of the training split, ...
Warnings trainingDataWarnings(const TrainingData& data, const ClassSet& classes);

/// After each epoch: its number from 1, the mean loss of its samples as they were met, and the
/// state it ends with.
struct EpochEnd
{
    int epoch = 0;
    double rate = 0; ///< that it was trained with
    double loss = 0;
    const HeadState& state;
};
using EpochSink = std::function<void(const EpochEnd&)>;

/// Loss of all samples at a state and its gradients, weight decay left out.
struct LossGradient
{
    double loss = 0;
    HeadState gradient;
};

/// Trains heads on one set of features, which it keeps where it computes (up to a limit of memory,
/// beyond it they are read as they are needed). Implemented with LibTorch in monotail_torch. The
/// same recipe, start and device give the same numbers.
class HeadTrainer
{
public:
    virtual ~HeadTrainer() = default;
    virtual std::string device() const = 0;
    virtual int threads() const = 0;
    virtual double meanFeatureLength() const = 0;
    /// `progress` in batches of all epochs; returning false stops within a batch. Throws Error
    /// where the loss stops being finite, with what to do.
    virtual HeadState train(HeadState start, const ClassSet& classes, const Recipe& recipe,
                            const EpochSink& onEpoch, const Progress& progress) const = 0;
    virtual LossGradient gradient(const HeadState& state, const ClassSet& classes,
                                  const Recipe& recipe) const = 0;
};

} // namespace monotail
