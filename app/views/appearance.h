// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/settings.h"

namespace monotail {

/// Light or dark for the whole program; System leaves it to the desktop's palette.
void applyAppearance(Appearance appearance);

/// The palettes behind it, for pictures and tests.
QPalette lightPalette();
QPalette darkPalette();

} // namespace monotail
