// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "images/picture.h"

namespace monotail {

enum class ResizeFilter { Bilinear, Bicubic };

/// How torchvision evaluates: Resize(shorter side) with antialias as PIL does it, CenterCrop,
/// ToTensor (x / 255), Normalize.
struct Preprocessing
{
    std::string preset = "imagenet"; ///< where the values come from; "custom" after an edit
    std::int64_t resize = 256;       ///< the shorter side becomes this; 0 = as it is
    std::int64_t crop = 224;         ///< square from the middle; 0 = the whole image
    ResizeFilter filter = ResizeFilter::Bilinear;
    std::vector<double> mean{0.485, 0.456, 0.406}; ///< one per channel, or one for all
    std::vector<double> deviation{0.229, 0.224, 0.225};
    bool flipAverage = false; ///< features are the mean over the image and its mirror image

    bool operator==(const Preprocessing&) const = default;
};

/// The presets' names: "imagenet", "tiny-imagenet" (64 x 64 as they are), "cifar",
/// "fashion-mnist", "none".
std::vector<std::string> preprocessingPresets();
/// Throws Error listing the presets.
Preprocessing preprocessingPreset(std::string_view name);
/// Throws Error for sizes and numbers that make no sense (crop larger than allowed, deviation 0).
void checkPreprocessing(const Preprocessing& preprocessing);
/// All of it in one line, the same for equal values: "resize 256 bilinear, crop 224, mean
/// 0.485,0.456,0.406, std 0.229,0.224,0.225". Kept in feature files and part of the cache's key.
std::string describe(const Preprocessing& preprocessing);

/// Grey to RGB by repeating, RGB to grey with ITU-R 601 weights as PIL's convert("L").
Picture withChannels(const Picture& picture, std::int64_t channels);
/// The size that torchvision's Resize gives: the shorter side `side`, the longer in proportion,
/// rounded down.
struct PictureSize
{
    std::int64_t width = 0;
    std::int64_t height = 0;
};
PictureSize resizedTo(const Picture& picture, std::int64_t side);
/// As PIL's Image.resize in 8 bits, antialiased: two passes, each rounded.
Picture resized(const Picture& picture, PictureSize size, ResizeFilter filter);
/// From the middle, as torchvision's CenterCrop; black where the picture is smaller.
Picture centreCropped(const Picture& picture, std::int64_t side);
/// Channels, resize and crop: what the network sees before /255, mean and deviation.
Picture prepared(const Picture& picture, const Preprocessing& preprocessing, std::int64_t channels);

/// channels x 256: what each 8-bit value becomes, in the float32 operations of ToTensor and
/// Normalize: fl(fl(fl(v / 255) - mean) / deviation).
std::vector<std::array<float, 256>> normalisation(const Preprocessing& preprocessing,
                                                  std::int64_t channels);

} // namespace monotail
