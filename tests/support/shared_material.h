// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtTest>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

namespace monotail::test {

/// The folder of reference values, real checkpoints and real data, if the machine has it.
inline std::filesystem::path sharedFolder()
{
    const char* folder = std::getenv("MONOTAIL_SHARED");
    return folder ? std::filesystem::path(folder) : std::filesystem::path();
}

inline std::string readText(const std::filesystem::path& path)
{
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

inline nlohmann::json readJson(const std::filesystem::path& path)
{
    return nlohmann::json::parse(readText(path));
}

inline std::filesystem::path demoFolder()
{
    return std::filesystem::path(MONOTAIL_SOURCE_DIR) / "resources/demo";
}

/// The text of the exception that `work` throws; empty if it throws none.
template <typename Work>
std::string errorOf(Work work)
{
    try {
        work();
    } catch (const std::exception& error) {
        return error.what();
    }
    return {};
}

} // namespace monotail::test

/// In a test that reads the shared material: says that it is skipped, and why, and returns.
#define MONOTAIL_NEEDS_SHARED()                                                                    \
    if (monotail::test::sharedFolder().empty())                                                    \
    QSKIP("skipped: no MONOTAIL_SHARED")
