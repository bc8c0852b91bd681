// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/confusion.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace monotail {

namespace {

void checkSizes(const std::vector<std::int32_t>& predicted, const std::vector<std::int64_t>& labels)
{
    if (predicted.size() != labels.size())
        throw Error(message("predictions of {} samples do not fit {} labels", predicted.size(),
                            labels.size()));
}

std::size_t at(Shot shot)
{
    return static_cast<std::size_t>(shot);
}

} // namespace

std::int64_t GroupConfusion::total(Shot truth) const
{
    const auto& row = counts[at(truth)];
    return std::accumulate(row.begin(), row.end(), std::int64_t(0));
}

std::optional<double> GroupConfusion::share(Shot truth, Shot predicted) const
{
    const std::int64_t whole = total(truth);
    if (whole == 0)
        return std::nullopt;
    return 100 * static_cast<double>(counts[at(truth)][at(predicted)]) / static_cast<double>(whole);
}

GroupConfusion groupConfusion(const std::vector<std::int32_t>& predicted,
                              const std::vector<std::int64_t>& labels, const ShotGroups& groups)
{
    checkSizes(predicted, labels);
    GroupConfusion out;
    for (std::size_t i = 0; i < labels.size(); ++i)
        ++out.counts[at(groups.of[static_cast<std::size_t>(labels[i])])]
                    [at(groups.of[static_cast<std::size_t>(predicted[i])])];
    return out;
}

std::vector<ConfusionCell> confusionCells(const std::vector<std::int32_t>& predicted,
                                          const std::vector<std::int64_t>& labels)
{
    checkSizes(predicted, labels);
    std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
    pairs.reserve(labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i)
        pairs.emplace_back(labels[i], predicted[i]);
    std::sort(pairs.begin(), pairs.end());
    std::vector<ConfusionCell> cells;
    for (const auto& [label, as] : pairs) {
        if (cells.empty() || cells.back().label != label || cells.back().predicted != as)
            cells.push_back({label, as, 0});
        ++cells.back().count;
    }
    return cells;
}

MostConfused mostConfused(const std::vector<ConfusionCell>& cells, std::size_t most)
{
    MostConfused out;
    std::copy_if(cells.begin(), cells.end(), std::back_inserter(out.cells),
                 [](const ConfusionCell& cell) { return cell.label != cell.predicted; });
    const auto fuller = [](const ConfusionCell& a, const ConfusionCell& b) {
        return std::pair(-a.count, std::pair(a.label, a.predicted)) <
               std::pair(-b.count, std::pair(b.label, b.predicted));
    };
    const auto kept =
        out.cells.begin() + static_cast<std::ptrdiff_t>(std::min(most, out.cells.size()));
    std::partial_sort(out.cells.begin(), kept, out.cells.end(), fuller);
    for (auto cell = kept; cell != out.cells.end(); ++cell) {
        ++out.otherCells;
        out.otherSamples += cell->count;
    }
    out.cells.erase(kept, out.cells.end());
    return out;
}

std::vector<std::int64_t> samplesOf(const std::vector<std::int32_t>& predicted,
                                    const std::vector<std::int64_t>& labels, std::int64_t label,
                                    std::int64_t predictedClass)
{
    checkSizes(predicted, labels);
    std::vector<std::int64_t> out;
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (labels[i] == label && predicted[i] == predictedClass)
            out.push_back(static_cast<std::int64_t>(i));
    return out;
}

} // namespace monotail
