// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTemporaryDir>
#include <filesystem>
#include <fstream>
#include <string>

namespace monotail::test {

/// A folder for files that a test makes; gone with it.
class Scratch
{
public:
    std::string file(const std::string& name, const std::string& bytes) const
    {
        const std::filesystem::path path = root() / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << bytes;
        return path.string();
    }

    std::string folder(const std::string& name) const
    {
        std::filesystem::create_directories(root() / name);
        return (root() / name).string();
    }

    std::filesystem::path root() const { return m_folder.path().toStdString(); }

private:
    QTemporaryDir m_folder;
};

/// Whether an error's sentence holds all these parts; what it says instead is printed.
inline bool says(const std::string& sentence, std::initializer_list<const char*> parts)
{
    for (const char* part : parts)
        if (sentence.find(part) == std::string::npos) {
            qWarning("\"%s\" does not say \"%s\"", sentence.c_str(), part);
            return false;
        }
    return true;
}

} // namespace monotail::test
