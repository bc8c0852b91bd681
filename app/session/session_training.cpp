// SPDX-License-Identifier: GPL-3.0-or-later
// What the session does with runs.
#include "session/loading.h"
#include "session/session.h"
#include "session/training.h"

namespace monotail {

namespace {

const QString headKey = QStringLiteral("head");

/// Scales set by hand were set on another head.
Choices withoutScales(Choices choices)
{
    choices.manual.clear();
    if (choices.method == MethodKind::Scales)
        choices.method = MethodKind::None;
    return choices;
}

/// A run's head is shown as it is, with what its recipe has follow and nothing else.
Choices choicesFor(const Choices& before, const Method& then)
{
    Choices choices = withoutScales(before);
    choices.method = then.kind;
    choices.bias = then.bias;
    if (then.kind == MethodKind::Tau)
        choices.tau = then.parameter;
    if (then.kind == MethodKind::MaxNorm)
        choices.radius = then.parameter;
    if (then.kind == MethodKind::LogitAdjust)
        choices.adjustment = then.parameter;
    return choices;
}

} // namespace

void Session::connectTraining()
{
    connect(m_training, &Training::failed, this, &Session::failed);
    connect(m_training, &Training::planChanged, this,
            [this] { m_snapshot.training = m_training->plan(); });
    connect(m_training, &Training::runsChanged, this, [this] {
        m_snapshot.runs.clear();
        for (const KeptRun& entry : m_training->runs())
            if (isMeasured(entry))
                m_snapshot.runs.push_back(entry.result);
        requestPair();
        Q_EMIT pairChanged(); // there are other sides to choose from
    });
}

void Session::useHead(int run)
{
    const auto document = m_snapshot.document;
    const auto own = ownOf(document);
    if (!own || document->run == run)
        return m_jobs.drop(headKey);
    if (run == 0) {
        m_jobs.drop(headKey);
        return showHead(own, withoutScales(m_snapshot.choices));
    }
    if (isReadingData())
        return Q_EMIT failed(tr("The evaluation data are being read; use the run's head when they "
                                "are there."));
    const KeptRun* entry = m_training->find(run);
    if (!entry || !entry->result)
        return;
    const Run& done = entry->result->run;
    const HeadOfRun trained{run, runLabel(*entry), done.head, done.warnings};
    m_jobs.start(Lane::Browsing, tr("Showing %1").arg(trained.label), headKey,
                 [this, own, document, trained, then = done.recipe.afterwards,
                  compute = m_compute](const Progress& progress) -> Delivery {
                     const auto whole = withTrainedHead(own, trained, compute, progress);
                     return [this, document, whole, then] {
                         if (m_snapshot.document == document)
                             showHead(whole, choicesFor(m_snapshot.choices, then));
                     };
                 });
}

/// Undo steps were about the other head.
void Session::showHead(std::shared_ptr<const Document> document, const Choices& choices)
{
    m_undo.clear();
    m_snapshot.choices = choices;
    m_snapshot.profile.reset();
    m_snapshot.rescaling.reset();
    m_plan.reset();
    m_planned.reset();
    showDocument(std::move(document));
}

} // namespace monotail
