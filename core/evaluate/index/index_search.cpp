// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/index/index_search.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <mutex>
#include <numeric>

#include "evaluate/index/full_pass.h"
#include "evaluate/index/index_scan.h"

namespace monotail::detail {

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr std::int32_t noClass = std::numeric_limits<std::int32_t>::max();
/// Tiles that a thread takes at once.
constexpr std::int64_t tilesAtOnce = 64;
/// Tiles by which is judged whether the index pays for the rest of them.
constexpr std::int64_t probeTiles = 2;

std::size_t at(std::int64_t index)
{
    return static_cast<std::size_t>(index);
}

GroupBound boundOf(std::span<const float> scale, std::span<const float> bias)
{
    const auto [least, most] = std::minmax_element(scale.begin(), scale.end());
    if (*least < 0)
        return {0, 0, infinity};
    return {*most, *least, *std::max_element(bias.begin(), bias.end())};
}

ScanTables tablesOf(const SearchInput& input, const std::vector<float>& scale,
                    const std::vector<float>& bias)
{
    const std::size_t padded = at(input.layout.groups()) * groupSize;
    ScanTables tables;
    tables.scale.resize(padded);
    tables.bias.resize(padded);
    tables.classOf.resize(padded);
    for (std::size_t i = 0; i < input.order.size(); ++i) {
        tables.classOf[i] = input.order[i];
        tables.scale[i] = scale[at(input.order[i])];
        tables.bias[i] = bias[at(input.order[i])];
    }
    for (std::size_t begin = 0; begin < input.order.size(); begin += groupSize) {
        const std::size_t size = std::min<std::size_t>(groupSize, input.order.size() - begin);
        tables.bounds.push_back(
            boundOf({tables.scale.data() + begin, size}, {tables.bias.data() + begin, size}));
    }
    return tables;
}

std::vector<std::uint32_t> allGroups(const SearchInput& input)
{
    std::vector<std::uint32_t> groups(at(input.layout.groups()));
    std::iota(groups.begin(), groups.end(), 0U);
    return groups;
}

/// The groups with a class whose scale or bias is another than before.
std::vector<std::uint32_t> changedGroups(const SearchInput& input, const ScaledWinners& before,
                                         const ScaledWinners& now)
{
    std::vector<std::uint32_t> groups;
    for (std::size_t i = 0; i < input.order.size(); ++i) {
        const std::size_t c = at(input.order[i]);
        const auto group = static_cast<std::uint32_t>(i / groupSize);
        if ((before.scale[c] != now.scale[c] || before.bias[c] != now.bias[c]) &&
            (groups.empty() || groups.back() != group))
            groups.push_back(group);
    }
    return groups;
}

class Search
{
public:
    Search(const SearchInput& input, ScaledWinners& out, const ScaledWinners* before)
        : m_input(input), m_tables(tablesOf(input, out.scale, out.bias)),
          m_groups(allGroups(input)), m_before(before), m_out(out)
    {
        if (before)
            m_changed = changedGroups(input, *before, out);
        if (m_changed.size() > m_groups.size() / 2)
            m_before = nullptr;
    }

    void runChunk(std::int64_t chunk);

private:
    struct Cost
    {
        std::int64_t visits = 0; ///< second classes evaluated
        std::int64_t reads = 0;  ///< groups read from z
    };
    struct Tile
    {
        std::int64_t first; ///< sample
        int size;           ///< samples, up to `lanes`
        IndexTile kept;
        TileBest best;
        std::uint32_t undecided = 0; ///< lanes
    };

    bool readsPay(const Cost& cost) const;
    std::span<const std::uint32_t> start(Tile& tile) const;
    void searchTile(std::int64_t index, std::vector<OpenGroup>& open, Cost& cost);
    void visit(Tile& tile, std::uint32_t group, int lane, Cost& cost) const;
    void readGroup(Tile& tile, std::uint32_t group, int lane) const;
    void readAll(std::int64_t tile);

    const SearchInput& m_input;
    ScanTables m_tables;
    std::vector<std::uint32_t> m_groups, m_changed;
    const ScaledWinners* m_before;
    ScaledWinners& m_out;
    ScanTile m_scan = scanTile();
    std::mutex m_mutex; ///< of m_out.undecided
};

void consider(TileBest& best, int lane, float score, float z, std::int32_t candidate)
{
    if (score > best.score[lane] || (score == best.score[lane] && candidate < best.winner[lane])) {
        best.score[lane] = score;
        best.z[lane] = z;
        best.winner[lane] = candidate;
    }
}

/// Measured on 50,000 x 1,000: reading a group costs about as much as 240 classes of a pass over
/// all, which runs at the speed of memory; looking at a second class a quarter of that.
bool Search::readsPay(const Cost& cost) const
{
    const auto classes = static_cast<std::int64_t>(m_input.order.size());
    return !m_input.scores || 240 * cost.reads + 60 * cost.visits < classes * probeTiles * lanes;
}

/// What is known before the tile is looked at, and the groups that may change it.
std::span<const std::uint32_t> Search::start(Tile& tile) const
{
    std::fill_n(tile.best.score, lanes, -infinity);
    std::fill_n(tile.best.z, lanes, 0.0F);
    std::fill_n(tile.best.winner, lanes, noClass);
    if (!m_before)
        return m_groups;
    bool fell = false;
    for (int lane = 0; lane < tile.size; ++lane) {
        const std::size_t sample = at(tile.first + lane);
        const std::int32_t winner = m_before->winner[sample];
        const float z = m_before->z[sample];
        const float score = m_out.scale[at(winner)] * z + m_out.bias[at(winner)];
        fell = fell || score < m_before->scale[at(winner)] * z + m_before->bias[at(winner)];
        tile.best.score[lane] = score;
        tile.best.z[lane] = z;
        tile.best.winner[lane] = winner;
    }
    return fell ? m_groups : m_changed;
}

void Search::visit(Tile& tile, std::uint32_t group, int lane, Cost& cost) const
{
    const std::size_t slot = group * lanes + at(lane);
    const GroupBound& bound = m_tables.bounds[group];
    if (bound.of(tile.kept.z[1][slot]) < tile.best.score[lane])
        return;
    ++cost.visits;
    const std::size_t second = group * groupSize + tile.kept.at[1][slot];
    const float z = tile.kept.z[1][slot];
    consider(tile.best, lane, m_tables.scale[second] * z + m_tables.bias[second], z,
             m_tables.classOf[second]);
    if (bound.of(tile.kept.z[2][slot]) < tile.best.score[lane])
        return;
    ++cost.reads;
    if (m_input.scores)
        readGroup(tile, group, lane);
    else
        tile.undecided |= 1U << lane;
}

void Search::readGroup(Tile& tile, std::uint32_t group, int lane) const
{
    const std::size_t classes = m_input.order.size();
    const std::size_t begin = group * std::size_t(groupSize);
    const std::size_t size = std::min<std::size_t>(groupSize, classes - begin);
    const float* z = m_input.scores + at(tile.first + lane) * classes + begin;
    const BestClass best = bestOfAll({z, size}, m_tables.scale.data() + begin,
                                     m_tables.bias.data() + begin, m_tables.classOf.data() + begin);
    consider(tile.best, lane, best.score, best.z, best.winner);
}

void Search::searchTile(std::int64_t index, std::vector<OpenGroup>& open, Cost& cost)
{
    Tile tile{};
    tile.first = index * lanes;
    tile.size = static_cast<int>(std::min<std::int64_t>(lanes, m_input.samples - tile.first));
    tile.kept = m_input.layout.tile(m_input.index, index);
    const std::size_t count = m_scan(tile.kept, m_tables, start(tile), tile.best, open.data());
    const std::uint32_t real = (1U << tile.size) - 1;
    for (std::size_t i = 0; i < count; ++i)
        for (std::uint32_t mask = open[i].mask & real; mask != 0; mask &= mask - 1)
            visit(tile, open[i].group, std::countr_zero(mask), cost);
    std::copy_n(tile.best.winner, tile.size, m_out.winner.data() + tile.first);
    std::copy_n(tile.best.z, tile.size, m_out.z.data() + tile.first);
    if (tile.undecided == 0)
        return;
    const std::lock_guard lock(m_mutex);
    for (std::uint32_t mask = tile.undecided; mask != 0; mask &= mask - 1)
        m_out.undecided.push_back(tile.first + std::countr_zero(mask));
}

void Search::readAll(std::int64_t tile)
{
    const std::size_t classes = m_input.order.size();
    const std::int64_t end = std::min((tile + 1) * lanes, m_input.samples);
    for (std::int64_t sample = tile * lanes; sample < end; ++sample) {
        const BestClass best =
            bestOfAll({m_input.scores + at(sample) * classes, classes}, m_tables.scale.data(),
                      m_tables.bias.data(), m_tables.classOf.data());
        m_out.winner[at(sample)] = best.winner;
        m_out.z[at(sample)] = best.z;
    }
}

void Search::runChunk(std::int64_t chunk)
{
    std::vector<OpenGroup> open(m_groups.size() + 1);
    const std::int64_t begin = chunk * tilesAtOnce;
    const std::int64_t end = std::min(begin + tilesAtOnce, m_input.layout.tiles());
    Cost cost;
    bool pays = true;
    for (std::int64_t tile = begin; tile < end; ++tile) {
        if (tile == begin + probeTiles)
            pays = readsPay(cost);
        if (pays)
            searchTile(tile, open, cost);
        else
            readAll(tile);
    }
}

} // namespace

ScaledWinners searchIndex(const SearchInput& input, std::vector<float> scale,
                          std::vector<float> bias, const ScaledWinners* before,
                          const Progress& progress)
{
    ScaledWinners out;
    out.scale = std::move(scale);
    out.bias = std::move(bias);
    out.winner.resize(at(input.samples));
    out.z.resize(at(input.samples));
    Search search(input, out, before);
    const std::int64_t chunks = (input.layout.tiles() + tilesAtOnce - 1) / tilesAtOnce;
    input.workers.run(
        chunks, [&](std::int64_t i) { search.runChunk(i); }, progress);
    std::sort(out.undecided.begin(), out.undecided.end());
    return out;
}

} // namespace monotail::detail
