// SPDX-License-Identifier: GPL-3.0-or-later
// The samples behind what is selected, and why one of them is classified as it is.
#include "session/session.h"
#include "session/thumbnails.h"
#include "words/words.h"

namespace monotail {

namespace {

const QString samplesKey = QStringLiteral("samples");
const QString storyKey = QStringLiteral("story");
const QString causesKey = QStringLiteral("causes");

/// The settled accuracy alone: while a slider moves, all of it would be made for nothing.
bool isThere(const Snapshot& snapshot)
{
    return snapshot.document && snapshot.document->hasData() && snapshot.accuracy &&
           snapshot.accuracy->settled;
}

BeforeAfter headsOf(const Snapshot& snapshot)
{
    const Document& document = *snapshot.document;
    return {{unchanged(*document.head), document.base->beforePredictions.predicted},
            {snapshot.accuracy->rescaling, snapshot.accuracy->predicted}};
}

template <typename Study>
bool isOf(const std::shared_ptr<const Study>& study, const Rescaling& after)
{
    return study && study->after.scale == after.scale && study->after.bias == after.bias;
}

bool isSame(const SampleStudy& study, const SampleView& view,
            const std::vector<std::int64_t>& selected)
{
    const auto& truth = view.cell ? view.cell->truth : selected;
    const auto takenFor = view.cell ? view.cell->takenFor : std::vector<std::int64_t>();
    return study.query == SampleQuery{truth, takenFor, view.change} && study.order == view.order;
}

} // namespace

void Session::forgetSamples()
{
    m_snapshot.sample.reset();
    m_snapshot.samples.reset();
    m_snapshot.story.reset();
    m_snapshot.causes.reset();
    for (const QString& key : {samplesKey, storyKey, causesKey})
        m_jobs.drop(key);
}

Thumbnails& Session::thumbnails()
{
    return *m_thumbnails;
}

bool Session::isPickingSamples() const
{
    return isComparing() || m_jobs.isPending(samplesKey);
}

bool Session::isExplaining() const
{
    return isComparing() || m_jobs.isPending(storyKey) || m_jobs.isPending(causesKey);
}

void Session::setSamplesWanted(bool wanted)
{
    m_samplesWanted = wanted;
    requestSamples();
}

void Session::setStoryWanted(bool wanted)
{
    m_storyWanted = wanted;
    requestStory();
    requestCauses();
}

void Session::setSampleView(const SampleView& view)
{
    if (view == m_snapshot.sampleView)
        return;
    m_snapshot.sampleView = view;
    requestSamples();
    Q_EMIT samplesChanged();
}

void Session::showCell(const SampleCell& cell)
{
    SampleView view = m_snapshot.sampleView;
    view.cell = cell;
    view.change = SampleChange::All;
    m_snapshot.sampleView.cell = cell; // before the selection changes, which would drop another
    m_selection.set(cell.selected);
    m_snapshot.sampleView = view;
    requestSamples();
    Q_EMIT samplesChanged();
}

/// Other classes than a cell's leave the cell.
void Session::followSelection()
{
    auto& cell = m_snapshot.sampleView.cell;
    if (cell && cell->selected != m_selection.classes())
        cell.reset();
    requestSamples();
    Q_EMIT samplesChanged();
}

void Session::setSample(std::optional<std::int64_t> sample)
{
    if (sample == m_snapshot.sample)
        return;
    m_snapshot.sample = sample;
    if (!sample)
        m_snapshot.story.reset();
    requestStory();
    Q_EMIT storyChanged();
}

void Session::requestSamples()
{
    const auto document = m_snapshot.document;
    if (!m_samplesWanted || !isThere(m_snapshot))
        return;
    const std::vector<std::int64_t>& selected = m_selection.classes();
    if (isOf(m_snapshot.samples, m_snapshot.accuracy->rescaling) &&
        isSame(*m_snapshot.samples, m_snapshot.sampleView, selected))
        return m_jobs.drop(samplesKey);
    m_jobs.start(Lane::Browsing, tr("Finding the samples"), samplesKey,
                 [this, document, heads = headsOf(m_snapshot), view = m_snapshot.sampleView,
                  selected](const Progress& progress) -> Delivery {
                     const auto study = studySamples(*document, heads, view, selected, progress);
                     return [this, document, study] {
                         if (m_snapshot.document != document)
                             return;
                         m_snapshot.samples = study;
                         Q_EMIT samplesChanged();
                     };
                 });
}

void Session::requestStory()
{
    const auto document = m_snapshot.document;
    if (!m_storyWanted || !m_snapshot.sample || !isThere(m_snapshot) ||
        document->head->classes() < 2)
        return;
    const std::int64_t sample = *m_snapshot.sample;
    if (isOf(m_snapshot.story, m_snapshot.accuracy->rescaling) &&
        m_snapshot.story->story.sample == sample)
        return;
    m_jobs.start(
        Lane::Browsing, tr("Looking at the sample"), storyKey,
        [this, document, heads = headsOf(m_snapshot), sample](const Progress&) -> Delivery {
            const auto study = studyStory(*document, heads, sample);
            return [this, document, study, sample] {
                if (m_snapshot.document != document || m_snapshot.sample != sample)
                    return;
                m_snapshot.story = study;
                Q_EMIT storyChanged();
            };
        });
}

void Session::requestCauses()
{
    const auto document = m_snapshot.document;
    if (!m_storyWanted || !isThere(m_snapshot) ||
        isOf(m_snapshot.causes, m_snapshot.accuracy->rescaling))
        return;
    m_jobs.start(
        Lane::Browsing, tr("Finding what samples are lost by"), causesKey,
        [this, document, heads = headsOf(m_snapshot)](const Progress& progress) -> Delivery {
            const auto study = studyCauses(*document, heads, progress);
            return [this, document, study] {
                if (m_snapshot.document != document)
                    return;
                m_snapshot.causes = study;
                Q_EMIT storyChanged();
            };
        });
}

} // namespace monotail
