// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/score_index.h"

#include <algorithm>

#include "evaluate/index/index_build.h"
#include "evaluate/index/index_search.h"

namespace monotail {

using detail::lanes;

namespace {

BigMemory roomForScores(std::size_t bytes, const IndexOptions& options)
{
    switch (options.keep) {
    case KeepScores::InMemory:
        return BigMemory::inRam(bytes);
    case KeepScores::InScratchFile:
        return BigMemory::inFile(bytes, options.scratchFolder);
    case KeepScores::No:
        break;
    }
    return {};
}

} // namespace

ScoreIndex::ScoreIndex(std::int64_t samples, std::vector<std::int32_t> order, IndexOptions options)
    : m_samples(samples), m_order(std::move(order)),
      m_workers(options.workers ? options.workers : std::make_shared<Workers>()),
      m_layout(samples, classes()), m_index(BigMemory::inRam(m_layout.bytes())),
      m_scores(roomForScores(static_cast<std::size_t>(samples) * m_order.size() * sizeof(float),
                             options))
{}

float* ScoreIndex::row(std::int64_t sample) const
{
    return reinterpret_cast<float*>(m_scores.data()) + sample * classes();
}

void ScoreIndex::add(std::int64_t begin, const RowMatrix& z)
{
    if (z.rows() == 0)
        return;
    const std::int64_t first = begin / lanes;
    const std::int64_t last = (begin + z.rows() - 1) / lanes;
    m_workers->run(last - first + 1, [&](std::int64_t i) { addTile(first + i, begin, z); });
}

void ScoreIndex::addTile(std::int64_t tile, std::int64_t begin, const RowMatrix& z)
{
    const std::int64_t first = std::max(begin, tile * lanes);
    const std::int64_t end = std::min<std::int64_t>(begin + z.rows(), (tile + 1) * lanes);
    RowMatrix unkept(keepsScores() ? 0 : lanes, classes());
    const float* rows[lanes] = {};
    for (std::int64_t sample = first; sample < end; ++sample) {
        const auto lane = sample - tile * lanes;
        float* ordered = keepsScores() ? row(sample) : unkept.row(lane).data();
        const float* given = z.row(sample - begin).data();
        for (std::size_t i = 0; i < m_order.size(); ++i)
            ordered[i] = given[m_order[i]];
        rows[lane] = ordered;
    }
    detail::enterSamples(m_layout.tile(m_index.data(), tile), rows,
                         static_cast<int>(first - tile * lanes),
                         static_cast<int>(end - tile * lanes), classes());
}

ScaledWinners ScoreIndex::search(std::vector<float> scale, std::vector<float> bias,
                                 const ScaledWinners* before, const Progress& progress) const
{
    const detail::SearchInput input{
        m_samples, m_order, m_layout, m_index.data(), keepsScores() ? row(0) : nullptr, *m_workers};
    return detail::searchIndex(input, std::move(scale), std::move(bias), before, progress);
}

RowMatrix ScoreIndex::scores(std::int64_t begin, std::int64_t end) const
{
    RowMatrix z(end - begin, classes());
    for (std::int64_t sample = begin; sample < end; ++sample) {
        const float* ordered = row(sample);
        float* out = z.row(sample - begin).data();
        for (std::size_t i = 0; i < m_order.size(); ++i)
            out[m_order[i]] = ordered[i];
    }
    return z;
}

} // namespace monotail
