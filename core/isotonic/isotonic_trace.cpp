// SPDX-License-Identifier: GPL-3.0-or-later
#include "isotonic/isotonic_fit.h"
#include "isotonic/pool.h"

namespace monotail {

std::vector<Merge> isotonicTrace(std::span<const double> values, std::span<const double> weights,
                                 Monotone direction)
{
    std::vector<Merge> merges;
    const auto record = [&](std::size_t begin, std::size_t middle, std::size_t end,
                            const auto& left, const auto& right, const auto& both) {
        merges.push_back(
            {begin, middle, end, left.value, right.value, left.weight, right.weight, both.value});
    };
    if (detail::checkIsotonicInput(values, weights) == detail::Magnitudes::Ordinary)
        detail::poolPoints<detail::SumMean>({values, weights}, direction, record);
    else
        detail::poolPoints<detail::StepMean>({values, weights}, direction, record);
    return merges;
}

} // namespace monotail
