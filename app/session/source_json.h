// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "report/json.h"

namespace monotail {

/// A source as session files keep it: relative to `folder` where it can be, with size and time. One
/// that names no file, such as a law, stays as it is; an empty one is null.
Json sourceJson(const std::string& source, const std::filesystem::path& folder);

struct SourceFound
{
    std::string source;
    std::string changed; ///< a sentence, if it is not as it was; empty = it is
    bool isMissing = false;
};
/// Throws what the JSON library throws for what sourceJson() does not write.
SourceFound readSource(const Json& entry, const std::filesystem::path& folder);

} // namespace monotail
