// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/image_list.h"

namespace monotail {

/// How many images the class at rank k of C keeps, for the most frequent one's count N and the
/// imbalance factor f = largest / smallest.
enum class TailProfile {
    Exponential, ///< int(N * (1/f)^(k/(C-1))), as the CIFAR-LT code cuts it (Cao et al. 2019)
    Pareto,      ///< int(N * (1 + k/(C-1) * (f^(1/6) - 1))^-6): a Pareto tail of power 6, the
                 ///< power that ImageNet-LT and Places-LT were drawn with (Liu et al. 2019)
};
/// "exp", "pareto"; throws Error listing them.
TailProfile parseTailProfile(std::string_view name);

struct LongtailOptions
{
    TailProfile profile = TailProfile::Exponential;
    double imbalance = 100;
    std::int64_t largest = 0; ///< N; 0 = that of the largest class
    /// Absent: ranks are class indices and each class keeps its first images, as the CIFAR-LT code
    /// does. Given: ranks and images are drawn.
    std::optional<std::uint64_t> seed;
};

struct Longtail
{
    std::vector<std::size_t> kept;    ///< samples of the list, in its order
    std::vector<std::int64_t> counts; ///< by class index; 0 for classes without images
    Warnings warnings;                ///< classes with fewer images than the profile asks for
};

/// Throws Error for an imbalance below 1, and where less than two classes have images.
Longtail cutLongtail(const ImageList& images, const LongtailOptions& options);

/// A label list of these samples for a file in `folder`: paths relative to it where that works.
std::string labelListOf(const ImageList& images, const std::vector<std::size_t>& samples,
                        const std::filesystem::path& folder);

} // namespace monotail
