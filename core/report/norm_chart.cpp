// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/norm_chart.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "report/axis.h"
#include "report/svg.h"

namespace monotail {

namespace {

// Okabe-Ito colours; shape tells the series apart as well.
constexpr std::string_view beforeStyle = "fill:#0072B2;stroke:#ffffff;stroke-width:1";
constexpr std::string_view afterStyle = "fill:none;stroke:#D55E00;stroke-width:2.5";
constexpr std::string_view bandStyle = "fill:#D55E00;fill-opacity:0.10";
constexpr std::string_view countStyle = "fill:#999999;fill-opacity:0.22";
constexpr std::string_view gridStyle = "stroke:#dddddd;stroke-width:1";
constexpr std::string_view axisStyle = "stroke:#444444;stroke-width:1";
constexpr std::string_view quiet = "fill:#555555";

constexpr double width = 960, height = 560;
constexpr double left = 70, right = 880, top = 84;
/// Up to so many classes, each has its name on the axis; more are small, faint and under the line.
constexpr std::size_t namedClasses = 40;
constexpr std::string_view crowdStyle = "fill:#0072B2;fill-opacity:0.55";

/// A figure travels: the folder its counts came from does not.
std::string withoutFolder(const std::string& source)
{
    const std::size_t slash = source.rfind('/');
    return slash == std::string::npos ? source : source.substr(slash + 1);
}

struct Plot
{
    const ClassProfile& profile;
    const ClassSet& classes;
    SvgCanvas canvas;
    std::vector<double> ticks;
    std::vector<double> decades;
    double bottom = 0;

    std::size_t size() const { return profile.fit.order.size(); }
    std::size_t classAt(std::size_t rank) const
    {
        return static_cast<std::size_t>(profile.fit.order[rank]);
    }
    double edge(std::size_t rank) const // left edge of a rank's slot
    {
        return left + (right - left) * static_cast<double>(rank) / static_cast<double>(size());
    }
    double middle(std::size_t rank) const { return (edge(rank) + edge(rank + 1)) / 2; }
    double y(double norm) const
    {
        return bottom - (bottom - top) * (norm - ticks.front()) / (ticks.back() - ticks.front());
    }
    double countY(double count) const
    {
        if (count < 1) // an absent class has no place on a logarithmic axis
            return bottom;
        const double low = std::log10(decades.front());
        const double span = std::log10(decades.back()) - low;
        return bottom - (bottom - top) * (std::log10(count) - low) / span;
    }
};

void drawAxes(Plot& plot)
{
    for (const double tick : plot.ticks) {
        plot.canvas.line(left, plot.y(tick), right, plot.y(tick), gridStyle);
        plot.canvas.text(left - 8, plot.y(tick) + 4, toText(std::round(tick * 1e6) / 1e6),
                         Anchor::End, 12);
    }
    for (const double decade : plot.decades)
        plot.canvas.text(right + 8, plot.countY(decade) + 4,
                         toGroupedText(static_cast<std::int64_t>(decade)), Anchor::Start, 12,
                         quiet);
    plot.canvas.line(left, top, left, plot.bottom, axisStyle);
    plot.canvas.line(left, plot.bottom, right, plot.bottom, axisStyle);
    const double centre = (top + plot.bottom) / 2;
    plot.canvas.text(20, centre, "weight norm", Anchor::Middle, 13, {}, -90);
    plot.canvas.text(width - 14, centre, "training images (log)", Anchor::Middle, 13, quiet, -90);
}

void drawCounts(Plot& plot)
{
    std::vector<std::pair<double, double>> outline{{left, plot.bottom}};
    for (std::size_t rank = 0; rank < plot.size(); ++rank) {
        const double y = plot.countY(static_cast<double>(plot.classes.counts[plot.classAt(rank)]));
        outline.emplace_back(plot.edge(rank), y);
        outline.emplace_back(plot.edge(rank + 1), y);
    }
    outline.emplace_back(right, plot.bottom);
    plot.canvas.polygon(outline, countStyle);
}

void drawBlocks(Plot& plot)
{
    for (const Block& block : plot.profile.fit.blocks) {
        const double x = plot.edge(block.begin);
        const double span = plot.edge(block.end) - x;
        const double y = plot.y(block.value);
        const double gap = span > 8 ? 1 : 0; // tells neighbours apart where there is room
        if (block.size() > 1)
            plot.canvas.rect(x + gap, top, span - 2 * gap, plot.bottom - top, bandStyle);
        plot.canvas.line(x, y, x + span, y, afterStyle);
        if (span > 44)
            plot.canvas.text(x + span / 2, y - 7, toText(block.value, 3), Anchor::Middle, 12,
                             "fill:#a34700;font-weight:bold;paint-order:stroke;stroke:#ffffff;"
                             "stroke-width:3");
    }
    // The risers between the steps.
    const auto& blocks = plot.profile.fit.blocks;
    for (std::size_t i = 1; i < blocks.size(); ++i)
        plot.canvas.line(plot.edge(blocks[i].begin), plot.y(blocks[i - 1].value),
                         plot.edge(blocks[i].begin), plot.y(blocks[i].value), afterStyle);
}

void drawNorms(Plot& plot)
{
    const bool crowded = plot.size() > namedClasses;
    const double radius = !crowded ? 5 : plot.size() <= 1000 ? 2.5 : 1.2;
    for (std::size_t rank = 0; rank < plot.size(); ++rank) {
        const std::size_t c = plot.classAt(rank);
        plot.canvas.circle(plot.middle(rank), plot.y(plot.profile.norms[c]), radius,
                           crowded ? crowdStyle : beforeStyle,
                           message("{}: {} images, norm {} -> {}", plot.classes.names[c],
                                   plot.classes.counts[c], toText(plot.profile.norms[c], 4),
                                   toText(plot.profile.fit.fitted[c], 4)));
    }
}

void drawClassNames(Plot& plot)
{
    constexpr double letter = 7; // about its width
    const double slot = plot.edge(1) - plot.edge(0);
    std::vector<std::string> names;
    std::size_t longest = 0;
    for (std::size_t rank = 0; rank < plot.size(); ++rank) {
        names.push_back(printable(plot.classes.names[plot.classAt(rank)], 40));
        longest = std::max(longest, names.back().size());
    }
    const bool level = letter * static_cast<double>(longest) < slot;
    for (std::size_t rank = 0; rank < plot.size(); ++rank) {
        if (level)
            plot.canvas.text(plot.middle(rank), plot.bottom + 20, names[rank], Anchor::Middle, 12);
        else
            plot.canvas.text(plot.middle(rank) + 4, plot.bottom + 16, printable(names[rank], 15),
                             Anchor::End, 12, {}, -35);
    }
}

void drawRanks(Plot& plot)
{
    const auto last = static_cast<double>(plot.size());
    for (const double tick : roundTicks(0, last, 8)) {
        if (tick < 0 || tick >= last)
            continue;
        const auto rank = static_cast<std::size_t>(tick);
        plot.canvas.line(plot.edge(rank), plot.bottom, plot.edge(rank), plot.bottom + 5, axisStyle);
        plot.canvas.text(plot.edge(rank), plot.bottom + 20,
                         toGroupedText(static_cast<std::int64_t>(rank)), Anchor::Middle, 12);
    }
}

void drawLegend(Plot& plot, const std::string& title)
{
    SvgCanvas& canvas = plot.canvas;
    canvas.text(left, 26, title, Anchor::Start, 16, "font-weight:bold");
    canvas.text(left, 46, describeBlocks(plot.profile), Anchor::Start, 12, quiet);
    const double y = 68;
    canvas.circle(left + 6, y - 4, 5, beforeStyle);
    canvas.text(left + 18, y, "norm before", Anchor::Start, 12);
    canvas.line(left + 112, y - 4, left + 136, y - 4, afterStyle);
    canvas.text(left + 142, y, "norm after PAVA", Anchor::Start, 12);
    canvas.rect(left + 256, y - 11, 20, 13, bandStyle);
    canvas.text(left + 282, y, "pooled block", Anchor::Start, 12);
    canvas.rect(left + 378, y - 11, 20, 13, countStyle);
    canvas.text(left + 404, y, "training images", Anchor::Start, 12);
}

void drawFoot(Plot& plot)
{
    const FitOptions& options = plot.profile.options;
    plot.canvas.text((left + right) / 2, height - 30,
                     message("classes by {}, {} first", options.metricName,
                             options.metric.empty() ? "most frequent" : "largest"),
                     Anchor::Middle, 13);
    plot.canvas.text(left, height - 10,
                     message("direction {}, ties {}, weights {}, counts from {}",
                             nameOf(options.direction), nameOf(options.ties),
                             nameOf(options.weights), withoutFolder(plot.classes.countsSource)),
                     Anchor::Start, 11, quiet);
}

} // namespace

std::string normChartSvg(const ClassProfile& profile, const ClassSet& classes,
                         const std::string& title)
{
    const auto [low, high] = std::minmax_element(profile.norms.begin(), profile.norms.end());
    const double largest = static_cast<double>(
        std::max<std::int64_t>(*std::max_element(classes.counts.begin(), classes.counts.end()), 2));
    // Norms that differ by rounding alone are drawn level, not across the whole picture.
    const double slack = *high - *low < 1e-4 * *high ? 0.1 * *high : 0;
    const bool named = profile.norms.size() <= namedClasses;
    Plot plot{profile,
              classes,
              SvgCanvas(width, height, title),
              roundTicks(*low - slack, *high + slack, 6),
              decadeTicks(1, largest),
              height - (named ? 118 : 80)};
    drawCounts(plot);
    drawAxes(plot);
    if (named) {
        drawBlocks(plot);
        drawNorms(plot);
        drawClassNames(plot);
    } else {
        drawNorms(plot);
        drawBlocks(plot);
        drawRanks(plot);
    }
    drawLegend(plot, title);
    drawFoot(plot);
    return plot.canvas.str();
}

} // namespace monotail
