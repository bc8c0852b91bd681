// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "dataset/features.h"

namespace monotail {

/// One feature file, folder or pair of .npy files; see openFeatures().
FeatureSet openFeatureFile(const std::string& source);

/// Sets one after the other. Throws Error where they differ in width, backbone, preprocessing,
/// precision or classes, and where one comes twice; missing shards are warned about.
FeatureSet joinFeatures(std::vector<FeatureSet> parts, const std::string& source);

} // namespace monotail
