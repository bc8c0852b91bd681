// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cerrno>
#include <csignal>
#include <ctime>

namespace monotail {

/// Writing past RLIMIT_FSIZE raises SIGXFSZ, which kills the program by default. Blocked in this
/// thread, the write fails with EFBIG instead; the handlers of the program stay as they are.
class FileSizeSignalBlock
{
public:
    FileSizeSignalBlock()
    {
        sigset_t pending;
        sigpending(&pending);
        m_wasPending = sigismember(&pending, SIGXFSZ) == 1;
        sigemptyset(&m_signal);
        sigaddset(&m_signal, SIGXFSZ);
        pthread_sigmask(SIG_BLOCK, &m_signal, &m_before);
    }
    ~FileSizeSignalBlock()
    {
        const int error = errno;
        const timespec noWait{0, 0};
        while (!m_wasPending && sigtimedwait(&m_signal, nullptr, &noWait) < 0 && errno == EINTR) {
        }
        pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
        errno = error;
    }
    FileSizeSignalBlock(const FileSizeSignalBlock&) = delete;
    FileSizeSignalBlock& operator=(const FileSizeSignalBlock&) = delete;

private:
    sigset_t m_signal;
    sigset_t m_before;
    bool m_wasPending = false;
};

} // namespace monotail
