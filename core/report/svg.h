// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace monotail {

enum class Anchor { Start, Middle, End };

/// Writes an SVG picture element by element. Lengths are user units; text is escaped.
class SvgCanvas
{
public:
    SvgCanvas(double width, double height, std::string_view title);

    void rect(double x, double y, double width, double height, std::string_view style);
    void line(double x1, double y1, double x2, double y2, std::string_view style);
    void circle(double x, double y, double radius, std::string_view style,
                std::string_view tooltip = {});
    void polyline(const std::vector<std::pair<double, double>>& points, std::string_view style);
    void polygon(const std::vector<std::pair<double, double>>& points, std::string_view style);
    /// Rotated by `angle` degrees about (x, y).
    void text(double x, double y, std::string_view words, Anchor anchor, double size = 13,
              std::string_view style = {}, double angle = 0);

    /// The whole document.
    std::string str() const { return m_out + "</svg>\n"; }

private:
    void shape(std::string_view name, const std::vector<std::pair<double, double>>& points,
               std::string_view style);

    std::string m_out;
};

} // namespace monotail
