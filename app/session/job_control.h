// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

/// What the threads of JobRunner share.
namespace monotail {

/// What both threads know of a job while it waits and runs.
struct JobControl
{
    QString title, key;
    std::atomic<bool> cancel = false;
    std::atomic<std::int64_t> done = 0, total = 0;
    bool dropped = false; ///< only the window's thread reads and writes it
};

/// Where spare work waits while the hand moves.
class JobGate
{
public:
    void open(bool isOpen)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_open = isOpen;
        }
        m_condition.notify_all();
    }
    void pass(const JobControl& control)
    {
        std::unique_lock lock(m_mutex);
        while (!m_open && !control.cancel) // who cancels need not know of the gate
            m_condition.wait_for(lock, std::chrono::milliseconds(50));
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_condition;
    bool m_open = true;
};

} // namespace monotail
