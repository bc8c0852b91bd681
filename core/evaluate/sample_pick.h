// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "evaluate/sample_story.h"
#include "evaluate/scorer.h"

/// The samples behind a class, a block, a cell of the confusion or a change.
namespace monotail {

/// Right and wrong are before and after the rescaling.
enum class SampleChange {
    All,
    Lost,       ///< right before, wrong after
    Gained,     ///< wrong before, right after
    Changed,    ///< another class is predicted
    StillWrong, ///< wrong before and after
    Correct,    ///< right after
};

struct SampleQuery
{
    std::vector<std::int64_t> truth;    ///< true classes; empty = any
    std::vector<std::int64_t> takenFor; ///< classes predicted, before or after; empty = any
    SampleChange change = SampleChange::All;

    bool operator==(const SampleQuery&) const = default;
};

/// Their positions, ascending. Throws Error if the sizes differ and for classes that no label or
/// prediction could be.
std::vector<std::int64_t> pickSamples(const SampleQuery& query,
                                      const std::vector<std::int64_t>& labels,
                                      const std::vector<std::int32_t>& before,
                                      const std::vector<std::int32_t>& after, std::int64_t classes);

struct PickedSample
{
    std::int64_t sample = 0;
    std::int64_t label = 0;
    std::int64_t before = 0, after = 0;      ///< predicted
    float scoreBefore = 0, scoreAfter = 0;   ///< softmax probability of the predicted class
    float truthBefore = 0, truthAfter = 0;   ///< of the true class
    float marginBefore = 0, marginAfter = 0; ///< score of the true class less the best other
                                             ///< class's; below 0 where it is wrong

    bool wasRight() const { return before == label; }
    bool isRight() const { return after == label; }
};

/// What the scores say of the samples at `positions` (ascending), in that order. `scorer` is asked
/// for all samples where most are wanted, else for these alone.
std::vector<PickedSample> scoreSamples(const FeatureSet& features, const ClassifierHead& head,
                                       const PredictedUnder& before, const PredictedUnder& after,
                                       const std::vector<std::int64_t>& positions,
                                       const Scorer& scorer, const Progress& progress = {});

enum class SampleOrder {
    File,
    MarginAfter,  ///< the most clearly wrong first; of equal ones as in the file
    MarginBefore, ///< the same before the rescaling
};
void sortSamples(std::vector<PickedSample>& samples, SampleOrder order);

} // namespace monotail
