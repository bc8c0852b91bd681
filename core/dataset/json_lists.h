// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "dataset/text_source.h"

namespace monotail {

/// Class names and indices from a JSON list of names, an object of name -> index, or an object that
/// holds such a list as "classes", "names" or "wnids". Throws Error that says what is there
/// instead.
std::vector<std::pair<std::string, std::int64_t>> readJsonNames(const TextSource& source);

/// Counts and, where the file has them, names, both in class order.
struct JsonCounts
{
    std::vector<std::int64_t> counts;
    std::vector<std::string> names;
};

/// A JSON list of whole numbers, or an object with such a list as "counts" (or "class_counts",
/// "cls_num_list", "img_num_per_cls") and perhaps names as above.
JsonCounts readJsonCounts(const TextSource& source);

/// The texts of a JSON list; nothing if `text` is none.
std::vector<std::string> jsonTexts(const std::string& text);

} // namespace monotail
