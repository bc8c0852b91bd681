// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "report/table.h"

namespace monotail {

struct ReportFigure
{
    std::string title;
    std::string svg;     ///< a whole SVG document, from whatever drew it
    std::string caption; ///< may be empty
};

struct ReportTable
{
    std::string title;
    Table table;
    std::string note; ///< what the columns mean, where the rest is; may be empty
};

/// All about one head. Whatever is empty is left out.
struct ReportSection
{
    std::string title; ///< may be empty where there is one section only
    std::vector<std::pair<std::string, std::string>> inputs; ///< "head" -> "fc.weight, 10 x 64"
    std::vector<std::string> words;                          ///< a paragraph each
    Warnings warnings;
    std::vector<ReportFigure> figures;
    std::vector<ReportTable> tables;
};

struct ReportPage
{
    std::string title;
    std::vector<std::string> introduction; ///< a paragraph each
    std::vector<ReportSection> sections;
};

/// The report as one HTML file: UTF-8, no scripts, nothing to load from elsewhere, light and dark
/// as the reader's system is, figures on white, fit for print. Everything in `page` may come from
/// files: it is escaped, and figures are reduced to drawing elements.
std::string reportHtml(const ReportPage& page);

} // namespace monotail
