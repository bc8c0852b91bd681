// SPDX-License-Identifier: GPL-3.0-or-later
#include "isotonic/isotonic_fit.h"
#include "isotonic/pool.h"

namespace monotail {

std::vector<Merge> isotonicTrace(std::span<const double> values, std::span<const double> weights,
                                 Monotone direction)
{
    detail::checkIsotonicInput(values, weights);
    std::vector<Merge> merges;
    std::vector<double> rests(values.size());
    const auto record = [&](std::size_t begin, std::size_t middle, std::size_t end,
                            const detail::Mean& left, const detail::Mean& right,
                            const detail::Mean& both) {
        merges.push_back({begin, middle, end, left.value(), right.value(), left.weight,
                          right.weight, both.value()});
    };
    detail::poolAdjacentViolators(values, weights, direction, rests, record);
    return merges;
}

} // namespace monotail
