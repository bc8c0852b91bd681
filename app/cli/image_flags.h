// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "cli/options.h"
#include "dataset/class_set.h"
#include "dataset/features.h"
#include "extract/image_options.h"

namespace monotail::cli {

/// How images become features, as typed; for verbs whose data may be images.
struct ImageFlags
{
    std::string root;
    std::string preset;
    std::optional<std::int64_t> resize;
    std::optional<std::int64_t> crop;
    std::string filter;
    std::string mean;
    std::string deviation;
    bool flipAverage = false;
    std::string precision = "fp32";
    std::int64_t batch = 0;
    std::string backbone;
    double cacheGib = 20;

    void addTo(CLI::App& verb);
    ImageOptions options() const;
    bool isGiven() const; ///< anything but the cache's limit
};

/// Throws Error for what is no amount of GiB.
void checkGib(const std::string& text);

/// What stands beside the data: images need the checkpoint's backbone and the names of classes.
struct DataContext
{
    const std::string& checkpoint;
    const HeadFlags& head;
    const std::string& counts; ///< may be empty
    ClassNaming naming;
    const ImageFlags& images;
    const CommonFlags& common;
};

/// Images of the lists that may be one of the outputs; see listedImages().
std::vector<std::string> withListedImages(std::vector<std::string> inputs,
                                          const std::vector<std::string>& lists,
                                          const ImageFlags& flags,
                                          const std::vector<std::string>& outputs);

/// A feature file, or images through the backbone. Throws Error where image flags are given and the
/// source holds features.
FeatureSet openData(const std::string& source, const DataContext& context);

} // namespace monotail::cli
