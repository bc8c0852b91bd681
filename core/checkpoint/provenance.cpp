// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/provenance.h"

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace monotail {

std::filesystem::path provenancePath(const std::filesystem::path& checkpoint)
{
    std::filesystem::path path = checkpoint;
    path += ".provenance.json";
    return path;
}

std::optional<std::string> rescaledWith(const Checkpoint& checkpoint, const ClassifierHead& head)
{
    std::error_code missing;
    const std::filesystem::path path = provenancePath(checkpoint.path);
    if (!std::filesystem::is_regular_file(path, missing))
        return std::nullopt;
    try {
        const auto file = MappedFile::open(path);
        const auto* text = reinterpret_cast<const char*>(file->bytes().data());
        const auto record = nlohmann::json::parse(text, text + file->bytes().size());
        if (record.at("written_head_sha256") == headDigest(head))
            return printable(record.at("method").get<std::string>());
    } catch (const nlohmann::json::exception&) { // not ours, or damaged: it tells nothing
    } catch (const Error&) {
    }
    return std::nullopt;
}

} // namespace monotail
