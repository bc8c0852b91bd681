// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dataset/array_catalogue.h"
#include "dataset/features.h"

namespace monotail {

/// What the file says about how its features were made (safetensors metadata); the rest is empty.
FeatureOrigin readFeatureOrigin(const ArrayCatalogue& catalogue);

} // namespace monotail
