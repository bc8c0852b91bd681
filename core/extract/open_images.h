// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "checkpoint/checkpoint.h"
#include "checkpoint/head_search.h"
#include "dataset/class_set.h"
#include "dataset/features.h"
#include "dataset/image_list.h"
#include "evaluate/torch_engine.h"
#include "extract/extract.h"
#include "extract/feature_cache.h"
#include "extract/image_options.h"

namespace monotail {

/// A checkpoint, images, and how they meet.
struct ImageProblem
{
    const Checkpoint& checkpoint;
    HeadQuery head;
    std::string source;
    const ClassSet* classSet = nullptr; ///< names that folders resolve against; may be null
    ClassNaming naming;
    ImageOptions options;
    std::string device = "auto";
    int threads = 0;
};

/// What stands in the feature file's metadata and what a report says.
struct ExtractionReport
{
    std::filesystem::path file;
    std::int64_t samples = 0;
    std::int64_t width = 0;
    std::vector<std::string> unreadable; ///< "ID: why"
    double imagesPerSecond = 0;          ///< of this run; 0 = everything was there
    std::int64_t computed = 0;           ///< images of this run; the rest came from an earlier one
    std::int64_t batch = 0;
    std::string device;
    std::string backbone;
    std::string preprocessing;
    Warnings warnings;
};

/// The features of the images, from the cache or made and kept there.
ExtractionReport extractToCache(const ImageProblem& problem, const TorchEngine& engine,
                                const FeatureCache& cache, const Progress& progress = {});

/// As a set under the source's name, with the images attached.
FeatureSet openImages(const ImageProblem& problem, const TorchEngine& engine,
                      const Progress& progress = {});

} // namespace monotail
