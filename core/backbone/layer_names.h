// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace monotail {

/// How a code calls the layers of its ResNets.
enum class Naming {
    Usual,    ///< conv1, bn1, layer1.0.conv1, layer1.0.downsample.0
    Sequence, ///< 0, 1, 4.0.conv1: torchvision's parts in an nn.Sequential
    Function, ///< conv1.0, conv1.1, conv2_x.0.residual_function.0: GLMC's ResNet-18 to 152
};
constexpr std::array<Naming, 3> allNamings{Naming::Usual, Naming::Sequence, Naming::Function};

/// What the name of the first block's first convolution ends in, before "weight".
std::string_view landmarkOf(Naming naming);
/// "conv2_x.0.residual_function.3.weight" -> "layer1.0.conv2.weight"; names of no layer stay.
std::string usualName(Naming naming, std::string_view name);

} // namespace monotail
