// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/outputs.h"

#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "base/text.h"

namespace monotail {

namespace {

namespace fs = std::filesystem;

bool same(const std::string& a, const std::string& b)
{
    std::error_code none; // what does not exist is no match
    return fs::equivalent(a, b, none) ||
           fs::absolute(a, none).lexically_normal() == fs::absolute(b, none).lexically_normal();
}

/// A file that is in an input's folder already, such as an image of a folder that is counted.
bool liesIn(const std::string& output, const std::string& folder)
{
    std::error_code none;
    if (!fs::is_directory(folder, none) || !fs::exists(output, none))
        return false;
    const fs::path inside =
        fs::canonical(output, none).lexically_relative(fs::canonical(folder, none));
    return !inside.empty() && *inside.begin() != "..";
}

void checkName(const std::string& output, Overwrite overwrite)
{
    std::error_code failed;
    const fs::file_status status = fs::symlink_status(output, failed);
    if (fs::exists(status) && overwrite == Overwrite::Refuse)
        throw Error(message("{} exists already; use --force to replace it", output));
    if (status.type() == fs::file_type::none)
        throw Error(message("{}: cannot write: {}", output, failed.message()));
    const fs::path folder = fs::path(output).parent_path();
    if (folder.empty())
        return;
    const fs::file_status place = fs::status(folder, failed);
    if (place.type() == fs::file_type::not_found)
        throw Error(message("{}: the folder {} does not exist", output, folder.string()));
    if (fs::exists(place) && !fs::is_directory(place))
        throw Error(message("{}: cannot write: {}", output,
                            std::make_error_code(std::errc::not_a_directory).message()));
}

} // namespace

void checkOutputs(const std::vector<std::string>& inputs, const std::vector<std::string>& outputs,
                  Overwrite overwrite)
{
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        if (outputs[i].empty())
            continue;
        for (const std::string& input : inputs)
            if (!input.empty() && (same(outputs[i], input) || liesIn(outputs[i], input)))
                throw Error(message("{}: this is an input, which is never written over; choose "
                                    "another name",
                                    outputs[i]));
        for (std::size_t other = 0; other < i; ++other)
            if (!outputs[other].empty() && same(outputs[i], outputs[other]))
                throw Error(message("{}: two results cannot go to one file", outputs[i]));
        checkName(outputs[i], overwrite);
    }
}

} // namespace monotail
