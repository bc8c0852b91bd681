// SPDX-License-Identifier: GPL-3.0-or-later
#include "retrain/epoch_record.h"

#include <algorithm>

#include "isotonic/class_fit.h"
#include "retrain/monotone_module.h"

namespace monotail {

namespace {

std::vector<double> frequency(const ClassSet& classes)
{
    return {classes.counts.begin(), classes.counts.end()};
}

/// Of the pooled raw, in the order that norms are shown in.
std::vector<Block> runsOf(const std::vector<double>& pooled, const ClassSet& classes)
{
    std::vector<std::size_t> order(pooled.size());
    for (std::size_t c = 0; c < order.size(); ++c)
        order[c] = c;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return classes.counts[a] > classes.counts[b];
    });
    std::vector<Block> blocks;
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
        const double value = pooled[order[rank]];
        if (blocks.empty() || blocks.back().value != value)
            blocks.push_back({rank, rank, value, 0});
        ++blocks.back().end;
        ++blocks.back().weight;
    }
    return blocks;
}

/// As a profile of the head has them: rows of norm 0 stay out.
std::vector<Block> blocksOf(const std::vector<double>& norms, const ClassSet& classes)
{
    std::vector<bool> excluded(norms.size());
    std::transform(norms.begin(), norms.end(), excluded.begin(),
                   [](double norm) { return norm == 0; });
    return fitClasses(norms, std::vector<double>(norms.size(), 1.0), frequency(classes), excluded,
                      Direction::TailHigh, Ties::Average)
        .blocks;
}

} // namespace

EpochRecord recordStart(const HeadState& state, const FoldedState& folded, const ClassSet& classes)
{
    EpochRecord record;
    record.norms = folded.norms;
    record.raw = state.rawNorm;
    if (state.rawNorm.empty()) {
        record.blocks = blocksOf(folded.norms, classes);
    } else {
        record.pooledRaw = MonotoneModule(classes.counts).fit(state.rawNorm).pooled;
        record.blocks = runsOf(record.pooledRaw, classes);
    }
    return record;
}

EpochRecord recordEpoch(const EpochEnd& end, const FoldedState& folded, const ClassSet& classes)
{
    EpochRecord record = recordStart(end.state, folded, classes);
    record.epoch = end.epoch;
    record.loss = end.loss;
    record.rate = end.rate;
    return record;
}

CurvePoint curvePoint(const AccuracyReport& report)
{
    return {report.top1, report.classMean, report.groups};
}

} // namespace monotail
