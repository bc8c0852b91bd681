// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/text.h"

/// Data sets of one size.
using Sets = std::vector<std::vector<double>>;

/// The Python process of sklearn_rival.py.
class SklearnRival
{
public:
    explicit SklearnRival(const std::string& python)
        : m_data(std::filesystem::temp_directory_path() /
                 monotail::message("bench_isotonic_{}.f64", static_cast<std::int64_t>(getpid())))
    {
        int toChild[2], fromChild[2];
        if (pipe2(toChild, O_CLOEXEC) != 0 || pipe2(fromChild, O_CLOEXEC) != 0)
            return;
        m_process = fork();
        if (m_process == 0) {
            dup2(toChild[0], STDIN_FILENO);
            dup2(fromChild[1], STDOUT_FILENO);
            execlp(python.c_str(), python.c_str(), MONOTAIL_RIVAL, nullptr);
            _exit(127);
        }
        close(toChild[0]);
        close(fromChild[1]);
        m_requests = fdopen(toChild[1], "w");
        m_answers = fdopen(fromChild[0], "r");
        m_runs = m_process > 0 && answer() == "ready";
    }
    ~SklearnRival()
    {
        if (m_requests)
            fclose(m_requests);
        if (m_answers)
            fclose(m_answers);
        if (m_process > 0)
            waitpid(m_process, nullptr, 0);
        std::filesystem::remove(m_data);
    }
    SklearnRival(const SklearnRival&) = delete;
    SklearnRival& operator=(const SklearnRival&) = delete;

    bool runs() const { return m_runs; }
    void load(const Sets& sets)
    {
        if (!m_runs)
            return;
        std::ofstream file(m_data, std::ios::binary);
        for (const std::vector<double>& numbers : sets)
            file.write(reinterpret_cast<const char*>(numbers.data()),
                       static_cast<std::streamsize>(numbers.size() * sizeof(double)));
        file.close();
        ask(monotail::message("load {} {}", sets[0].size(), m_data.string()));
    }
    double seconds(const std::string& request)
    {
        return monotail::parseDouble(ask(request)).value_or(0);
    }

private:
    std::string ask(const std::string& request)
    {
        fprintf(m_requests, "%s\n", request.c_str());
        fflush(m_requests);
        return answer();
    }
    std::string answer()
    {
        char line[256] = "";
        return fgets(line, sizeof line, m_answers) ? std::string(monotail::trimmed(line)) : "";
    }

    std::filesystem::path m_data;
    pid_t m_process = -1;
    FILE* m_requests = nullptr;
    FILE* m_answers = nullptr;
    bool m_runs = false;
};
