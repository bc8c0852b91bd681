// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "retrain/trainer.h"

namespace monotail {

/// See TorchEngine::makeTrainer.
std::unique_ptr<HeadTrainer> makeTorchTrainer(const std::string& device, TrainingData data);

} // namespace monotail
