// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "dataset/class_set.h"

namespace monotail {

/// Where classes are called by WordNet ids ("n01443537") and a words.txt (lines "id TAB words") is
/// in the folder `near` or up to two above it, the names become the words and the ids are kept
/// beside them. Of synonyms the first is taken; words that two classes share carry their id.
void addWords(ClassSet& classes, const std::filesystem::path& near);

} // namespace monotail
