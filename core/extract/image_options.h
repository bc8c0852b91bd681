// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "backbone/backbone.h"
#include "extract/network.h"
#include "images/preprocessing.h"

namespace monotail {

/// What a person says about the preprocessing; the rest is the preset's.
struct PreprocessingEdits
{
    std::string preset; ///< empty: the usual one of the kind of source
    std::optional<std::int64_t> resize;
    std::optional<std::int64_t> crop;
    std::optional<ResizeFilter> filter;
    std::vector<double> mean; ///< empty: the preset's
    std::vector<double> deviation;
    bool flipAverage = false;

    bool operator==(const PreprocessingEdits&) const = default;
};

/// The preset named, or that of the source's kind ("cifar" for CIFAR, "imagenet" for image files),
/// with the edits. Throws Error where IDX images leave open which, and for values that make no
/// sense.
Preprocessing preprocessingOf(const PreprocessingEdits& edits, const std::string& sourceKind);

/// A part of a list: the `index`-th of `count`, from 0 on.
struct ShardChoice
{
    std::int64_t index = 0;
    std::int64_t count = 1;

    bool operator==(const ShardChoice&) const = default;
};
/// "0/4" to "3/4". Throws Error for anything else.
ShardChoice parseShard(const std::string& text);

/// How images become features; what a person can choose.
struct ImageOptions
{
    std::optional<std::filesystem::path> root; ///< of a label list
    PreprocessingEdits preprocessing;
    BackboneOptions backbone;
    Precision precision = Precision::Float32;
    std::int64_t batch = 0; ///< 0 = as suits the device
    ShardChoice shard;
    std::uint64_t cacheLimit = std::uint64_t{20} << 30; ///< bytes

    bool operator==(const ImageOptions&) const = default;
};

} // namespace monotail
