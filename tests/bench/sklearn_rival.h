// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <fstream>
#include <vector>

#include "python_process.h"

/// Data sets of one size.
using Sets = std::vector<std::vector<double>>;

/// The Python process of sklearn_rival.py.
class SklearnRival
{
public:
    explicit SklearnRival(const std::string& python)
        : m_data(std::filesystem::temp_directory_path() /
                 monotail::message("bench_isotonic_{}.f64", static_cast<std::int64_t>(getpid()))),
          m_process(python, MONOTAIL_RIVAL)
    {}
    ~SklearnRival() { std::filesystem::remove(m_data); }
    SklearnRival(const SklearnRival&) = delete;
    SklearnRival& operator=(const SklearnRival&) = delete;

    bool runs() const { return m_process.runs(); }
    void load(const Sets& sets)
    {
        if (!runs())
            return;
        std::ofstream file(m_data, std::ios::binary);
        for (const std::vector<double>& numbers : sets)
            file.write(reinterpret_cast<const char*>(numbers.data()),
                       static_cast<std::streamsize>(numbers.size() * sizeof(double)));
        file.close();
        m_process.ask(monotail::message("load {} {}", sets[0].size(), m_data.string()));
    }
    double seconds(const std::string& request) { return m_process.seconds(request); }

private:
    std::filesystem::path m_data;
    PythonProcess m_process;
};
