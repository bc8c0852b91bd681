// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/accuracy_panel.h"

#include <QLabel>
#include <QVBoxLayout>

#include "base/text.h"
#include "charts/group_chart.h"
#include "models/accuracy_words.h"
#include "models/chart_data.h"
#include "session/session.h"
#include "views/prior_editor.h"
#include "words/terms.h"
#include "words/words.h"

namespace monotail {

namespace {

constexpr int barsHeight = 215; ///< below it values would stand on the bars

QString grouped(std::int64_t value)
{
    return QString::fromStdString(toGroupedText(value));
}

QLabel* textLabel(QWidget* parent, const QString& name)
{
    auto* label = new QLabel(parent);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setObjectName(name);
    return label;
}

} // namespace

AccuracyPanel::AccuracyPanel(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_summary(textLabel(this, QStringLiteral("summary"))),
      m_harm(textLabel(this, QStringLiteral("harm"))), m_chart(new GroupChart(this)),
      m_prior(new PriorEditor(session, this)),
      m_calibration(textLabel(this, QStringLiteral("calibration")))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 4, 6, 4);
    layout->addWidget(m_summary);
    layout->addWidget(m_chart, 1);
    layout->addWidget(m_prior);
    layout->addWidget(m_calibration);
    m_chart->setMinimumHeight(barsHeight);
    layout->addWidget(m_harm);
    m_summary->setToolTip(definition(Term::McNemar));
    m_chart->setToolTip(definition(Term::Top1) + QLatin1Char('\n') + definition(Term::ClassMean) +
                        QLatin1Char('\n') + definition(Term::Groups) + QLatin1Char('\n') +
                        definition(Term::Interval));
    m_chart->setAccessibleName(tr("Accuracy before and after"));
    connect(&session, &Session::documentChanged, this, &AccuracyPanel::showAccuracy);
    connect(&session, &Session::accuracyChanged, this, &AccuracyPanel::showAccuracy);
    connect(&session, &Session::failed, this, &AccuracyPanel::showAccuracy);
    connect(&session.jobs(), &JobRunner::cancelled, this, &AccuracyPanel::showAccuracy);
    for (const auto signal : {&Session::documentChanged, &Session::choicesChanged,
                              &Session::accuracyChanged, &Session::calibrationChanged})
        connect(&session, signal, this, &AccuracyPanel::showCalibration);
    showAccuracy();
    showCalibration();
}

void AccuracyPanel::showCalibration()
{
    const Snapshot& now = m_session.snapshot();
    m_calibration->setVisible(now.hasData());
    m_calibration->setText(calibrationText(now));
    const QString detail = calibrationDetail(now);
    m_calibration->setToolTip(detail.isEmpty() ? definition(Term::CalibrationError)
                                               : definition(Term::CalibrationError) +
                                                     QLatin1Char('\n') + detail);
}

void AccuracyPanel::showAccuracy()
{
    const Snapshot& now = m_session.snapshot();
    m_chart->setVisible(now.hasData());
    m_summary->setText(summary());
    m_chart->setData(groupChartData(now));
    m_harm->setText(harm());
    m_harm->setVisible(!m_harm->text().isEmpty());
}

QString AccuracyPanel::summary() const
{
    const Snapshot& now = m_session.snapshot();
    if (!now.hasData()) {
        if (now.document && now.document->hasData())
            return tr("Evaluating\u2026");
        return m_session.isReadingData()
                   ? tr("Reading the features and scoring them\u2026")
                   : tr("No data yet. Add features and labels (File > Add data) to see the "
                        "accuracy before and after.");
    }
    const LiveAccuracy& live = *now.accuracy;
    const QString samples =
        tr("%1 samples, split: %2")
            .arg(grouped(now.document->features->samples()), splitText(*now.document));
    if (live.rescaling.method == "none")
        return samples + tr(". Nothing is rescaled.");
    return tr("%1. Gained %2, lost %3 (McNemar %4).")
        .arg(samples, grouped(live.comparison.gained), grouped(live.comparison.lost),
             pText(live.comparison.p));
}

QString AccuracyPanel::harm() const
{
    const auto& accuracy = m_session.snapshot().accuracy;
    return accuracy && !accuracy->harm.empty() ? tr("\u26a0 %1.").arg(inWindow(accuracy->harm))
                                               : QString();
}

} // namespace monotail
