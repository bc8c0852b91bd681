// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/head_bias.h"

#include "base/text.h"
#include "checkpoint/head_tensors.h"

namespace monotail {

namespace {

/// Whether the wanted bias is the one the head has: then the stored number stays, free of the
/// rounding through float32.
bool isKept(const ClassifierHead& head, const std::vector<double>& bias, std::size_t c)
{
    return bias[c] == static_cast<double>(head.bias[static_cast<Eigen::Index>(c)]);
}

/// Where a class stands among the stored rows.
std::size_t rowOf(const ClassifierHead& head, std::size_t c)
{
    return static_cast<std::size_t>(storedRow(head.source, static_cast<std::int64_t>(c)));
}

} // namespace

std::vector<double> linearBias(const ClassifierHead& head, const std::vector<double>& stored,
                               const std::vector<double>& bias)
{
    std::vector<double> values = stored;
    for (std::size_t c = 0; c < bias.size(); ++c)
        if (!isKept(head, bias, c))
            values[rowOf(head, c)] = bias[c];
    return values;
}

std::vector<double> replacedBias(const ClassifierHead& head, const std::vector<double>& stored,
                                 const std::vector<double>& bias)
{
    std::vector<double> values = stored;
    for (std::size_t c = 0; c < bias.size(); ++c)
        values[rowOf(head, c)] = bias[c];
    return values;
}

std::vector<double> expertBias(const ClassifierHead& head, const std::vector<double>& stored,
                               const std::vector<double>& bias)
{
    std::vector<double> values = stored;
    for (std::size_t c = 0; c < bias.size(); ++c)
        if (!isKept(head, bias, c))
            values[rowOf(head, c)] +=
                bias[c] - static_cast<double>(head.bias[static_cast<Eigen::Index>(c)]);
    return values;
}

std::vector<double> lwsBias(const ClassifierHead& head, const std::vector<double>& stored,
                            const std::vector<double>& scale, const std::vector<double>& newScales,
                            const std::vector<double>& bias)
{
    std::vector<double> values = stored;
    for (std::size_t c = 0; c < bias.size(); ++c) {
        const std::size_t row = rowOf(head, c);
        const bool kept = isKept(head, bias, c);
        if (kept && (scale[c] == 1 || stored[row] == 0))
            continue;
        if (newScales[row] == 0 && bias[c] != 0)
            throw Error(message("{}: class {} has scale 0, and no bias under that scale gives {}; "
                                "choose another method or write a new file",
                                printable(head.source.scales), c, bias[c]));
        if (newScales[row] != 0)
            values[row] = kept ? stored[row] / scale[c] : bias[c] / newScales[row];
    }
    return values;
}

} // namespace monotail
