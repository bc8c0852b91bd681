// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "base/matrix.h"
#include "base/progress.h"
#include "base/workers.h"
#include "evaluate/index/index_tile.h"
#include "platform/big_memory.h"

namespace monotail {

/// Where z is kept for what the index cannot decide.
enum class KeepScores {
    InMemory,
    InScratchFile, ///< a nameless file, in memory as far as that goes
    No             ///< samples that the index cannot decide are named instead
};

struct IndexOptions
{
    KeepScores keep = KeepScores::InMemory;
    std::filesystem::path scratchFolder;         ///< for InScratchFile
    std::shared_ptr<const Workers> workers = {}; ///< none = a thread per processor of its own
};

/// One scale and bias per class, and who wins under them.
struct ScaledWinners
{
    std::vector<float> scale, bias;      ///< C
    std::vector<std::int32_t> winner;    ///< N, largest fl(fl(s * z) + b), the lowest class on ties
    std::vector<float> z;                ///< N, the winner's
    std::vector<std::int64_t> undecided; ///< samples without an answer; none where z is kept
};

/// Finds the winning class of every sample under any scale and bias per class, exactly, without
/// reading all of z (N x C).
///
/// Classes are put in groups of 32 neighbours of the order given. Of every sample and group the
/// three largest z are kept, 15 bytes for 128 of z. The first class of each group is evaluated;
/// the others can only win where the group's largest scale times its second or third z plus its
/// largest bias still reaches the best score. Where even the third does, the group's z are read.
/// Where that happens often, all z of the samples around are read instead, in one pass.
class ScoreIndex
{
public:
    /// `order`: the classes, best with those of similar scale beside each other (by weight norm,
    /// say). Any order gives the same winners. Throws Error if the memory or the scratch space is
    /// not there.
    ScoreIndex(std::int64_t samples, std::vector<std::int32_t> order, IndexOptions options = {});

    /// z of samples [begin, begin + z.rows()), finite. All samples must be added before a search.
    void add(std::int64_t begin, const RowMatrix& z);

    /// `scale` and `bias` of C finite values for which no score leaves float32. With `before`, the
    /// result of another search, only what can have changed is searched.
    ScaledWinners search(std::vector<float> scale, std::vector<float> bias,
                         const ScaledWinners* before = nullptr,
                         const Progress& progress = {}) const;

    /// Of the index alone, for each of N x C scores (4 bytes); a little more for few classes.
    static constexpr double bytesPerScore = 15.0 / 32;

    std::int64_t samples() const { return m_samples; }
    std::int64_t classes() const { return static_cast<std::int64_t>(m_order.size()); }
    bool keepsScores() const { return m_scores.bytes() > 0; }
    /// z of samples [begin, end) as added. Only where it is kept.
    RowMatrix scores(std::int64_t begin, std::int64_t end) const;
    std::size_t indexBytes() const { return m_index.bytes(); } ///< beside z
    std::size_t scoreBytes() const { return m_scores.bytes(); }

private:
    float* row(std::int64_t sample) const;
    void addTile(std::int64_t tile, std::int64_t begin, const RowMatrix& z);

    std::int64_t m_samples;
    std::vector<std::int32_t> m_order; ///< position -> class
    std::shared_ptr<const Workers> m_workers;
    detail::IndexLayout m_layout;
    BigMemory m_index;
    BigMemory m_scores; ///< N x C by position
};

} // namespace monotail
