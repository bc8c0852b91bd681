// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/job.h"

#include <QTimer>
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <new>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "session/job_control.h"

namespace monotail {

namespace {

constexpr int lookEvery = 100; // milliseconds
constexpr std::array keepingAll{Lane::Long, Lane::Spare, Lane::Browsing};

struct Outcome
{
    std::shared_ptr<JobControl> control;
    Delivery delivery;
    QString error;
    bool cancelled = false;
};

QString sentenceOf(const std::exception& error)
{
    if (dynamic_cast<const std::bad_alloc*>(&error))
        return JobRunner::tr("There is not enough memory for this; nothing was changed.");
    return QString::fromUtf8(error.what());
}

Outcome run(const std::shared_ptr<JobControl>& of, const Work& work,
            const std::function<void()>& rest)
{
    Outcome outcome{of, {}, {}, false};
    const Progress progress = [control = of.get(), rest](std::int64_t done, std::int64_t total) {
        if (rest)
            rest();
        control->done = done;
        control->total = total;
        return !control->cancel;
    };
    try {
        outcome.delivery = work(progress); // done is done, even if it was to be cancelled
    } catch (const Cancelled&) {
        outcome.cancelled = true;
    } catch (const std::exception& error) {
        outcome.error = sentenceOf(error);
    } catch (...) {
        outcome.error = JobRunner::tr("An unknown error ended this; nothing was changed.");
    }
    return outcome;
}

} // namespace

/// One thread and what waits for it.
class JobRunner::Worker
{
public:
    struct Task
    {
        std::shared_ptr<JobControl> control;
        Work work;
        std::shared_ptr<JobGate> gate = nullptr; ///< where it rests; null = does not rest
    };

    explicit Worker(std::function<void()> wake) : m_wake(std::move(wake)) {}

    ~Worker()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_stop = true;
            m_waiting.clear();
            if (m_running)
                m_running->cancel = true;
        }
        m_condition.notify_one();
        if (m_thread.joinable())
            m_thread.join();
    }

    void post(Task task)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_waiting.push_back(std::move(task));
        }
        if (!m_thread.joinable())
            m_thread = std::thread([this] { loop(); });
        m_condition.notify_one();
    }

    /// Takes back what waits and cancels what runs, where `which` says so; none of it delivers.
    template <typename Which>
    void drop(Which which)
    {
        const std::lock_guard lock(m_mutex);
        std::erase_if(m_waiting, [&](const Task& task) { return which(*task.control); });
        for (const auto& outcome : m_outcomes)
            outcome.control->dropped |= which(*outcome.control);
        if (m_running && which(*m_running)) {
            m_running->dropped = true;
            m_running->cancel = true;
        }
    }

    void dropWaiting()
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.clear();
    }

    bool isPending(const QString& key) const
    {
        const std::lock_guard lock(m_mutex);
        const auto is = [&](const Task& task) { return task.control->key == key; };
        return std::any_of(m_waiting.begin(), m_waiting.end(), is) ||
               (m_running && m_running->key == key && !m_running->dropped);
    }

    std::shared_ptr<JobControl> running() const
    {
        const std::lock_guard lock(m_mutex);
        return m_running;
    }

    bool isBusy() const
    {
        const std::lock_guard lock(m_mutex);
        return m_running || !m_waiting.empty() || !m_outcomes.empty();
    }

    std::vector<Outcome> takeOutcomes()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_outcomes, {});
    }

private:
    void loop()
    {
        for (;;) {
            std::unique_lock lock(m_mutex);
            m_condition.wait(lock, [this] { return m_stop || !m_waiting.empty(); });
            if (m_stop)
                return;
            const Task task = std::move(m_waiting.front());
            m_waiting.pop_front();
            m_running = task.control;
            lock.unlock();
            std::function<void()> rest;
            if (task.gate)
                rest = [&task] { task.gate->pass(*task.control); };
            Outcome outcome = run(task.control, task.work, rest);
            lock.lock();
            m_running.reset();
            m_outcomes.push_back(std::move(outcome));
            if (!m_stop)
                m_wake();
        }
    }

    std::function<void()> m_wake;
    mutable std::mutex m_mutex;
    std::condition_variable m_condition;
    std::deque<Task> m_waiting;
    std::shared_ptr<JobControl> m_running;
    std::vector<Outcome> m_outcomes;
    bool m_stop = false;
    std::thread m_thread;
};

JobRunner::JobRunner(QObject* parent)
    : QObject(parent), m_gate(std::make_shared<JobGate>()), m_timer(new QTimer(this))
{
    const auto wake = [this] { QMetaObject::invokeMethod(this, "collect", Qt::QueuedConnection); };
    for (std::unique_ptr<Worker>& of : m_workers)
        of = std::make_unique<Worker>(wake);
    m_timer->setInterval(lookEvery);
    connect(m_timer, &QTimer::timeout, this, &JobRunner::look);
}

JobRunner::~JobRunner()
{
    m_gate->open(true);
}

void JobRunner::start(Lane lane, const QString& title, const QString& key, Work work)
{
    auto control = std::make_shared<JobControl>();
    control->title = title;
    control->key = key;
    Worker& of = worker(lane);
    if (lane == Lane::Interactive || lane == Lane::Aside || lane == Lane::Pictures) {
        if (lane == Lane::Interactive)
            m_gate->open(false); // until it has been delivered
        of.dropWaiting();
        return of.post({control, std::move(work)});
    }
    if (!key.isEmpty())
        drop(key);
    of.post({control, std::move(work), lane == Lane::Spare ? m_gate : nullptr});
    if (lane == Lane::Long)
        m_timer->start();
}

void JobRunner::drop(const QString& key)
{
    const auto is = [&](const JobControl& other) { return other.key == key; };
    for (const Lane lane : keepingAll)
        worker(lane).drop(is);
}

void JobRunner::cancelCurrent()
{
    if (const auto running = worker(Lane::Long).running())
        running->cancel = true;
}

void JobRunner::dropAll()
{
    for (const auto& of : m_workers)
        of->drop([](const JobControl&) { return true; });
}

bool JobRunner::isPending(const QString& key) const
{
    return std::any_of(keepingAll.begin(), keepingAll.end(),
                       [&](Lane lane) { return worker(lane).isPending(key); });
}

bool JobRunner::isBusy() const
{
    return std::any_of(m_workers.begin(), m_workers.end(),
                       [](const auto& of) { return of->isBusy(); });
}

QString JobRunner::currentTitle() const
{
    const auto running = worker(Lane::Long).running();
    return running && !running->dropped ? running->title : QString();
}

void JobRunner::collect()
{
    std::vector<Outcome> outcomes;
    for (const auto& of : m_workers)
        for (Outcome& outcome : of->takeOutcomes())
            outcomes.push_back(std::move(outcome));
    for (const Outcome& outcome : outcomes) {
        if (outcome.control->dropped) // by a delivery before it, perhaps
            continue;
        if (!outcome.error.isEmpty())
            Q_EMIT failed(outcome.control->title, outcome.error);
        else if (outcome.cancelled)
            Q_EMIT cancelled(outcome.control->title);
        else if (outcome.delivery)
            outcome.delivery();
    }
    if (!worker(Lane::Interactive).isBusy())
        m_gate->open(true);
    if (!worker(Lane::Long).isBusy())
        m_timer->stop();
    if (!outcomes.empty() && !isBusy())
        Q_EMIT idle();
}

void JobRunner::look()
{
    const auto running = worker(Lane::Long).running();
    if (running && !running->dropped)
        Q_EMIT progressed(running->title, running->done, running->total);
}

} // namespace monotail
