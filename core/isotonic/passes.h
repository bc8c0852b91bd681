// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>

#include "isotonic/input.h"

namespace monotail::detail {

/// A block while it is made: it begins where the one before it ends. Whether neighbours pool is
/// told by cross-multiplying, without a division; sums of whole numbers are exact, so that equal
/// means come out equal however their points were pooled.
struct SumRun
{
    double sum;
    double weight;
    std::size_t end;
};

/// Whether neighbours pool. Equal ones do, so that the blocks are maximal runs.
inline bool violate(const SumRun& left, const SumRun& right)
{
    return left.sum * right.weight >= right.sum * left.weight;
}

inline SumRun pooled(const SumRun& left, const SumRun& right)
{
    return {left.sum + right.sum, left.weight + right.weight, right.end};
}

/// Runs of rising mean, [first, last) of `place`.
struct SumRuns
{
    std::unique_ptr<SumRun[]> place;
    std::size_t first = 0;
    std::size_t last = 0;
};

/// The non-decreasing fit of sign * values at points [begin, end). Input of extreme magnitudes or
/// with faults gives some runs of these points.
SumRuns poolInPasses(const Input& input, std::size_t begin, std::size_t end, double sign);

} // namespace monotail::detail
