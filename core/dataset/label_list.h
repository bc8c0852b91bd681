// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "dataset/text_source.h"

namespace monotail {

/// One line `path label` of a label list. The path may hold blanks; it points into the text.
struct LabelledPath
{
    std::string_view path;
    std::int64_t label = 0;
    std::int64_t line = 0;
};

/// Throws Error, with the line, where the last field of a line is no class index, where nothing
/// stands before it, and where a number stands before it (that is a table of counts).
std::vector<LabelledPath> readLabelList(const TextSource& source);

/// Whether a line looks like one: at least two fields, the last one a whole number.
bool isLabelLine(std::string_view line);

} // namespace monotail
