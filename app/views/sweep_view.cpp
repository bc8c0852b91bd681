// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/sweep_view.h"

#include <QCheckBox>
#include <QLabel>
#include <QVBoxLayout>

#include "models/curve_data.h"
#include "session/session.h"
#include "words/terms.h"

namespace monotail {

SweepView::SweepView(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_chart(new CurveChart(this)),
      m_groups(new QCheckBox(tr("Many, medium and few as well"), this)), m_words(new QLabel(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 4, 0, 4);
    layout->setSpacing(2);
    layout->addWidget(m_chart);
    layout->addWidget(m_groups);
    layout->addWidget(m_words);
    m_chart->setAccessibleName(tr("Accuracy against the parameter"));
    m_chart->setToolTip(definition(Term::Sweep));
    m_groups->setObjectName(QStringLiteral("sweepGroups"));
    m_groups->setToolTip(definition(Term::Groups));
    m_words->setObjectName(QStringLiteral("sweepWords"));
    m_words->setWordWrap(true);
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_words->setToolTip(definition(Term::ChosenParameter));
    connect(m_chart, &CurveChart::dragStarted, this, &SweepView::dragStarted);
    connect(m_chart, &CurveChart::asked, this, &SweepView::asked);
    connect(m_chart, &CurveChart::dragEnded, this, &SweepView::dragEnded);
    connect(m_groups, &QCheckBox::toggled, this, &SweepView::showSweep);
    for (const auto signal : {&Session::documentChanged, &Session::choicesChanged,
                              &Session::accuracyChanged, &Session::sweepChanged})
        connect(&session, signal, this, &SweepView::showSweep);
    connect(&session.jobs(), &JobRunner::cancelled, this, &SweepView::showSweep);
    connect(&session.jobs(), &JobRunner::idle, this, &SweepView::showSweep);
    showSweep();
}

QString SweepView::hint() const
{
    const Snapshot& now = m_session.snapshot();
    if (!now.hasCounts())
        return {};
    if (!now.document->hasData())
        return m_session.isReadingData()
                   ? QString()
                   : tr("With data (File > Add data), accuracy is plotted against this parameter.");
    if (m_session.isSweeping())
        return tr("Sweeping the parameter\u2026");
    return tr("The parameter was not swept. Change any setting to begin anew.");
}

void SweepView::showSweep()
{
    const Snapshot& now = m_session.snapshot();
    const bool takesOne =
        now.hasCounts() && sweepKey(now.choices, now.document->head->norms).has_value();
    setVisible(takesOne);
    if (!takesOne)
        return;
    const bool there = now.sweep && now.hasData();
    m_chart->setVisible(there);
    m_groups->setVisible(there);
    m_words->setText(there ? sweepSummary(now) : hint());
    m_words->setVisible(!m_words->text().isEmpty());
    m_chart->setData(curveChartData(now, m_groups->isChecked() ? CurveLines::WithGroups
                                                               : CurveLines::ClassMean));
}

} // namespace monotail
