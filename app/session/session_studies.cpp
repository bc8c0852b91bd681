// SPDX-License-Identifier: GPL-3.0-or-later
// What the session finds out once the hand rests.
#include <algorithm>

#include "session/session.h"

namespace monotail {

namespace {

constexpr std::size_t mostSweeps = 16; // kept

const QString sweepKeyword = QStringLiteral("sweep");
const QString headroomKeyword = QStringLiteral("headroom");
const QString calibrationKeyword = QStringLiteral("calibration");

bool isOf(const CalibrationStudy& study, const Snapshot& snapshot)
{
    return study.groups == snapshot.choices.groups &&
           study.rescaling.scale == snapshot.rescaling->scale &&
           study.rescaling.bias == snapshot.rescaling->bias;
}

} // namespace

void Session::forgetStudies()
{
    forgetPair();
    forgetSamples();
    m_sweeps.clear();
    m_snapshot.sweep.reset();
    m_snapshot.headroom.reset();
    m_snapshot.calibration.reset();
    for (const QString& key : {sweepKeyword, headroomKeyword, calibrationKeyword})
        m_jobs.drop(key);
}

void Session::keepFitting()
{
    const Choices& choices = m_snapshot.choices;
    if (m_snapshot.headroom && m_snapshot.headroom->key != headroomKey(choices))
        m_snapshot.headroom.reset();
    if (m_snapshot.calibration && !isOf(*m_snapshot.calibration, m_snapshot))
        m_snapshot.calibration.reset();
    m_snapshot.sweep.reset();
    if (!m_snapshot.hasCounts())
        return;
    const auto key = sweepKey(choices, m_snapshot.document->head->norms);
    const auto known = std::find_if(m_sweeps.begin(), m_sweeps.end(),
                                    [&](const auto& study) { return study->key == key; });
    if (known != m_sweeps.end())
        m_snapshot.sweep = *known;
}

bool Session::isSweeping() const
{
    return isComparing() || m_jobs.isPending(sweepKeyword);
}

void Session::requestSweep()
{
    const auto document = m_snapshot.document;
    const auto key = sweepKey(m_snapshot.choices, document->head->norms);
    if (!key || m_snapshot.sweep || (key == m_sweepAsked && m_jobs.isPending(sweepKeyword)))
        return;
    m_sweepAsked = key;
    m_jobs.start(
        Lane::Long, tr("Sweeping the parameter"), sweepKeyword,
        [this, document, key, profile = m_snapshot.profile](const Progress& progress) -> Delivery {
            const auto study = studySweep(*document, *profile, *key, progress);
            return [this, document, study] {
                if (m_snapshot.document != document)
                    return;
                m_sweeps.push_back(study);
                if (m_sweeps.size() > mostSweeps)
                    m_sweeps.erase(m_sweeps.begin());
                keepFitting();
                Q_EMIT sweepChanged();
            };
        });
}

/// With the headroom beside them, once it is there.
void Session::enterMethods(const std::shared_ptr<const Evaluation>& methods)
{
    m_snapshot.methods = methods;
    const auto& headroom = m_snapshot.headroom;
    if (headroom && headroom->problem.empty()) {
        auto with = std::make_shared<Evaluation>(*methods);
        with->headroom = headroom->result;
        m_snapshot.methods = with;
    }
    Q_EMIT methodsChanged();
    requestPair();
}

void Session::requestHeadroom()
{
    const HeadroomKey key = headroomKey(m_snapshot.choices);
    if (m_snapshot.headroom || (key == m_headroomAsked && m_jobs.isPending(headroomKeyword)))
        return;
    m_headroomAsked = key;
    m_jobs.start(Lane::Spare, tr("Finding the headroom"), headroomKeyword,
                 [this, document = m_snapshot.document, profile = m_snapshot.profile,
                  key](const Progress& progress) -> Delivery {
                     const auto study = studyHeadroom(*document, *profile, key, progress);
                     return [this, document, study] {
                         if (m_snapshot.document != document ||
                             study->key != headroomKey(m_snapshot.choices))
                             return;
                         m_snapshot.headroom = study;
                         if (m_snapshot.methods)
                             enterMethods(m_snapshot.methods);
                     };
                 });
}

void Session::requestCalibration()
{
    if (m_snapshot.calibration)
        return;
    m_jobs.start(Lane::Spare, tr("Fitting temperatures"), calibrationKeyword,
                 [this, document = m_snapshot.document, rescaling = m_snapshot.rescaling,
                  rule = m_snapshot.choices.groups](const Progress& progress) -> Delivery {
                     const auto study = studyCalibration(*document, *rescaling, rule, progress);
                     return [this, document, study] {
                         if (m_snapshot.document != document || !isOf(*study, m_snapshot))
                             return;
                         m_snapshot.calibration = study;
                         Q_EMIT calibrationChanged();
                     };
                 });
}

} // namespace monotail
