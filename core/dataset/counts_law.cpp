// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "base/text.h"
#include "dataset/counts.h"

namespace monotail {

namespace {

[[noreturn]] void fail(const std::string& source, const char* what)
{
    throw Error(message("{}: {}; a law is written exp:LARGEST:IMBALANCE:CLASSES, as in "
                        "exp:500:100:100",
                        printable(source), what));
}

} // namespace

std::int64_t exponentialCount(std::int64_t largest, double imbalance, std::int64_t rank,
                              std::int64_t classes)
{
    const double share = static_cast<double>(rank) / (static_cast<double>(classes) - 1);
    const double power = rank == 0 ? 1 : std::pow(1 / imbalance, share);
    return static_cast<std::int64_t>(static_cast<double>(largest) * power);
}

std::optional<ClassCounts> readCountsLaw(const std::string& source)
{
    if (source.substr(0, 4) != "exp:")
        return {};
    const auto fields = split(source, ':');
    if (fields.size() != 4)
        fail(source, "three numbers are expected");
    const auto largest = parseInteger(fields[1]);
    const auto imbalance = parseDouble(fields[2]);
    const auto classes = parseInteger(fields[3]);
    if (!largest || *largest < 1 || *largest > maxCount)
        fail(source, "the largest count must be a whole number from 1 on");
    if (!imbalance || !std::isfinite(*imbalance) || *imbalance < 1)
        fail(source, "the imbalance factor (largest / smallest count) must be 1 or more");
    if (!classes || *classes < 1 || *classes > maxClasses)
        fail(source, "the number of classes must be a whole number from 1 on");
    ClassCounts result;
    result.kind = "exponential law";
    result.warnings.push_back(
        "the law gives class 0 the most images and the last class the fewest: "
        "it fits only where class order is frequency order");
    for (std::int64_t c = 0; c < *classes; ++c)
        result.counts.push_back(exponentialCount(*largest, *imbalance, c, *classes));
    return result;
}

} // namespace monotail
