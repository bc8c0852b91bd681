// SPDX-License-Identifier: GPL-3.0-or-later
#include "extract/network.h"

#include "base/text.h"

namespace monotail {

std::string_view nameOf(Precision precision)
{
    switch (precision) {
    case Precision::BFloat16:
        return "bf16";
    case Precision::Float16:
        return "fp16";
    default:
        return "fp32";
    }
}

Precision parsePrecision(std::string_view name)
{
    for (const Precision precision : {Precision::Float32, Precision::BFloat16, Precision::Float16})
        if (name == nameOf(precision))
            return precision;
    throw Error(message("'{}': expected fp32, bf16 or fp16", printable(name)));
}

} // namespace monotail
