// SPDX-License-Identifier: GPL-3.0-or-later
#include "retrain/trainer.h"

#include <vector>

#include "base/text.h"

namespace monotail {

namespace {

std::vector<std::int64_t> samplesOfClasses(const FeatureSet& features, std::size_t classes)
{
    std::vector<std::int64_t> samples(classes);
    for (const std::int64_t label : features.labels)
        ++samples[static_cast<std::size_t>(label)];
    return samples;
}

void checkView(const FeatureSet& view, const FeatureSet& features)
{
    if (view.labels != features.labels)
        throw Error(message("{}: a further view must hold the same images as {} in the same order, "
                            "but it has {} samples and other labels; extract both from one list",
                            printable(view.source), printable(features.source), view.samples()));
}

} // namespace

void checkTrainingData(const TrainingData& data, const ClassSet& classes, std::int64_t width,
                       const std::string& checkpoint)
{
    const FeatureSet& features = *data.features;
    if (features.samples() == 0)
        throw Error(message("{}: there are no samples to train on", printable(features.source)));
    checkFeatures(features, classes.size(), width, checkpoint);
    for (const auto& view : data.views) {
        checkView(*view, features);
        checkFeatures(*view, classes.size(), width, checkpoint);
    }
    const auto samples = samplesOfClasses(features, classes.counts.size());
    for (std::size_t c = 0; c < samples.size(); ++c)
        if (samples[c] > 0 && classes.counts[c] == 0)
            throw Error(message("{}: class {} has {} samples to train on, but no images by {}; the "
                                "counts must be those of the training split",
                                printable(features.source), c, samples[c],
                                printable(classes.countsSource)));
}

Warnings trainingDataWarnings(const TrainingData& data, const ClassSet& classes)
{
    Warnings out;
    const FeatureSet& features = *data.features;
    const auto samples = samplesOfClasses(features, classes.counts.size());
    std::int64_t different = 0, empty = 0;
    for (std::size_t c = 0; c < samples.size(); ++c) {
        different += samples[c] != classes.counts[c] ? 1 : 0;
        empty += samples[c] == 0 ? 1 : 0;
    }
    if (different > 0)
        out.push_back(message("{}: {} of {} classes have another number of samples than {} counts; "
                              "losses and initial norms go by the counts, sampling by the samples",
                              printable(features.source), different, classes.size(),
                              printable(classes.countsSource)));
    if (empty > 0)
        out.push_back(message("{}: {} of {} classes have no samples to train on; their rows only "
                              "learn what they are not",
                              printable(features.source), empty, classes.size()));
    if (!features.origin.split.empty() && features.origin.split != "train")
        out.push_back(message("{}: the features are of the split \"{}\", not of the training split",
                              printable(features.source), printable(features.origin.split)));
    return out;
}

} // namespace monotail
