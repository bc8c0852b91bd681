// SPDX-License-Identifier: GPL-3.0-or-later
// What the session has done in the background.
#include <QTimer>

#include "dataset/image_list.h"
#include "session/loading.h"
#include "session/measuring.h"
#include "session/session.h"
#include "session/training.h"

namespace monotail {

namespace {

const QString dataKey = QStringLiteral("data");
const QString methodsKey = QStringLiteral("methods");

QString nameOf(const std::filesystem::path& path)
{
    return QString::fromStdString(path.filename().string());
}

} // namespace

void Session::startOpening(const Opening& opening)
{
    m_jobs.start(Lane::Long, tr("Opening %1").arg(nameOf(opening.inputs.checkpoint)),
                 QStringLiteral("open"), [this, opening](const Progress&) -> Delivery {
                     Loaded loaded = readInputs(opening.inputs, opening.notes);
                     const auto& head = loaded.document->head;
                     if (head && !opening.headDigest.empty() &&
                         headDigest(*head) != opening.headDigest)
                         loaded.problem = tr("This is another head than the one the session was "
                                             "saved with; what was chosen is applied to it.");
                     return [this, loaded, opening] {
                         if (isWorse(loaded)) // one wrong file does not cost what is open
                             return Q_EMIT failed(loaded.problem);
                         setDocument(loaded.document,
                                     opening.choices.value_or(firstChoices(*loaded.document)));
                         select(opening.selection);
                         if (opening.training != TrainingPlan())
                             m_training->setPlan(opening.training);
                         if (!loaded.problem.isEmpty())
                             Q_EMIT failed(loaded.problem);
                     };
                 });
}

/// Whether something cannot be read and what is open would be lost to a document that shows less.
bool Session::isWorse(const Loaded& loaded) const
{
    if (loaded.problem.isEmpty() || !m_snapshot.hasHead())
        return false;
    const Document& document = *loaded.document;
    if (document.heads.candidates.empty() && !document.head)
        return true;
    if (document.inputs.checkpoint != m_snapshot.document->inputs.checkpoint)
        return false;
    return !document.head ||
           (m_snapshot.hasCounts() && !document.classes &&
            document.head->source.weight == m_snapshot.document->head->source.weight);
}

/// Those of the classes that there are.
void Session::select(std::vector<std::int64_t> classes)
{
    const std::int64_t count = m_snapshot.hasHead() ? m_snapshot.document->head->classes() : 0;
    std::erase_if(classes, [&](std::int64_t c) { return c < 0 || c >= count; });
    m_selection.set(std::move(classes));
}

QString Session::loadData()
{
    return m_snapshot.document ? loadData(m_snapshot.document) : QString();
}

void Session::setData(const std::string& source, const ImageOptions& images)
{
    auto document = std::make_shared<Document>(*ownOf(m_snapshot.document));
    document->inputs.data = source;
    document->inputs.images = images;
    document->features.reset();
    document->scores.reset();
    document->base.reset();
    if (const QString problem = loadData(document); !problem.isEmpty())
        Q_EMIT failed(problem);
}

/// What is open stays as it is until the data have been read.
QString Session::loadData(const std::shared_ptr<const Document>& document)
{
    if (document->inputs.data.empty() || document->base)
        return {};
    if (!document->hasCounts())
        return document->head && document->inputs.counts.empty()
                   ? tr("Accuracies need the training counts as well: which class is rare is what "
                        "they are shown by. Add the counts, then the data.")
                   : QString();
    m_isExtracting = isImageSource(document->inputs.data);
    const QString title = m_isExtracting ? tr("Extracting features of %1") : tr("Evaluating %1");
    m_jobs.start(Lane::Long, title.arg(nameOf(document->inputs.data)), dataKey,
                 [this, document, compute = m_compute,
                  open = m_snapshot.document](const Progress& progress) -> Delivery {
                     const auto whole = readData(*document, compute, progress);
                     return [this, open, whole] {
                         if (m_snapshot.document == open)
                             showDocument(whole); // choices, undo steps and selection stay
                     };
                 });
    return {};
}

bool Session::isReadingData() const
{
    return m_jobs.isPending(dataKey);
}

bool Session::isExtracting() const
{
    return m_isExtracting && isReadingData();
}

bool Session::isComparing() const
{
    return m_settle->isActive() || isReadingData() || m_jobs.isPending(methodsKey);
}

void Session::requestAccuracy()
{
    const auto document = m_snapshot.document;
    if (!document || !document->hasData())
        return;
    m_settle->start();
    const auto rescaling = m_snapshot.rescaling;
    const auto groups = m_snapshot.groups;
    m_jobs.start(Lane::Interactive, tr("Evaluating"), {},
                 [this, document, rescaling, groups,
                  last = m_snapshot.accuracy](const Progress& progress) -> Delivery {
                     const auto live =
                         measureNow(*document, *rescaling, *groups, last.get(), progress);
                     return [this, document, live] {
                         if (m_snapshot.document != document || isSettled(*live))
                             return;
                         m_snapshot.accuracy = live;
                         Q_EMIT accuracyChanged();
                     };
                 });
}

/// Whether the same is there already, with intervals.
bool Session::isSettled(const LiveAccuracy& live) const
{
    const auto& shown = m_snapshot.accuracy;
    return shown && shown->settled && shown->groups.rule == live.groups.rule &&
           shown->rescaling.scale == live.rescaling.scale &&
           shown->rescaling.bias == live.rescaling.bias;
}

/// The intervals of what is shown come first, then the table of all methods.
void Session::requestShown()
{
    const auto document = m_snapshot.document;
    if (!document || !document->hasData())
        return;
    m_jobs.start(
        Lane::Long, tr("Computing intervals"), methodsKey,
        [this, document, rescaling = *m_snapshot.rescaling, rule = m_snapshot.choices.groups,
         known = known()](const Progress& progress) -> Delivery {
            const auto shown = measureMethods(*document, {rescaling}, rule, known, progress);
            return [this, document, shown] {
                if (m_snapshot.document != document)
                    return;
                enterShown(shown);
                requestSweep();
                requestMethods();
            };
        });
}

void Session::requestMethods()
{
    const auto document = m_snapshot.document;
    const auto rescalings =
        tableRescalings(*document, *m_snapshot.profile, m_snapshot.choices, *m_snapshot.rescaling);
    m_jobs.start(Lane::Long, tr("Comparing methods"), methodsKey,
                 [this, document, rescalings, rule = m_snapshot.choices.groups,
                  known = known()](const Progress& progress) -> Delivery {
                     const auto methods =
                         measureMethods(*document, rescalings, rule, known, progress);
                     return [this, document, methods] {
                         if (m_snapshot.document != document)
                             return;
                         enterMethods(methods);
                         requestCalibration();
                         requestHeadroom();
                     };
                 });
}

std::vector<std::shared_ptr<const Evaluation>> Session::known() const
{
    return {m_shown, m_snapshot.methods};
}

void Session::enterShown(const std::shared_ptr<const Evaluation>& shown)
{
    m_shown = shown;
    const MethodResult* result = findResult(*shown, *m_snapshot.rescaling);
    if (!result || shown->groups.rule != m_snapshot.choices.groups)
        return; // the choices have moved on
    m_snapshot.accuracy = std::make_shared<LiveAccuracy>(settledAccuracy(*shown, *result));
    Q_EMIT accuracyChanged();
    requestPair();
    requestSamples();
    requestStory();
    requestCauses();
}

} // namespace monotail
