// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "evaluate/scorer.h"

namespace monotail {

/// z = features * W^T with LibTorch in float32 (no TF32). See TorchEngine::makeScorer.
std::unique_ptr<Scorer> makeTorchScorer(const std::string& device);

/// See TorchEngine::makeScores.
std::unique_ptr<DeviceScores> makeTorchScores(const std::string& device, std::int64_t samples,
                                              std::int64_t classes);

} // namespace monotail
