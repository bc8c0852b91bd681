// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "base/text.h"

/// A Python script that answers a line for a line, the first of them being "ready".
class PythonProcess
{
public:
    PythonProcess(const std::string& python, const char* script)
    {
        int toChild[2], fromChild[2];
        if (pipe2(toChild, O_CLOEXEC) != 0 || pipe2(fromChild, O_CLOEXEC) != 0)
            return;
        m_process = fork();
        if (m_process == 0) {
            dup2(toChild[0], STDIN_FILENO);
            dup2(fromChild[1], STDOUT_FILENO);
            execlp(python.c_str(), python.c_str(), script, nullptr);
            _exit(127);
        }
        close(toChild[0]);
        close(fromChild[1]);
        m_requests = fdopen(toChild[1], "w");
        m_answers = fdopen(fromChild[0], "r");
        m_runs = m_process > 0 && answer() == "ready";
    }
    ~PythonProcess()
    {
        if (m_requests)
            fclose(m_requests);
        if (m_answers)
            fclose(m_answers);
        if (m_process > 0)
            waitpid(m_process, nullptr, 0);
    }
    PythonProcess(const PythonProcess&) = delete;
    PythonProcess& operator=(const PythonProcess&) = delete;

    bool runs() const { return m_runs; }
    std::string ask(const std::string& request)
    {
        fprintf(m_requests, "%s\n", request.c_str());
        fflush(m_requests);
        return answer();
    }
    double seconds(const std::string& request)
    {
        return monotail::parseDouble(ask(request)).value_or(0);
    }

private:
    std::string answer()
    {
        char line[256] = "";
        return fgets(line, sizeof line, m_answers) ? std::string(monotail::trimmed(line)) : "";
    }

    pid_t m_process = -1;
    FILE* m_requests = nullptr;
    FILE* m_answers = nullptr;
    bool m_runs = false;
};
