// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/kept_scores.h"

#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "evaluate/head_input.h"
#include "evaluate/index/full_pass.h"
#include "platform/paths.h"

namespace monotail {

namespace {

std::vector<float> asFloats(const std::vector<double>& values)
{
    std::vector<float> out(values.size());
    std::transform(values.begin(), values.end(), out.begin(),
                   [](double value) { return static_cast<float>(value); });
    return out;
}

/// Classes by weight norm: most rescalings are functions of it, so that neighbours get about the
/// same scale.
std::vector<std::int32_t> byNorm(const RowMatrix& weight)
{
    const Eigen::VectorXf norms = weight.rowwise().norm();
    std::vector<std::int32_t> order(static_cast<std::size_t>(weight.rows()));
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::int32_t a, std::int32_t b) { return norms[a] > norms[b]; });
    return order;
}

std::unique_ptr<ScoreIndex> indexWithScores(std::int64_t samples, const RowMatrix& weight,
                                            const KeepOptions& options,
                                            const std::shared_ptr<const Workers>& workers)
{
    const std::int64_t rowBytes = weight.rows() * static_cast<std::int64_t>(sizeof(float));
    IndexOptions how{KeepScores::InMemory, options.scratchFolder, workers};
    if (samples <= options.memoryBytes / std::max<std::int64_t>(rowBytes, 1))
        return std::make_unique<ScoreIndex>(samples, byNorm(weight), how);
    if (samples <= options.scratchBytes / std::max<std::int64_t>(rowBytes, 1)) {
        how.keep = KeepScores::InScratchFile;
        try {
            if (how.scratchFolder.empty())
                how.scratchFolder = cacheFolder();
            return std::make_unique<ScoreIndex>(samples, byNorm(weight), how);
        } catch (const Error&) {
            // No room on the disk: slower, but the same results.
        }
    }
    how.keep = KeepScores::No;
    return std::make_unique<ScoreIndex>(samples, byNorm(weight), how);
}

/// Sets the winners of the `undecided` samples among those of the tile.
void decide(ScaledWinners& winners, std::int64_t begin, const RowMatrix& z,
            const std::vector<std::int32_t>& classOf)
{
    const auto& undecided = winners.undecided;
    auto next = std::lower_bound(undecided.begin(), undecided.end(), begin);
    for (; next != undecided.end() && *next < begin + z.rows(); ++next) {
        const auto best =
            detail::bestOfAll({z.row(*next - begin).data(), static_cast<std::size_t>(z.cols())},
                              winners.scale.data(), winners.bias.data(), classOf.data());
        winners.winner[static_cast<std::size_t>(*next)] = best.winner;
        winners.z[static_cast<std::size_t>(*next)] = best.z;
    }
}

} // namespace

KeptScores::KeptScores(std::shared_ptr<const FeatureSet> features,
                       std::shared_ptr<const ClassifierHead> head,
                       std::shared_ptr<const Scorer> scorer, const Progress& progress,
                       const KeepOptions& options)
    : m_features(head->unitParts > 0
                     ? std::make_shared<const FeatureSet>(headInput(*features, *head))
                     : std::move(features)),
      m_head(std::move(head)), m_scorer(std::move(scorer)), m_range(m_head->classes())
{
    checkFeatures(*m_features, m_head->classes(), m_head->features(), m_head->source.weight);
    const auto workers = std::make_shared<const Workers>(options.threads);
    makeIndex(options, workers);
    m_scorer->score(
        *m_features, m_head->weight,
        [&](std::int64_t begin, const RowMatrix& tile) {
            if (!m_range.add(tile, *workers))
                throw Error(message("{}: scores of samples {} to {} are not finite under the head "
                                    "as it is; the features hold NaN, infinite or far too large "
                                    "numbers",
                                    printable(m_features->source), begin, begin + tile.rows() - 1));
            if (m_onDevice)
                m_onDevice->add(begin, tile);
            if (m_index)
                m_index->add(begin, tile);
        },
        progress);
}

void KeptScores::makeIndex(const KeepOptions& options,
                           const std::shared_ptr<const Workers>& workers)
{
    m_onDevice = m_scorer->makeRoom(m_features->samples(), m_head->classes());
    if (m_onDevice)
        return;
    const auto cells =
        static_cast<double>(m_features->samples()) * static_cast<double>(m_head->classes());
    if (cells * ScoreIndex::bytesPerScore < static_cast<double>(options.memoryBytes))
        m_index = indexWithScores(m_features->samples(), m_head->weight, options, workers);
}

void KeptScores::score(const FeatureSet& features, const RowMatrix& weight, const ScoreTile& tile,
                       const Progress& progress) const
{
    const bool same = keepsScores() && features.features == m_features->features &&
                      weight.rows() == m_head->weight.rows() &&
                      weight.cols() == m_head->weight.cols() && weight == m_head->weight;
    if (!same)
        return m_scorer->score(features, weight, tile, progress);
    const std::int64_t samples = m_index->samples();
    const std::int64_t step = tileRows(samples, m_index->classes());
    for (std::int64_t begin = 0; begin < samples; begin += step) {
        const std::int64_t end = std::min<std::int64_t>(samples, begin + step);
        tile(begin, m_index->scores(begin, end));
        report(progress, end, samples);
    }
}

std::vector<std::int32_t> KeptScores::predict(const Rescaling& rescaling,
                                              const Progress& progress) const
{
    const auto classes = static_cast<std::size_t>(m_head->classes());
    if (rescaling.scale.size() != classes || rescaling.bias.size() != classes)
        throw Error(message("{}: {} scales and {} biases for a head of {} classes",
                            printable(rescaling.method), rescaling.scale.size(),
                            rescaling.bias.size(), classes));
    std::vector<float> scale = asFloats(rescaling.scale);
    std::vector<float> bias = asFloats(rescaling.bias);
    if (!m_range.holds(scale, bias))
        throw Error(message("method {}: scores leave the range of float32; choose smaller scales",
                            printable(rescaling.method)));
    if (m_onDevice)
        return m_onDevice->predict(scale, bias);
    auto winners =
        std::make_shared<ScaledWinners>(search(std::move(scale), std::move(bias), progress));
    if (!winners->undecided.empty())
        scoreUndecided(*winners, progress);
    const std::lock_guard lock(m_mutex);
    m_last = winners;
    return winners->winner;
}

ScaledWinners KeptScores::search(std::vector<float> scale, std::vector<float> bias,
                                 const Progress& progress) const
{
    if (m_index) {
        std::unique_lock lock(m_mutex);
        const std::shared_ptr<const ScaledWinners> last = m_last;
        lock.unlock();
        return m_index->search(std::move(scale), std::move(bias), last.get(), progress);
    }
    const std::size_t samples = m_features->labels.size();
    ScaledWinners winners{std::move(scale), std::move(bias), {}, {}, {}};
    winners.winner.resize(samples);
    winners.z.resize(samples);
    winners.undecided.resize(samples);
    std::iota(winners.undecided.begin(), winners.undecided.end(), std::int64_t(0));
    return winners;
}

void KeptScores::scoreUndecided(ScaledWinners& winners, const Progress& progress) const
{
    std::vector<std::int32_t> classOf(winners.scale.size());
    std::iota(classOf.begin(), classOf.end(), 0);
    m_scorer->score(
        *m_features, m_head->weight,
        [&](std::int64_t begin, const RowMatrix& z) { decide(winners, begin, z, classOf); },
        progress);
    winners.undecided.clear();
}

} // namespace monotail
