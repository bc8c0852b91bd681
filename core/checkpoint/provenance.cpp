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

namespace {

std::string describeChange(const nlohmann::json& record)
{
    const std::string rescaled =
        message("rescaled with {}", printable(record.at("method").get<std::string>()));
    const auto retrained = record.find("retrained");
    if (retrained == record.end())
        return rescaled;
    const std::string trained =
        message("retrained ({})", printable(retrained->at("name").get<std::string>()));
    return record.at("method") == "none" ? trained : message("{} and {}", trained, rescaled);
}

} // namespace

std::optional<std::string> changeOf(const Checkpoint& checkpoint, const ClassifierHead& head)
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
            return describeChange(record);
    } catch (const nlohmann::json::exception&) { // not ours, or damaged: it tells nothing
    } catch (const Error&) {
    }
    return std::nullopt;
}

} // namespace monotail
