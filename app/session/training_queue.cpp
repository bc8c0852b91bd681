// SPDX-License-Identifier: GPL-3.0-or-later
// The runs of Training, one after the other.
#include <QTimer>
#include <algorithm>

#include "session/training.h"
#include "words/words.h"

namespace monotail {

namespace {

const QString runKey = QStringLiteral("training-run");
const QString measureKey = QStringLiteral("training-measure");

bool isOver(RunState state)
{
    return state != RunState::Waiting && state != RunState::Running;
}

} // namespace

void Training::start()
{
    if (const QString why = refusal(); !why.isEmpty())
        return Q_EMIT failed(why);
    const int request = ++m_requests;
    for (const PlannedRun& planned : plannedRuns(m_plan, *m_document->head)) {
        KeptRun entry;
        entry.number = ++m_number;
        entry.request = request;
        entry.recipe = planned.recipe;
        entry.swept = planned.swept;
        entry.on = m_opened;
        m_runs.push_back(entry);
    }
    next();
    Q_EMIT runsChanged();
}

/// Each is given to the jobs only when the one before it has ended: what else is asked for
/// meanwhile does not wait for all of them.
void Training::next()
{
    if (running())
        return;
    const auto first = std::find_if(m_runs.begin(), m_runs.end(), [](const KeptRun& one) {
        return one.state == RunState::Waiting;
    });
    if (first != m_runs.end())
        run(*first);
}

void Training::run(KeptRun& entry)
{
    entry.state = RunState::Running;
    m_title = tr("Training %1").arg(runLabel(entry));
    const RunTask task{entry.number, entry.recipe, entry.on, m_document, m_groups, twinOf(entry)};
    m_jobs.start(Lane::Long, m_title, runKey, [this, task](const Progress& progress) -> Delivery {
        // This outlives the thread: what is posted arrives, or is dropped with it.
        const EpochWatch watch = [this, number = task.number](const EpochRecord& record) {
            QMetaObject::invokeMethod(
                this, [this, number, record] { add(number, record); }, Qt::QueuedConnection);
        };
        const auto result = trainAndMeasure(task, watch, progress);
        return [this, task, result] { finish(task, result); };
    });
}

/// What follows training can be changed without training again.
std::shared_ptr<const MeasuredRun> Training::twinOf(const KeptRun& entry) const
{
    for (const KeptRun& other : m_runs) {
        if (!other.result || other.on != entry.on)
            continue;
        Recipe same = other.recipe;
        same.afterwards = entry.recipe.afterwards;
        same.preset = entry.recipe.preset;
        if (same == entry.recipe)
            return other.result;
    }
    return nullptr;
}

void Training::add(int number, const EpochRecord& record)
{
    KeptRun* of = entry(number);
    if (!of || of->state != RunState::Running)
        return;
    of->epochs.push_back(record);
    if (!m_tell->isActive())
        m_tell->start();
}

void Training::finish(const RunTask& task, const std::shared_ptr<const MeasuredRun>& result)
{
    KeptRun* of = entry(task.number);
    if (!of)
        return;
    of->epochs = result->run.epochs;
    of->chosenEpoch = result->run.chosenEpoch;
    of->result = result;
    end(task.number, RunState::Done, {});
    if (task.evaluation->features != m_document->features) // other data came meanwhile
        measureAll();
    else if (task.groups != m_groups)
        regroup();
}

void Training::end(int number, RunState state, const QString& problem)
{
    if (KeptRun* of = entry(number)) {
        of->state = state;
        of->problem = problem;
    }
    m_title.clear();
    next();
    Q_EMIT runsChanged();
}

/// By the user in the status bar, or by an error.
void Training::ended(const QString& title, RunState state, const QString& problem)
{
    if (title.isEmpty())
        return;
    if (title == m_reading) {
        m_reading.clear();
        m_problem = state == RunState::Failed
                        ? problem
                        : tr("Reading the training data was cancelled; name them again.");
        return Q_EMIT planChanged();
    }
    const KeptRun* of = running();
    if (of && title == m_title)
        end(of->number, state, problem);
}

void Training::cancel(int number)
{
    KeptRun* of = entry(number);
    if (!of || isOver(of->state))
        return;
    if (of->state == RunState::Running) {
        m_jobs.drop(runKey);
        return end(number, RunState::Cancelled, {});
    }
    of->state = RunState::Cancelled;
    Q_EMIT runsChanged();
}

/// Those that wait had no epoch, and leave nothing behind.
void Training::cancelAll()
{
    std::erase_if(m_runs, [](const KeptRun& one) { return one.state == RunState::Waiting; });
    const KeptRun* of = running();
    if (of)
        return cancel(of->number);
    Q_EMIT runsChanged();
}

void Training::remove(int number)
{
    std::erase_if(m_runs,
                  [&](const KeptRun& one) { return one.number == number && isOver(one.state); });
    Q_EMIT runsChanged();
}

void Training::measureAll()
{
    std::vector<std::shared_ptr<const MeasuredRun>> runs;
    for (KeptRun& of : m_runs) {
        if (!of.result)
            continue;
        auto bare = std::make_shared<MeasuredRun>(*of.result); // of other data: it says nothing
        bare->predictions = {};
        bare->accuracy = {};
        of.result = bare;
        runs.push_back(bare);
    }
    Q_EMIT runsChanged();
    if (runs.empty() || !m_document->hasData())
        return m_jobs.drop(measureKey);
    m_jobs.start(Lane::Long, tr("Measuring the runs"), measureKey,
                 [this, runs, document = m_document,
                  groups = m_groups](const Progress& progress) -> Delivery {
                     std::vector<std::shared_ptr<const MeasuredRun>> again;
                     for (const auto& one : runs)
                         again.push_back(measuredAgain(*one, *document, groups,
                                                       *document->scores->scorer(), progress));
                     return [this, again, document, groups] {
                         if (m_document != document)
                             return;
                         for (const auto& one : again)
                             if (KeptRun* of = entry(one->run.number))
                                 of->result = one;
                         if (groups != m_groups)
                             regroup();
                         Q_EMIT runsChanged();
                     };
                 });
}

} // namespace monotail
