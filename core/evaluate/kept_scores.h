// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "checkpoint/head.h"
#include "evaluate/scorer.h"
#include "rescale/rescaling.h"

namespace monotail {

/// z = features * W^T of one feature set under one head, computed once: every rescaling is then
/// evaluated without reading a feature again. Up to `keepBytes` z stays in memory; beyond that it
/// is computed again each time, with the same results.
class KeptScores : public Scorer
{
public:
    /// Throws Error for features that do not fit the head, and for scores that are not finite.
    KeptScores(std::shared_ptr<const FeatureSet> features,
               std::shared_ptr<const ClassifierHead> head, std::shared_ptr<const Scorer> scorer,
               const Progress& progress = {}, std::int64_t keepBytes = std::int64_t(2) << 30);

    std::string device() const override { return m_scorer->device(); }
    bool inMemory() const { return m_z.size() > 0; }
    const std::shared_ptr<const Scorer>& scorer() const { return m_scorer; }

    /// From memory for the weight it was made with, else by the scorer it was made with.
    void score(const FeatureSet& features, const RowMatrix& weight, const ScoreTile& tile,
               const Progress& progress) const override;

    /// The class of every sample, as predictAll() finds it: largest fl(fl(s * z) + b), ties to the
    /// lowest index. Throws Error if a score leaves the range of float32.
    std::vector<std::int32_t> predict(const Rescaling& rescaling,
                                      const Progress& progress = {}) const;

private:
    std::shared_ptr<const FeatureSet> m_features;
    std::shared_ptr<const ClassifierHead> m_head;
    std::shared_ptr<const Scorer> m_scorer;
    RowMatrix m_z;            ///< N x C; empty if it is not kept
    Eigen::ArrayXf m_largest; ///< C, largest |z|
};

} // namespace monotail
