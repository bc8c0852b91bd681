// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/headroom_fit.h"

#include <algorithm>
#include <array>

#include "evaluate/temperature.h"

namespace monotail {

namespace {

struct Ranked
{
    const NamedPoint* start = nullptr;
    double mean = -1;
};

/// The first of the best; none of nothing.
Ranked bestOf(const AscentScores& scores, const std::vector<NamedPoint>& starts)
{
    Ranked best;
    for (const NamedPoint& start : starts)
        if (const double mean = classMeanAt(scores, start.point); mean > best.mean)
            best = {&start, mean};
    return best;
}

AscentScores halfOf(const AscentScores& scores, const std::vector<std::uint8_t>& halves,
                    std::uint8_t half)
{
    std::vector<std::int32_t> labels;
    for (std::size_t i = 0; i < halves.size(); ++i)
        if (halves[i] == half)
            labels.push_back(scores.labels[i]);
    RowMatrix rows(static_cast<Eigen::Index>(labels.size()), scores.rows.cols());
    Eigen::Index next = 0;
    for (std::size_t i = 0; i < halves.size(); ++i)
        if (halves[i] == half)
            rows.row(next++) = scores.rows.row(static_cast<Eigen::Index>(i));
    return ascentScores(std::move(rows), std::move(labels));
}

std::vector<AscentPoint> pathFrom(const AscentScores& scores, const AscentPoint& start,
                                  const FitQuery& query, int mostSweeps)
{
    return ascend(scores, start, {query.adjusted, mostSweeps}, [&](int, std::int64_t) {
        if (query.proceed)
            query.proceed();
    });
}

struct Stop
{
    int sweeps = 0;
    double mean = 0; ///< on samples not fitted on
};

/// The number of sweeps that serves samples not fitted on best, the fewest of equal ones.
Stop whenToStop(const std::array<AscentScores, 2>& halves, const AscentPoint& start,
                const FitQuery& query)
{
    std::vector<double> sums; // by number of sweeps
    for (std::size_t h = 0; h < 2; ++h) {
        const auto path = pathFrom(halves[h], start, query, query.mostSweeps);
        std::vector<double> means;
        for (const AscentPoint& point : path)
            means.push_back(classMeanAt(halves[1 - h], point));
        // A path that has ended stays where it is.
        const std::size_t length = std::max(sums.size(), means.size());
        means.resize(length, means.back());
        sums.resize(length, sums.empty() ? 0 : sums.back());
        for (std::size_t k = 0; k < length; ++k)
            sums[k] += means[k];
    }
    const auto best = std::max_element(sums.begin(), sums.end());
    return {static_cast<int>(best - sums.begin()), *best / 2};
}

} // namespace

FittedPoint fitPoint(const AscentScores& scores, const std::vector<NamedPoint>& atLeast,
                     const std::vector<NamedPoint>& others, const FitQuery& query)
{
    const Ranked floor = bestOf(scores, atLeast);
    const Ranked other = bestOf(scores, others);
    const NamedPoint* start = floor.start;
    const auto split = splitHalves(static_cast<std::int64_t>(scores.labels.size()), query.seed);
    const std::array<AscentScores, 2> halves{halfOf(scores, split, 0), halfOf(scores, split, 1)};
    Stop stop = whenToStop(halves, start->point, query);
    if (other.start && other.mean >= floor.mean) { // else its path might end below the floor
        const Stop second = whenToStop(halves, other.start->point, query);
        if (second.mean > stop.mean) {
            stop = second;
            start = other.start;
        }
    }
    FittedPoint out{*start, start->point, 0, 0, floor.mean};
    const auto path = pathFrom(scores, start->point, query, stop.sweeps);
    out.point = path.back();
    out.sweeps = static_cast<int>(path.size()) - 1;
    out.mean = classMeanAt(scores, out.point);
    return out;
}

} // namespace monotail
