// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/appearance.h"

#include <QApplication>
#include <QPalette>
#include <QToolTip>

namespace monotail {

namespace {

struct Shades
{
    QColor window, base, alternate, button, text, quiet, mid, highlight, tip;
};

QPalette paletteOf(const Shades& shades)
{
    QPalette palette(shades.button, shades.window);
    palette.setColor(QPalette::Base, shades.base);
    palette.setColor(QPalette::AlternateBase, shades.alternate);
    palette.setColor(QPalette::ToolTipBase, shades.tip);
    palette.setColor(QPalette::Mid, shades.mid);
    palette.setColor(QPalette::Highlight, shades.highlight);
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, shades.highlight.lighter(130));
    palette.setColor(QPalette::PlaceholderText, shades.quiet);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText,
                            QPalette::ToolTipText, QPalette::BrightText}) {
        palette.setColor(role, shades.text);
        palette.setColor(QPalette::Disabled, role, shades.quiet);
    }
    palette.setColor(QPalette::Disabled, QPalette::Highlight, shades.mid);
    return palette;
}

} // namespace

QPalette lightPalette()
{
    return paletteOf({QColor(0xEF, 0xEF, 0xEF), Qt::white, QColor(0xF5, 0xF6, 0xF8),
                      QColor(0xEF, 0xEF, 0xEF), QColor(0x20, 0x20, 0x20), QColor(0x70, 0x70, 0x70),
                      QColor(0xB8, 0xB8, 0xB8), QColor(0x2B, 0x6C, 0xB8),
                      QColor(0xFF, 0xFF, 0xEE)});
}

QPalette darkPalette()
{
    return paletteOf({QColor(0x36, 0x39, 0x3E), QColor(0x1E, 0x1F, 0x22), QColor(0x26, 0x28, 0x2B),
                      QColor(0x4A, 0x4E, 0x54), QColor(0xE8, 0xE8, 0xE8), QColor(0xA0, 0xA0, 0xA0),
                      QColor(0x55, 0x58, 0x5C), QColor(0x2B, 0x6C, 0xB8),
                      QColor(0x3A, 0x3D, 0x41)});
}

void applyAppearance(Appearance appearance)
{
    QPalette palette; // as the desktop has it
    if (appearance == Appearance::Dark)
        palette = darkPalette();
    else if (appearance == Appearance::Light)
        palette = lightPalette();
    QApplication::setPalette(palette);
    QToolTip::setPalette(palette);
}

} // namespace monotail
