// SPDX-License-Identifier: GPL-3.0-or-later
#include "images/preprocessing.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace monotail {

namespace {

constexpr std::int64_t largestSide = 8192;

const std::vector<Preprocessing>& presets()
{
    static const Preprocessing imagenet;
    static const std::vector<Preprocessing> all{
        imagenet,
        {"tiny-imagenet", 0, 0, ResizeFilter::Bilinear, imagenet.mean, imagenet.deviation, false},
        {"cifar",
         0,
         0,
         ResizeFilter::Bilinear,
         {0.4914, 0.4822, 0.4465},
         {0.2023, 0.1994, 0.2010},
         false},
        {"fashion-mnist", 0, 0, ResizeFilter::Bilinear, {0.2860}, {0.3530}, false},
        {"none", 0, 0, ResizeFilter::Bilinear, {0}, {1}, false},
    };
    return all;
}

std::string listed(const std::vector<double>& values)
{
    std::vector<std::string> texts;
    for (const double value : values)
        texts.push_back(toText(value));
    return joined(texts, ",");
}

void checkSide(std::int64_t side, const char* what)
{
    if (side < 0 || side > largestSide)
        throw Error(message("preprocessing: {} {} makes no sense; 0 (none) to {} pixels are "
                            "possible",
                            what, side, largestSide));
}

void checkNumbers(const Preprocessing& preprocessing)
{
    const std::size_t means = preprocessing.mean.size();
    if ((means != 1 && means != 3) || preprocessing.deviation.size() != means)
        throw Error(message("preprocessing: {} means and {} standard deviations; one of each for "
                            "all channels, or three of each, are needed",
                            means, preprocessing.deviation.size()));
    for (const double mean : preprocessing.mean)
        if (!std::isfinite(mean))
            throw Error(message("preprocessing: the mean {} is not a finite number", mean));
    for (const double deviation : preprocessing.deviation)
        if (!std::isfinite(deviation) || !(static_cast<float>(deviation) > 0))
            throw Error(message("preprocessing: the standard deviation {} is not a positive "
                                "number",
                                deviation));
}

/// One value for all channels, or one for each.
double valueOf(const std::vector<double>& values, std::size_t channel)
{
    return values.size() == 1 ? values.front() : values.at(channel);
}

} // namespace

std::vector<std::string> preprocessingPresets()
{
    std::vector<std::string> names;
    for (const Preprocessing& preset : presets())
        names.push_back(preset.preset);
    return names;
}

Preprocessing preprocessingPreset(std::string_view name)
{
    for (const Preprocessing& preset : presets())
        if (preset.preset == name)
            return preset;
    throw Error(message("there is no preprocessing preset \"{}\"; the presets are {}",
                        printable(name), joined(preprocessingPresets(), ", ")));
}

void checkPreprocessing(const Preprocessing& preprocessing)
{
    checkSide(preprocessing.resize, "resize");
    checkSide(preprocessing.crop, "crop");
    checkNumbers(preprocessing);
}

std::string describe(const Preprocessing& preprocessing)
{
    std::vector<std::string> parts;
    const bool bicubic = preprocessing.filter == ResizeFilter::Bicubic;
    if (preprocessing.resize > 0)
        parts.push_back(
            message("resize {} {}", preprocessing.resize, bicubic ? "bicubic" : "bilinear"));
    else
        parts.push_back("size as it is");
    if (preprocessing.crop > 0)
        parts.push_back(message("crop {}", preprocessing.crop));
    parts.push_back("mean " + listed(preprocessing.mean));
    parts.push_back("std " + listed(preprocessing.deviation));
    if (preprocessing.flipAverage)
        parts.push_back("averaged with the mirror image");
    return joined(parts, ", ");
}

std::vector<std::array<float, 256>> normalisation(const Preprocessing& preprocessing,
                                                  std::int64_t channels)
{
    const auto means = static_cast<std::int64_t>(preprocessing.mean.size());
    if (means != 1 && means != channels)
        throw Error(message("preprocessing: {} means for images of {} channels; give one for all, "
                            "or one for each",
                            means, channels));
    std::vector<std::array<float, 256>> tables(static_cast<std::size_t>(channels));
    for (std::size_t c = 0; c < tables.size(); ++c) {
        const auto mean = static_cast<float>(valueOf(preprocessing.mean, c));
        const auto deviation = static_cast<float>(valueOf(preprocessing.deviation, c));
        for (std::size_t v = 0; v < 256; ++v)
            tables[c][v] = (static_cast<float>(v) / 255.0F - mean) / deviation;
    }
    return tables;
}

} // namespace monotail
