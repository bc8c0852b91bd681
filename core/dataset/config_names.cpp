// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/config_names.h"

#include <nlohmann/json.hpp>
#include <system_error>

#include "base/text.h"
#include "platform/mapped_file.h"

namespace monotail {

namespace {

constexpr std::uintmax_t largestConfig = 64 << 20;

/// id2label's names in the order of its keys "0", "1", ...; empty if it is not exactly that.
std::vector<std::string> namesIn(const nlohmann::json& config, std::size_t classes)
{
    if (!config.is_object() || !config.contains("id2label"))
        return {};
    const nlohmann::json& labels = config.at("id2label");
    if (!labels.is_object() || labels.size() != classes)
        return {};
    std::vector<std::string> names;
    for (std::size_t c = 0; c < classes; ++c) {
        const auto label = labels.find(std::to_string(c));
        if (label == labels.end() || !label->is_string())
            return {};
        names.push_back(label->get<std::string>());
    }
    // What the library writes where nobody named the classes.
    return names.front() == "LABEL_0" ? std::vector<std::string>() : names;
}

} // namespace

ClassSet withConfigNames(ClassSet classes, const std::filesystem::path& checkpoint)
{
    const std::filesystem::path config = checkpoint.parent_path() / "config.json";
    std::error_code none;
    if (!classes.namesSource.empty() || !std::filesystem::is_regular_file(config, none) ||
        std::filesystem::file_size(config, none) > largestConfig)
        return classes;
    try {
        const auto file = MappedFile::open(config);
        const auto* text = reinterpret_cast<const char*>(file->bytes().data());
        const auto json = nlohmann::json::parse(text, text + file->bytes().size(), nullptr, false);
        std::vector<std::string> names = namesIn(json, classes.names.size());
        if (!names.empty()) {
            classes.names = std::move(names);
            classes.namesSource = config.string();
        }
    } catch (const Error&) { // unreadable: as if it were not there
    }
    return classes;
}

} // namespace monotail
