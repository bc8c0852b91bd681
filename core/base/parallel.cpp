// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace monotail {

namespace {

class Loop
{
public:
    Loop(std::int64_t count, const std::function<void(std::int64_t)>& work)
        : m_count(count), m_work(work)
    {}

    void run(const Progress& progress)
    {
        try {
            for (std::int64_t i = m_next++; i < m_count; i = m_next++) {
                m_work(i);
                report(progress, std::min(m_next.load(), m_count), m_count);
            }
        } catch (...) {
            m_next = m_count;
            const std::lock_guard lock(m_mutex);
            if (!m_failure)
                m_failure = std::current_exception();
        }
    }

    void rethrow() const
    {
        if (m_failure)
            std::rethrow_exception(m_failure);
    }

private:
    std::int64_t m_count;
    const std::function<void(std::int64_t)>& m_work;
    std::atomic<std::int64_t> m_next = 0;
    std::mutex m_mutex;
    std::exception_ptr m_failure;
};

} // namespace

int usableThreads(int wanted)
{
    if (wanted > 0)
        return wanted;
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void parallelFor(std::int64_t count, int threads, const std::function<void(std::int64_t)>& work,
                 const Progress& progress)
{
    Loop loop(count, work);
    {
        std::vector<std::jthread> helpers;
        const std::int64_t wanted = std::min<std::int64_t>(threads, count) - 1;
        try {
            for (std::int64_t i = 0; i < wanted; ++i)
                helpers.emplace_back([&loop] { loop.run({}); });
        } catch (const std::system_error&) {
            // The system gives no more threads: those there are do the work.
        }
        loop.run(progress);
    }
    loop.rethrow();
}

} // namespace monotail
