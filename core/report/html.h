// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "report/table.h"

namespace monotail {

/// Markup escaped and nothing else; for text that is known to be clean.
std::string escapedMarkup(std::string_view text);
/// Bytes that are no UTF-8 and control characters made visible as printable() does; line ends stay,
/// tabs become blanks.
std::string printableLines(std::string_view text);
/// Anything, for an element or a quoted attribute: both of the above.
std::string htmlText(std::string_view text);

/// A <table> with its caption, header cells with scopes, and the numbers marked class="n". Numbers
/// that are not finite read "n/a" or as infinity; a row of which only the first cell says anything
/// spans the table.
std::string htmlTable(const Table& table, std::string_view caption);

/// An SVG document as an element of an HTML page: prolog and namespaces go, every id and reference
/// to one gets `prefix`, so that several pictures fit in one page. Only drawing elements and
/// harmless attributes stay; other markup becomes text, and what was left open is closed. Empty if
/// there is no <svg> in it.
std::string inlineSvg(std::string_view svg, std::string_view prefix);

} // namespace monotail
