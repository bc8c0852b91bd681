// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "base/progress.h"
#include "base/workers.h"
#include "checkpoint/head.h"
#include "dataset/features.h"
#include "rescale/rescaling.h"

/// Why a sample is classified as it is: the factors that its scores are made of.
namespace monotail {

/// score = norm * featureNorm * cosine + bias: what a class scores on one sample, in float64 from
/// the float32 numbers of head and features. The vectors are those of the forward pass: for a
/// cosine head the feature vector has unit length (each expert's part for itself) and the row its
/// unit length times the head's factor. A rescaling multiplies the norm; one below 0 turns the
/// cosine round. A vector of length 0 has cosine 0.
struct ScoreParts
{
    std::int64_t classIndex = 0;
    double norm = 0;
    double featureNorm = 0;
    double cosine = 0;
    double bias = 0;

    double score() const { return norm * featureNorm * cosine + bias; }
    bool operator==(const ScoreParts&) const = default;
};

/// rival's score less the true class's, as a sum, without rest:
///   norm      = (|w_r| - |w_t|) * |f| * cos_t   what the rival's norm would add to the true class
///   bias      = b_r - b_t                       what its bias would add
///   direction = |w_r| * |f| * (cos_r - cos_t)   what is left if the true class had both
struct ScoreGap
{
    double norm = 0;
    double bias = 0;
    double direction = 0;

    double sum() const { return norm + bias + direction; }
};
ScoreGap gapBetween(const ScoreParts& truth, const ScoreParts& rival);

/// What a misclassified sample is lost by: the first of these that holds, in this order. "Wins" is
/// as everywhere: the larger score, of equal scores the lower class. The winner beats every other
/// class, so whatever beats the winner's score is predicted.
enum class ErrorCause : std::uint8_t {
    None,        ///< it is classified right
    Norm,        ///< with the winner's norm the true class would win
    Bias,        ///< with the winner's bias it would
    NormAndBias, ///< with both it would: it has the larger cosine
    Direction,   ///< not even then: the features point along the winner's row as much or more
};
ErrorCause errorCause(const ScoreParts& truth, const ScoreParts& winner);

/// One sample under one rescaling.
struct SampleSide
{
    std::int64_t predicted = 0;
    ScoreParts truth;
    ScoreParts rival;      ///< the winner where the sample is wrong, else the runner-up
    double margin = 0;     ///< truth's score less the rival's
    ScoreParts otherRival; ///< the class that is the rival on the other side, on this one
    float truthProbability = 0, rivalProbability = 0, otherProbability = 0; ///< softmax
    ErrorCause cause = ErrorCause::None;

    bool isRight() const { return cause == ErrorCause::None; }
    float predictedProbability() const { return isRight() ? truthProbability : rivalProbability; }
};

struct SampleStory
{
    std::int64_t sample = 0;
    std::int64_t label = 0;
    SampleSide before, after;
};

/// A rescaling and the class that it gives every sample (N).
struct PredictedUnder
{
    Rescaling rescaling;
    std::vector<std::int32_t> predicted;
};

/// Of sample `sample` of N. The predictions are taken as given: they are those shown elsewhere,
/// whatever the last bit of a score computed anew says. Throws Error for a sample that is not there
/// and for a head of one class.
SampleStory sampleStory(const FeatureSet& features, const ClassifierHead& head,
                        const PredictedUnder& before, const PredictedUnder& after,
                        std::int64_t sample);

/// Samples of one class.
struct CauseCounts
{
    std::int64_t samples = 0;
    std::int64_t norm = 0, bias = 0, normAndBias = 0, direction = 0; ///< wrong, by cause

    std::int64_t wrong() const { return norm + bias + normAndBias + direction; }
    bool operator==(const CauseCounts&) const = default;
};

struct ErrorCauses
{
    std::vector<ErrorCause> of;        ///< N
    std::vector<CauseCounts> perClass; ///< C, by true class
};

/// One for each of `heads`; the features are read once, tile by tile. Throws Error if sizes differ.
std::vector<ErrorCauses> errorCauses(const FeatureSet& features, const ClassifierHead& head,
                                     const std::vector<PredictedUnder>& heads,
                                     const Workers& workers, const Progress& progress = {});

} // namespace monotail
