// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QSizeF>
#include <algorithm>

namespace monotail {

/// The font of a figure: measured in points of paper, whatever the screen's resolution is.
inline QFont figureFont(QFont font, const QSizeF& size)
{
    font.setPixelSize(std::clamp(static_cast<int>(size.width() / 52), 7, 11));
    font.setHintingPreference(QFont::PreferNoHinting); // it is scaled
    return font;
}

} // namespace monotail
