// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <cmath>

#include "base/steps.h"
#include "base/text.h"
#include "evaluate/sweep.h"

namespace monotail {

namespace {

constexpr std::array<std::pair<MethodKind, std::string_view>, 3> sweepable{{
    {MethodKind::Tau, "tau"},
    {MethodKind::MaxNorm, "maxnorm"},
    {MethodKind::LogitAdjust, "logit-adjust"},
}};

[[noreturn]] void refuse(const std::string& text, const std::string& why)
{
    throw Error(message("sweep {}: {}; write it like tau:0:2:0.1 (method, first value, last value, "
                        "step)",
                        text, why));
}

std::string_view nameOf(MethodKind kind)
{
    for (const auto& [known, name] : sweepable)
        if (known == kind)
            return name;
    throw Error("only tau, maxnorm and logit-adjust have a parameter to sweep");
}

MethodKind kindOf(std::string_view name, const std::string& text)
{
    for (const auto& [kind, known] : sweepable)
        if (known == lowered(trimmed(name)))
            return kind;
    refuse(text, message("method \"{}\" has no parameter to sweep, only tau, maxnorm and "
                         "logit-adjust have",
                         printable(name)));
}

double numberOf(std::string_view part, const std::string& text)
{
    const std::optional<double> number = parseDouble(part);
    if (!number)
        refuse(text, message("\"{}\" is not a number", printable(part)));
    return *number + 0.0; // -0 becomes 0
}

Steps stepsOf(const SweepRange& range)
{
    return {range.from, range.to, range.step};
}

} // namespace

std::string nameOf(const SweepRange& range)
{
    return message("{}:{}:{}:{}", nameOf(range.kind), range.from, range.to, range.step);
}

void checkSweep(const SweepRange& range)
{
    const std::string text = nameOf(range);
    if (!std::isfinite(range.from) || !std::isfinite(range.to) || !std::isfinite(range.step))
        refuse(text, "all three numbers must be finite");
    if (range.step <= 0)
        refuse(text, "the step must be above 0");
    if (range.from > range.to)
        refuse(text, "the first value is above the last");
    // Both ends in the method's own words; what lies between is as good.
    for (const double value : {range.from, range.to})
        parseMethod(message("{}={}", nameOf(range.kind), value));
    if (!(countSteps(stepsOf(range)) < static_cast<double>(mostSweepPoints)))
        refuse(text, message("that is more than {} values, take a larger step", mostSweepPoints));
}

SweepRange parseSweep(std::string_view text)
{
    const std::string shown = printable(text);
    const std::vector<std::string_view> parts = split(text, ':');
    if (parts.size() != 4)
        refuse(shown, "four parts are expected");
    const SweepRange range{kindOf(parts[0], shown), numberOf(parts[1], shown),
                           numberOf(parts[2], shown), numberOf(parts[3], shown)};
    checkSweep(range);
    return range;
}

std::vector<double> sweepValues(const SweepRange& range)
{
    checkSweep(range);
    return valuesOf(stepsOf(range));
}

} // namespace monotail
