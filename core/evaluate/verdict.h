// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "evaluate/softmax.h"
#include "rescale/rescaling.h"

/// What the scores of one sample say: pure functions of one row.
namespace monotail {

/// A rescaling in float32, and room for one row of its scores.
class RescaledScores
{
public:
    explicit RescaledScores(const Rescaling& rescaling);
    const std::string& method() const { return m_method; }
    /// fl(fl(s * z) + b) of row `row` of z; valid until the next call.
    const Eigen::ArrayXf& of(const RowMatrix& z, std::int64_t row);

private:
    std::string m_method;
    Eigen::ArrayXf m_scale, m_bias, m_scores;
};

struct Verdict
{
    std::int32_t predicted = 0; ///< largest score; ties go to the lowest class
    float confidence = 0;       ///< softmax probability of the predicted class
    bool inTopFive = false;     ///< whether fewer than 5 classes beat the label, same tie rule
    bool nearTie = false;       ///< best less second best < 1e-5 of the largest |score|
};

/// Of finite scores; `label` in [0, C).
Verdict judge(const ScoreRow& scores, std::int64_t label);
bool allFinite(const ScoreRow& scores);

} // namespace monotail
