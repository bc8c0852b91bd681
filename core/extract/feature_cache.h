// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace monotail {

/// Extracted features that are kept in the user's cache folder, by a key of everything that affects
/// them: KEY.safetensors, and KEY.part of extractions that did not end.
class FeatureCache
{
public:
    /// "features" in cacheFolder(), made if it is not there.
    FeatureCache();
    explicit FeatureCache(std::filesystem::path folder);

    const std::filesystem::path& folder() const { return m_folder; }
    std::filesystem::path file(const std::string& key) const;
    std::filesystem::path part(const std::string& key) const;
    bool has(const std::string& key) const;

    struct Contents
    {
        std::int64_t files = 0;
        std::uint64_t bytes = 0;
    };
    Contents contents() const;
    /// Removes what was used longest ago until `bytes` or less are left, but never `keep`. Gives
    /// what was removed; files in use by an extraction stay.
    Contents shrink(std::uint64_t bytes, const std::filesystem::path& keep = {}) const;

private:
    std::filesystem::path m_folder;
};

} // namespace monotail
