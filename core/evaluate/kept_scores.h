// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <mutex>

#include "checkpoint/head.h"
#include "evaluate/score_index.h"
#include "evaluate/score_range.h"
#include "evaluate/scorer.h"
#include "rescale/rescaling.h"

namespace monotail {

struct KeepOptions
{
    std::int64_t memoryBytes = std::int64_t(2) << 30;   ///< that z, or its index, may take
    std::int64_t scratchBytes = std::int64_t(64) << 30; ///< of disk, where z takes more than that
    std::filesystem::path scratchFolder = {};           ///< empty = the user's cache folder
    int threads = 0;                                    ///< of predict(); 0 = one per processor
};

/// z = features * W^T of one feature set under one head, computed once, with what finds the
/// winning classes under any rescaling without reading all of it (ScoreIndex). z lies in memory or,
/// if it is larger, in a scratch file; if there is no room for that either, it is computed again
/// where it is needed. On a GPU with room for it z stays there. The results are the same.
class KeptScores : public Scorer
{
public:
    /// Throws Error for features that do not fit the head, and for scores that are not finite.
    KeptScores(std::shared_ptr<const FeatureSet> features,
               std::shared_ptr<const ClassifierHead> head, std::shared_ptr<const Scorer> scorer,
               const Progress& progress = {}, const KeepOptions& options = {});

    std::string device() const override { return m_scorer->device(); }
    const std::shared_ptr<const Scorer>& scorer() const { return m_scorer; }
    /// Whether z is at hand without computing it again.
    bool keepsScores() const { return m_index && m_index->keepsScores(); }

    /// What predict() has in memory beside z; 0 without an index.
    std::size_t indexBytes() const { return m_index ? m_index->indexBytes() : 0; }

    /// From what is kept for the weight it was made with, else by the scorer it was made with.
    void score(const FeatureSet& features, const RowMatrix& weight, const ScoreTile& tile,
               const Progress& progress) const override;

    /// The class of every sample, as predictAll() finds it: largest fl(fl(s * z) + b), ties to the
    /// lowest index. Where few classes have another scale or bias than in the call before, only
    /// these are looked at. Throws Error if a score leaves the range of float32.
    std::vector<std::int32_t> predict(const Rescaling& rescaling,
                                      const Progress& progress = {}) const;

private:
    void makeIndex(const KeepOptions& options, const std::shared_ptr<const Workers>& workers);
    ScaledWinners search(std::vector<float> scale, std::vector<float> bias,
                         const Progress& progress) const;
    void scoreUndecided(ScaledWinners& winners, const Progress& progress) const;

    std::shared_ptr<const FeatureSet> m_features;
    std::shared_ptr<const ClassifierHead> m_head;
    std::shared_ptr<const Scorer> m_scorer;
    std::unique_ptr<ScoreIndex> m_index; ///< null where it is on the device, or too large
    std::unique_ptr<DeviceScores> m_onDevice;
    ScoreRange m_range;
    mutable std::mutex m_mutex;
    mutable std::shared_ptr<const ScaledWinners> m_last; ///< of the call before
};

} // namespace monotail
