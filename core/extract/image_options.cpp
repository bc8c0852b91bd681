// SPDX-License-Identifier: GPL-3.0-or-later
#include "extract/image_options.h"

#include "base/text.h"

namespace monotail {

namespace {

std::string usualPreset(const std::string& kind)
{
    if (kind.rfind("CIFAR", 0) == 0)
        return "cifar";
    if (kind != "IDX")
        return "imagenet";
    throw Error(message("IDX images do not say how the network wants them: choose --preprocess "
                        "({}), or give --mean and --std",
                        joined(preprocessingPresets(), ", ")));
}

} // namespace

Preprocessing preprocessingOf(const PreprocessingEdits& edits, const std::string& sourceKind)
{
    Preprocessing out =
        preprocessingPreset(edits.preset.empty() ? usualPreset(sourceKind) : edits.preset);
    const Preprocessing preset = out;
    out.resize = edits.resize.value_or(out.resize);
    out.crop = edits.crop.value_or(out.crop);
    out.filter = edits.filter.value_or(out.filter);
    if (!edits.mean.empty())
        out.mean = edits.mean;
    if (!edits.deviation.empty())
        out.deviation = edits.deviation;
    if (out != preset)
        out.preset = "custom";
    out.flipAverage = edits.flipAverage;
    checkPreprocessing(out);
    return out;
}

ShardChoice parseShard(const std::string& text)
{
    const auto parts = split(text, '/');
    const auto index = parts.size() == 2 ? parseInteger(parts[0]) : std::nullopt;
    const auto count = parts.size() == 2 ? parseInteger(parts[1]) : std::nullopt;
    if (!index || !count || *count < 1 || *index < 0 || *index >= *count)
        throw Error(message("{}: a part of the whole is expected, counted from 0: 0/4, 1/4, 2/4 or "
                            "3/4",
                            printable(text)));
    return {*index, *count};
}

} // namespace monotail
