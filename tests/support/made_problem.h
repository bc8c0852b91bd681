// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// Long-tailed problems of any size as files, for tests of the window, pictures and benches.
namespace monotail::test {

enum class MadeNorms {
    Falling, ///< stage 1: about 1.5 times from the rarest class to the most frequent one, noisy
    Rising,  ///< stage 2: noisily the other way, which PAVA pools to many blocks
};

enum class MadeNames {
    Plain,  ///< "class 0017"
    Unruly, ///< a few very long ones, other scripts, commas, quotes and markup among them
};

enum class MadePrecision { Float16, Float32 };

struct MadeOptions
{
    std::int64_t samplesPerClass = 10; ///< of the evaluation split
    std::int64_t width = 64;           ///< D
    std::int64_t largest = 1000;       ///< training images of the most frequent class
    double imbalance = 200;            ///< largest / smallest
    double accuracy = 0.475;           ///< top-1 aimed at, as a share
    MadeNorms norms = MadeNorms::Falling;
    MadeNames names = MadeNames::Unruly;
    MadePrecision precision = MadePrecision::Float16;
    std::uint64_t seed = 1;
};

struct MadeProblem
{
    std::string checkpoint;          ///< safetensors: fc.weight (C x D), fc.bias (C)
    std::string counts;              ///< CSV: index,name,count
    std::string data;                ///< safetensors: features (N x D), labels (N), split "val"
    std::vector<std::int64_t> train; ///< C, the counts
    std::vector<std::string> names;  ///< C
};

/// Writes model.safetensors, counts.csv and features-val.safetensors into `folder`, which is made.
/// Class indices are in no order of frequency; rare classes are recognised less, and equal norms
/// help them. The same arguments give the same files.
MadeProblem writeProblem(const std::filesystem::path& folder, std::int64_t classes,
                         const MadeOptions& options = {});

} // namespace monotail::test
