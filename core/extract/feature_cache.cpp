// SPDX-License-Identifier: GPL-3.0-or-later
#include "extract/feature_cache.h"

#include <algorithm>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "platform/growing_file.h"
#include "platform/paths.h"

namespace monotail {

namespace {

namespace fs = std::filesystem;

struct Entry
{
    fs::path path;
    FileStamp stamp;
};

std::vector<Entry> entriesIn(const fs::path& folder)
{
    std::vector<Entry> entries;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        const std::string extension = at->path().extension().string();
        if (extension == ".safetensors" || extension == ".part")
            entries.push_back({at->path(), stampOf(at->path())});
    }
    return entries;
}

/// False where an extraction is at work on it.
bool removeEntry(const fs::path& path)
{
    try {
        if (path.extension() == ".part") {
            GrowingFile(path).remove();
            return true;
        }
    } catch (const Error&) {
        return false;
    }
    std::error_code failed;
    return fs::remove(path, failed) && !failed;
}

} // namespace

FeatureCache::FeatureCache() : FeatureCache(cacheFolder() / "features") {}

FeatureCache::FeatureCache(fs::path folder) : m_folder(std::move(folder))
{
    std::error_code failed;
    fs::create_directories(m_folder, failed);
    if (failed)
        throw Error(message("{}: cannot make the folder for extracted features: {}",
                            printable(m_folder.string(), 400), failed.message()));
}

fs::path FeatureCache::file(const std::string& key) const
{
    return m_folder / (key + ".safetensors");
}

fs::path FeatureCache::part(const std::string& key) const
{
    return m_folder / (key + ".part");
}

bool FeatureCache::has(const std::string& key) const
{
    std::error_code unknown;
    return fs::is_regular_file(file(key), unknown);
}

FeatureCache::Contents FeatureCache::contents() const
{
    Contents all;
    for (const Entry& entry : entriesIn(m_folder)) {
        ++all.files;
        all.bytes += entry.stamp.size;
    }
    return all;
}

FeatureCache::Contents FeatureCache::shrink(std::uint64_t bytes, const fs::path& keep) const
{
    std::vector<Entry> entries = entriesIn(m_folder);
    std::sort(entries.begin(), entries.end(),
              [](const Entry& a, const Entry& b) { return a.stamp.changed < b.stamp.changed; });
    std::uint64_t held = contents().bytes;
    Contents removed;
    for (const Entry& entry : entries) {
        if (held <= bytes)
            break;
        if (entry.path == keep || !removeEntry(entry.path))
            continue;
        held -= entry.stamp.size;
        ++removed.files;
        removed.bytes += entry.stamp.size;
    }
    return removed;
}

} // namespace monotail
