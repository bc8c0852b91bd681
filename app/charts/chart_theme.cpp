// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_theme.h"

namespace monotail {

QColor mixed(const QColor& a, const QColor& b, double share)
{
    const auto blend = [share](int x, int y) { return static_cast<int>(x + (y - x) * share); };
    return {blend(a.red(), b.red()), blend(a.green(), b.green()), blend(a.blue(), b.blue())};
}

namespace {

ChartTheme themeOn(const QColor& background, const QColor& text, const QColor& selection)
{
    ChartTheme theme;
    theme.background = background;
    theme.text = text;
    theme.quietText = mixed(text, background, 0.3);
    theme.grid = mixed(background, text, 0.13);
    theme.axis = mixed(background, text, 0.6);
    theme.selection = selection;
    // Sky blue where blue would sink into the dark.
    const bool dark = background.lightness() < 128;
    theme.before = dark ? QColor(0x56, 0xB4, 0xE9) : QColor(0x00, 0x72, 0xB2);
    theme.after = QColor(0xD5, 0x5E, 0x00);
    theme.counts = mixed(background, text, dark ? 0.16 : 0.09);
    theme.many = QColor(0x00, 0x9E, 0x73);
    theme.medium = QColor(0xE6, 0x9F, 0x00);
    theme.few = QColor(0xCC, 0x79, 0xA7);
    theme.rise = theme.many;
    theme.fall = dark ? theme.few : QColor(0xB0, 0x4A, 0x80); // the same hue, to be seen on white
    return theme;
}

} // namespace

ChartTheme themeOf(const QPalette& palette)
{
    return themeOn(palette.color(QPalette::Base), palette.color(QPalette::Text),
                   palette.color(QPalette::Highlight));
}

ChartTheme paperTheme()
{
    return themeOn(Qt::white, QColor(0x22, 0x22, 0x22), QColor(0x30, 0x60, 0xC0));
}

} // namespace monotail
