// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "dataset/image_list.h"
#include "extract/feature_part.h"
#include "platform/atomic_file.h"

namespace monotail {

/// Writes the samples of the part that have features as a safetensors file: features (N x D) and
/// logits (N x C, if the part has them) in float32, labels (int64), ids (UTF-8 text, a line per
/// sample). `first`: the part's first sample in the list. Whole or not at all.
void writeFeatureFile(const FeaturePart& part, const ImageList& images, std::int64_t first,
                      const std::map<std::string, std::string>& metadata,
                      const std::filesystem::path& target, Overwrite overwrite);

} // namespace monotail
