// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "backbone/backbone_tensors.h"

/// What networks that are not rebuilt look like, so that the refusal can say what was seen.
namespace monotail {

/// A tensor in a block that residual blocks do not have: "looks like a ResNet with
/// squeeze-and-excitation: layer1.0.se.fc1.weight is no part of ...".
std::string strangeBlock(const std::string& tensor);
/// A stem that is not conv1 and bn1; empty if it looks as it should.
std::string strangeStem(const BackboneTensors& tensors);
/// A checkpoint without layer1.0.conv1.
std::string otherNetwork(const Checkpoint& checkpoint, const HeadCandidate& head);

} // namespace monotail
