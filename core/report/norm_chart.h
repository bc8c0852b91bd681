// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "rescale/class_profile.h"

namespace monotail {

/// The picture of the diagnosis as SVG, light, for paper: classes by frequency rank along x; weight
/// norm before (points) and after (step line) against the left axis, each pooled block a shaded
/// band with its value; training counts as a faint area against a logarithmic right axis.
/// `title` names what is shown.
std::string normChartSvg(const ClassProfile& profile, const ClassSet& classes,
                         const std::string& title);

} // namespace monotail
