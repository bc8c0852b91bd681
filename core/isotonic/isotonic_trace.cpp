// SPDX-License-Identifier: GPL-3.0-or-later
#include "isotonic/isotonic_fit.h"
#include "isotonic/pool.h"

namespace monotail {

std::vector<Merge> isotonicTrace(std::span<const double> values, std::span<const double> weights,
                                 Monotone direction)
{
    detail::checkIsotonicInput(values, weights);
    std::vector<Merge> merges;
    const auto record = [&](const Block& left, const Block& right) {
        merges.push_back({left.begin, right.begin, right.end, left.value, right.value, left.weight,
                          right.weight, detail::joined(left, right).value});
    };
    detail::poolAdjacentViolators(values, weights, direction, record);
    return merges;
}

} // namespace monotail
