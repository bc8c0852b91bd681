// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/report_page.h"

#include "base/text.h"
#include "report/html.h"

namespace monotail {

namespace {

/// Nothing may be loaded or run, whatever a figure holds.
constexpr std::string_view policy =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'";

constexpr std::string_view style = R"(
:root { color-scheme: light dark; --ink: #1c1e21; --quiet: #5a6069; --page: #ffffff;
  --line: #d5d9de; --band: #f4f6f8; --mark: #b34700; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e6e9; --quiet: #a3abb5; --page: #1b1d20; --line: #41464d; --band: #25282c;
    --mark: #ff9d5c; }
}
body { margin: 0 auto; padding: 1.5rem 1.25rem 4rem; max-width: 68rem; color: var(--ink);
  background: var(--page); font: 1rem/1.5 system-ui, "DejaVu Sans", sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: .5rem 0 1rem; }
h2 { font-size: 1.3rem; margin: 2.75rem 0 .75rem; padding-top: .75rem;
  border-top: 1px solid var(--line); }
h1, h2, p, caption, figcaption, dd { overflow-wrap: anywhere; }
p { margin: .5rem 0; max-width: 46rem; }
a { color: inherit; }
nav ul { padding-left: 1.25rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.25rem; margin: 1rem 0; }
dt { color: var(--quiet); }
dd { margin: 0; }
.warnings { border-left: 4px solid var(--mark); background: var(--band); padding: .25rem 1rem;
  margin: 1rem 0; }
.warnings strong { color: var(--mark); }
figure { margin: 1.75rem 0; }
figure > div { background: #ffffff; color: #000000; border: 1px solid var(--line); padding: .5rem;
  overflow-x: auto; }
figure svg { display: block; margin: 0 auto; max-width: 100%; height: auto; }
figcaption { margin-top: .4rem; color: var(--quiet); font-size: .9rem; }
figcaption strong { color: var(--ink); }
.table { margin: 1.75rem 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; }
caption { text-align: left; font-weight: 600; font-size: 1rem; padding-bottom: .4rem; }
th, td { padding: .2rem .7rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line); }
tbody th { font-weight: normal; min-width: 7rem; max-width: 26rem; overflow-wrap: anywhere; }
thead th { vertical-align: bottom; background: var(--band); border-bottom: 2px solid var(--line); }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
td.n { white-space: nowrap; }
td.gap { text-align: center; color: var(--quiet); }
.note { color: var(--quiet); font-size: .9rem; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; } }
@media print {
  :root { color-scheme: light; --ink: #000000; --quiet: #444444; --page: #ffffff; --line: #bbbbbb;
    --band: #f2f2f2; --mark: #8a3600; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav { display: none; }
  figure, tr, .warnings { break-inside: avoid; }
  h2, caption { break-after: avoid; }
  thead { display: table-header-group; }
  .wide, figure > div { overflow: visible; }
  section + section { break-before: page; }
  .note, figcaption { font-size: 8.5pt; }
  table { font-size: 7.5pt; }
  th, td { padding: .1rem .3rem; }
  tbody th { min-width: 0; }
}
)";

std::string paragraphs(const std::vector<std::string>& words, std::string_view attributes = {})
{
    std::string out;
    for (const std::string& text : words)
        if (!trimmed(text).empty())
            out += message("<p{}>{}</p>\n", attributes, htmlText(trimmed(text)));
    return out;
}

std::string inputList(const ReportSection& section)
{
    std::string rows;
    for (const auto& [name, value] : section.inputs)
        if (!value.empty())
            rows += message("<dt>{}</dt><dd>{}</dd>\n", htmlText(name), htmlText(value));
    return rows.empty() ? rows : "<dl>\n" + rows + "</dl>\n";
}

std::string warningBox(const Warnings& warnings)
{
    std::string out;
    for (const std::string& warning : warnings)
        out += message("<p><strong>Warning:</strong> {}</p>\n", htmlText(trimmed(warning)));
    return out.empty() ? out : "<div class=\"warnings\">\n" + out + "</div>\n";
}

std::string figureBox(const ReportFigure& figure, std::size_t number)
{
    std::string picture = inlineSvg(figure.svg, message("f{}-", number));
    if (picture.empty())
        picture = "<p>This figure could not be drawn.</p>";
    std::string caption = message("<strong>Figure {}: {}</strong>", number, htmlText(figure.title));
    if (!figure.caption.empty())
        caption += message("<br/>{}", htmlText(figure.caption));
    return message("<figure>\n<div role=\"img\" aria-label=\"{}\">\n{}\n</div>\n"
                   "<figcaption>{}</figcaption>\n</figure>\n",
                   htmlText(figure.title), picture, caption);
}

std::string tableBox(const ReportTable& table)
{
    // A table may be wider than the window: it scrolls by itself, with the keyboard too.
    return message("<div class=\"table\">\n<div class=\"wide\" role=\"region\" tabindex=\"0\" "
                   "aria-label=\"{}\">\n{}</div>\n{}</div>\n",
                   htmlText(table.title), htmlTable(table.table, table.title),
                   paragraphs({table.note}, " class=\"note\""));
}

std::string contents(const ReportPage& page)
{
    if (page.sections.size() < 2)
        return {};
    std::string out = "<nav aria-label=\"Contents\"><ul>\n";
    for (std::size_t i = 0; i < page.sections.size(); ++i)
        out += message("<li><a href=\"#section{}\">{}</a></li>\n", i + 1,
                       htmlText(page.sections[i].title));
    return out + "</ul></nav>\n";
}

} // namespace

std::string reportHtml(const ReportPage& page)
{
    std::string out =
        message("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\"/>\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                "<meta name=\"generator\" content=\"Monotail {}\"/>\n"
                "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n<h1>{}</h1>\n",
                policy, MONOTAIL_VERSION, htmlText(page.title), style, htmlText(page.title));
    out += paragraphs(page.introduction) + contents(page);
    std::size_t figures = 0;
    for (std::size_t i = 0; i < page.sections.size(); ++i) {
        const ReportSection& section = page.sections[i];
        out += message("<section id=\"section{}\">\n", i + 1);
        if (!section.title.empty())
            out += message("<h2>{}</h2>\n", htmlText(section.title));
        out += inputList(section) + paragraphs(section.words) + warningBox(section.warnings);
        for (const ReportFigure& figure : section.figures)
            out += figureBox(figure, ++figures);
        for (const ReportTable& table : section.tables)
            out += tableBox(table);
        out += "</section>\n";
    }
    return out + "</main>\n</body>\n</html>\n";
}

} // namespace monotail
