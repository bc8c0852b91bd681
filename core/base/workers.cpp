// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/workers.h"

#include <algorithm>
#include <exception>
#include <system_error>

namespace monotail {

/// One call of run(). Outlives it where a thread still holds it, which then finds nothing to do.
class Workers::Loop
{
public:
    Loop(std::int64_t count, const std::function<void(std::int64_t)>& work)
        : m_count(count), m_work(work)
    {}

    /// Does what is left, with others.
    void share(const Progress& progress)
    {
        for (std::int64_t i = claim(); i < m_count; i = claim()) {
            std::exception_ptr failure;
            try {
                m_work(i);
                report(progress, i + 1, m_count);
            } catch (...) {
                failure = std::current_exception();
            }
            release(failure);
        }
    }

    /// Returns when nobody is at work on it any more; throws what went wrong.
    void finish()
    {
        std::unique_lock lock(m_mutex);
        m_done.wait(lock, [this] { return m_busy == 0; });
        if (m_failure)
            std::rethrow_exception(m_failure);
    }

private:
    std::int64_t claim()
    {
        const std::lock_guard lock(m_mutex);
        m_busy += m_next < m_count ? 1 : 0;
        return m_next < m_count ? m_next++ : m_count;
    }

    void release(const std::exception_ptr& failure)
    {
        const std::lock_guard lock(m_mutex);
        if (failure) {
            m_next = m_count;
            m_failure = m_failure ? m_failure : failure;
        }
        if (--m_busy == 0)
            m_done.notify_all();
    }

    const std::int64_t m_count;
    const std::function<void(std::int64_t)>& m_work; ///< alive while anything is left or busy
    std::mutex m_mutex;
    std::condition_variable m_done;
    std::int64_t m_next = 0;
    std::int64_t m_busy = 0;
    std::exception_ptr m_failure;
};

Workers::Workers(int threads)
{
    const int wanted =
        threads > 0 ? threads : static_cast<int>(std::thread::hardware_concurrency());
    try {
        for (int i = 1; i < wanted; ++i)
            m_threads.emplace_back([this] { serve(); });
    } catch (const std::system_error&) {
        // Those there are do the work.
    }
}

Workers::~Workers()
{
    {
        const std::lock_guard lock(m_mutex);
        m_closing = true;
    }
    m_wake.notify_all();
    for (std::thread& thread : m_threads)
        thread.join();
}

void Workers::run(std::int64_t count, const std::function<void(std::int64_t)>& work,
                  const Progress& progress) const
{
    report(progress, 0, count); // the others may be done before the caller's first turn
    const auto loop = std::make_shared<Loop>(count, work);
    if (!m_threads.empty() && count > 1) {
        {
            const std::lock_guard lock(m_mutex);
            m_loops.push_back(loop);
        }
        m_wake.notify_all();
    }
    loop->share(progress);
    {
        const std::lock_guard lock(m_mutex);
        m_loops.erase(std::remove(m_loops.begin(), m_loops.end(), loop), m_loops.end());
    }
    loop->finish();
}

void Workers::serve()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_wake.wait(lock, [this] { return m_closing || !m_loops.empty(); });
        if (m_closing)
            return;
        const std::shared_ptr<Loop> loop = m_loops.front();
        lock.unlock();
        loop->share({});
        lock.lock();
        m_loops.erase(std::remove(m_loops.begin(), m_loops.end(), loop), m_loops.end());
    }
}

} // namespace monotail
