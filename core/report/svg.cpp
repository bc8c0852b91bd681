// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/svg.h"

#include "base/text.h"
#include "report/html.h"

namespace monotail {

namespace {

std::string number(double value)
{
    std::string text = toText(value, 2);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.')
        text.pop_back();
    return text;
}

std::string escaped(std::string_view text)
{
    return escapedMarkup(printable(text, 1000));
}

} // namespace

SvgCanvas::SvgCanvas(double width, double height, std::string_view title)
{
    m_out = message("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" "
                    "viewBox=\"0 0 {} {}\" font-family=\"sans-serif\">\n<title>{}</title>\n",
                    number(width), number(height), number(width), number(height), escaped(title));
    rect(0, 0, width, height, "fill:#ffffff");
}

void SvgCanvas::rect(double x, double y, double width, double height, std::string_view style)
{
    m_out += message("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" style=\"{}\"/>\n",
                     number(x), number(y), number(width), number(height), style);
}

void SvgCanvas::line(double x1, double y1, double x2, double y2, std::string_view style)
{
    m_out += message("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" style=\"{}\"/>\n", number(x1),
                     number(y1), number(x2), number(y2), style);
}

void SvgCanvas::circle(double x, double y, double radius, std::string_view style,
                       std::string_view tooltip)
{
    m_out += message("<circle cx=\"{}\" cy=\"{}\" r=\"{}\" style=\"{}\">", number(x), number(y),
                     number(radius), style);
    if (!tooltip.empty())
        m_out += message("<title>{}</title>", escaped(tooltip));
    m_out += "</circle>\n";
}

void SvgCanvas::shape(std::string_view name, const std::vector<std::pair<double, double>>& points,
                      std::string_view style)
{
    m_out += message("<{} points=\"", name);
    for (const auto& [x, y] : points)
        m_out += number(x) + "," + number(y) + " ";
    m_out += message("\" style=\"{}\"/>\n", style);
}

void SvgCanvas::polyline(const std::vector<std::pair<double, double>>& points,
                         std::string_view style)
{
    shape("polyline", points, style);
}

void SvgCanvas::polygon(const std::vector<std::pair<double, double>>& points,
                        std::string_view style)
{
    shape("polygon", points, style);
}

void SvgCanvas::text(double x, double y, std::string_view words, Anchor anchor, double size,
                     std::string_view style, double angle)
{
    constexpr std::string_view anchors[] = {"start", "middle", "end"};
    m_out += message("<text x=\"{}\" y=\"{}\" font-size=\"{}\" text-anchor=\"{}\" style=\"{}\"",
                     number(x), number(y), number(size), anchors[static_cast<std::size_t>(anchor)],
                     style);
    if (angle != 0)
        m_out += message(" transform=\"rotate({} {} {})\"", number(angle), number(x), number(y));
    m_out += message(">{}</text>\n", escaped(words));
}

} // namespace monotail
