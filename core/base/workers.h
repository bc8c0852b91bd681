// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/progress.h"

namespace monotail {

/// Threads that wait for loops to share. A loop never waits for a thread that has not begun with
/// it: on a busy machine the caller does all of it alone rather than stand still.
class Workers
{
public:
    /// `threads` of which the caller of run() is one; 0 = one per processor. Fewer where the system
    /// gives no more.
    explicit Workers(int threads = 0);
    ~Workers();
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    /// Calls work(i) once for every i of [0, count), in no order. May be called from several
    /// threads at once. Progress is reported from the caller's thread alone. The first exception,
    /// Cancelled among them, stops the rest and is thrown here.
    void run(std::int64_t count, const std::function<void(std::int64_t)>& work,
             const Progress& progress = {}) const;

private:
    class Loop;
    void serve();

    mutable std::mutex m_mutex;
    mutable std::condition_variable m_wake;
    mutable std::deque<std::shared_ptr<Loop>> m_loops; ///< that may have something left
    bool m_closing = false;
    std::vector<std::thread> m_threads;
};

} // namespace monotail
