// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/session.h"

#include <QFileInfo>
#include <QTimer>
#include <QUndoCommand>

#include "session/demo.h"
#include "session/loading.h"
#include "session/measuring.h"
#include "session/thumbnails.h"
#include "session/training.h"
#include "words/words.h"

namespace monotail {

namespace {

constexpr int restMilliseconds = 250;
constexpr int undoSteps = 200;

void append(Warnings& to, const Warnings& more)
{
    for (const std::string& warning : more)
        if (std::find(to.begin(), to.end(), warning) == to.end())
            to.push_back(warning);
}

} // namespace

/// Changes of one gesture merge into one step.
class Session::ChoicesCommand : public QUndoCommand
{
public:
    ChoicesCommand(Session& session, Choices after, const QString& what)
        : QUndoCommand(what), m_session(session), m_before(session.m_snapshot.choices),
          m_after(std::move(after)), m_gesture(session.m_gesture)
    {}

    void undo() override { m_session.apply(m_before); }
    void redo() override { m_session.apply(m_after); }
    int id() const override { return m_gesture > 0 ? m_gesture : -1; }
    bool mergeWith(const QUndoCommand* later) override
    {
        m_after = static_cast<const ChoicesCommand*>(later)->m_after;
        setText(later->text());
        setObsolete(m_after == m_before);
        return true;
    }

private:
    Session& m_session;
    Choices m_before, m_after;
    int m_gesture;
};

Session::Session(ComputeOptions compute, QObject* parent)
    : QObject(parent), m_compute(std::move(compute)), m_thumbnails(new Thumbnails(m_jobs, this)),
      m_training(nullptr), m_settle(new QTimer(this))
{
    m_training = new Training(m_jobs, m_compute, this); // the jobs are the last of the members
    m_undo.setUndoLimit(undoSteps);
    m_settle->setSingleShot(true);
    m_settle->setInterval(restMilliseconds);
    connect(m_settle, &QTimer::timeout, this, &Session::requestShown);
    connect(&m_selection, &ClassSelection::changed, this, &Session::followSelection);
    connectTraining();
    connect(&m_jobs, &JobRunner::failed, this, [this](const QString&, const QString& sentence) {
        Q_EMIT failed(inWindow(sentence.toStdString()));
    });
}

Session::~Session() = default;

void Session::open(const Inputs& inputs, const std::optional<Choices>& choices)
{
    startOpening({inputs, choices, {}, {}, {}, {}});
}

void Session::openSaved(const SavedSession& saved)
{
    startOpening({saved.inputs, saved.choices, saved.selection, saved.headDigest, saved.changed,
                  saved.training});
}

void Session::openDemo(const QString& part)
{
    try {
        open(demoInputs(part.toStdString()));
    } catch (const Error& error) {
        Q_EMIT failed(QString::fromUtf8(error.what()));
    }
}

void Session::close()
{
    if (isExporting())
        return Q_EMIT failed(tr("An export is being written. Close when it is done, or cancel it "
                                "first."));
    m_jobs.dropAll();
    setDocument(nullptr, {});
}

void Session::setDocument(std::shared_ptr<const Document> document, const Choices& choices)
{
    m_undo.clear();
    m_selection.clear();
    m_snapshot = {};
    m_shown.reset();
    forgetStudies();
    m_plan.reset();
    m_planned.reset();
    m_snapshot.choices = choices;
    m_snapshot.training = m_training->plan();
    showDocument(std::move(document));
}

void Session::showDocument(std::shared_ptr<const Document> document)
{
    m_settle->stop();
    if (document != m_snapshot.document) { // figures of other data mean nothing
        m_snapshot.accuracy.reset();
        m_snapshot.methods.reset();
        m_shown.reset();
        forgetStudies();
    }
    m_snapshot.document = std::move(document);
    m_thumbnails->setFeatures(m_snapshot.document ? m_snapshot.document->features : nullptr);
    m_training->setDocument(ownOf(m_snapshot.document));
    const QString problems[] = {derive(), loadData()};
    Q_EMIT documentChanged();
    for (const QString& problem : problems)
        if (!problem.isEmpty())
            Q_EMIT failed(problem);
    requestAccuracy();
}

void Session::change(const Choices& choices, const QString& what)
{
    if (choices != m_snapshot.choices)
        m_undo.push(new ChoicesCommand(*this, choices, what));
}

void Session::beginGesture()
{
    m_gesture = ++m_gestures;
}

void Session::endGesture()
{
    m_gesture = 0;
}

void Session::apply(const Choices& choices)
{
    const Choices before = std::exchange(m_snapshot.choices, choices);
    Choices sameButPrior = before;
    sameButPrior.testPrior = choices.testPrior;
    if (sameButPrior == choices)
        return Q_EMIT priorChanged();
    if (!sameFit(before, choices))
        m_snapshot.profile.reset();
    if (before.groups != choices.groups)
        m_snapshot.groups.reset();
    m_training->setGroups(choices.groups);
    const QString problem = derive();
    keepFitting();
    Q_EMIT choicesChanged();
    if (!problem.isEmpty())
        Q_EMIT failed(problem);
    requestAccuracy();
}

QString Session::derive()
{
    Derived now = derived(m_snapshot);
    m_snapshot = std::move(now.snapshot);
    return now.problem;
}

Warnings Session::warnings() const
{
    Warnings out;
    if (!m_snapshot.document)
        return out;
    append(out, m_snapshot.document->warnings);
    if (m_snapshot.hasHead())
        append(out, m_snapshot.document->head->warnings);
    if (m_snapshot.profile)
        append(out, m_snapshot.profile->warnings);
    if (m_snapshot.rescaling)
        append(out, m_snapshot.rescaling->warnings);
    if (m_snapshot.accuracy && !m_snapshot.accuracy->harm.empty())
        append(out, {m_snapshot.accuracy->harm});
    return out;
}

} // namespace monotail
