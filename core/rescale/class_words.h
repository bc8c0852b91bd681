// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "dataset/class_set.h"

namespace monotail::detail {

/// A class as messages name it: its name made printable, its index where it has none.
std::string className(const ClassSet& classes, std::size_t index);

/// "1 class (cat)", "7 classes (a, b, c, d, e and 2 more)".
std::string classList(const ClassSet& classes, const std::vector<std::size_t>& indices);

} // namespace monotail::detail
