// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Qt>

namespace monotail {

/// Of a row's first column: all that a search looks at, one piece a line.
constexpr int searchRole = Qt::UserRole + 1;

} // namespace monotail
