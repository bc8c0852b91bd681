// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/training.h"

#include <QTimer>
#include <algorithm>

#include "session/demo.h"
#include "words/words.h"

namespace monotail {

namespace {

constexpr int tellEvery = 40; // milliseconds

const QString readKey = QStringLiteral("training-data");
const QString measureKey = QStringLiteral("training-measure");

/// Whether runs on one are runs on the other.
bool isSameProblem(const Document& a, const Document& b)
{
    return a.hasCounts() && b.hasCounts() && a.inputs.checkpoint == b.inputs.checkpoint &&
           a.classes->counts == b.classes->counts &&
           a.head->weight.rows() == b.head->weight.rows() &&
           a.head->weight.cols() == b.head->weight.cols() && a.head->weight == b.head->weight &&
           a.head->bias == b.head->bias;
}

} // namespace

Training::Training(JobRunner& jobs, ComputeOptions compute, QObject* parent)
    : QObject(parent), m_jobs(jobs), m_compute(std::move(compute)), m_tell(new QTimer(this))
{
    m_tell->setSingleShot(true);
    m_tell->setInterval(tellEvery);
    connect(m_tell, &QTimer::timeout, this, &Training::epochsChanged);
    connect(&jobs, &JobRunner::cancelled, this,
            [this](const QString& title) { ended(title, RunState::Cancelled, {}); });
    connect(&jobs, &JobRunner::failed, this, [this](const QString& title, const QString& sentence) {
        ended(title, RunState::Failed, inWindow(sentence.toStdString()));
    });
}

void Training::setTrainerMaker(const MakeTrainer& make)
{
    m_make = make;
}

void Training::setDocument(const std::shared_ptr<const Document>& own)
{
    const auto before = std::exchange(m_document, own);
    if (before == own)
        return;
    const bool isSame = before && own && isSameProblem(*before, *own);
    if (!isSame) {
        cancelAll();
        m_runs.clear();
        m_number = 0;
        m_opened.reset();
        m_problem.clear();
        m_jobs.drop(readKey);
        m_jobs.drop(measureKey);
        m_reading.clear();
        if (!before || !own || before->inputs.checkpoint != own->inputs.checkpoint)
            m_plan.sources = own ? demoTraining(own->inputs) : TrainingSources();
        Q_EMIT runsChanged();
    } else if (before->features != own->features) {
        measureAll();
    }
    Q_EMIT planChanged();
    readIfWanted();
}

void Training::setGroups(const ShotRule& rule)
{
    if (std::exchange(m_groups, rule) != rule)
        regroup();
}

void Training::regroup()
{
    if (!m_document || !m_document->hasData())
        return;
    const ShotGroups groups = groupClasses(m_document->classes->counts, m_groups);
    for (KeptRun& entry : m_runs) {
        if (!isMeasured(entry))
            continue;
        auto again = std::make_shared<MeasuredRun>(*entry.result);
        again->accuracy = measureAccuracy(again->predictions, m_document->features->labels, groups);
        entry.result = again;
    }
    Q_EMIT runsChanged();
}

void Training::setPlan(const TrainingPlan& plan)
{
    if (plan == m_plan)
        return;
    if (plan.sources != m_plan.sources) {
        m_opened.reset();
        m_problem.clear();
        m_reading.clear();
        m_jobs.drop(readKey);
    }
    m_plan = plan;
    Q_EMIT planChanged();
    readIfWanted();
}

void Training::setWanted(bool wanted)
{
    m_wanted = wanted;
    readIfWanted();
}

bool Training::isReading() const
{
    return !m_reading.isEmpty();
}

void Training::readIfWanted()
{
    if (!m_wanted || m_opened || isReading() || !m_problem.isEmpty() || !m_document ||
        !m_document->hasCounts() || m_plan.sources.features.empty())
        return;
    m_reading = tr("Reading the training data %1").arg(fileName(m_plan.sources.features));
    m_jobs.start(Lane::Long, m_reading, readKey,
                 [this, own = m_document, sources = m_plan.sources, compute = m_compute,
                  make = m_make](const Progress& progress) -> Delivery {
                     const auto opened = openTraining(own, sources, compute, make, progress);
                     return [this, opened] {
                         m_reading.clear();
                         m_opened = opened;
                         Q_EMIT planChanged();
                     };
                 });
    Q_EMIT planChanged();
}

QString Training::refusal() const
{
    if (!m_document || !m_document->hasCounts())
        return tr("Training needs a checkpoint and its training counts.");
    if (m_plan.sources.features.empty())
        return tr("Name the training data first: features of the training split with their labels, "
                  "or its images.");
    if (!m_problem.isEmpty())
        return m_problem;
    try {
        plannedRuns(m_plan, *m_document->head);
    } catch (const Error& error) {
        return inWindow(error.what());
    }
    return m_opened ? QString() : tr("The training data are being read\u2026");
}

Warnings Training::warnings() const
{
    if (!m_document)
        return {};
    Warnings all = m_opened ? m_opened->warnings : Warnings();
    for (const std::string& warning : planWarnings(m_plan, m_document->inputs.data))
        all.push_back(warning);
    return all;
}

const KeptRun* Training::find(int number) const
{
    const auto found = std::find_if(m_runs.begin(), m_runs.end(),
                                    [&](const KeptRun& one) { return one.number == number; });
    return found == m_runs.end() ? nullptr : &*found;
}

KeptRun* Training::entry(int number)
{
    return const_cast<KeptRun*>(find(number));
}

const KeptRun* Training::running() const
{
    const auto found = std::find_if(m_runs.begin(), m_runs.end(), [](const KeptRun& one) {
        return one.state == RunState::Running;
    });
    return found == m_runs.end() ? nullptr : &*found;
}

int Training::waiting() const
{
    return static_cast<int>(std::count_if(m_runs.begin(), m_runs.end(), [](const KeptRun& one) {
        return one.state == RunState::Waiting;
    }));
}

} // namespace monotail
