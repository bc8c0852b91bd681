// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "backbone/backbone_tensors.h"

namespace monotail {

/// The tensors of the ResNet nearest to the head by name: in the same module, or in one beside it
/// ("feat_model." by "classifier.", "state_dict_model." by "state_dict_classifier."). Averaged
/// weights go with averaged weights only. Nothing if there is none; throws Error if several are
/// equally near.
std::optional<BackboneTensors> locateResNet(const Checkpoint& checkpoint,
                                            const HeadCandidate& head);

} // namespace monotail
