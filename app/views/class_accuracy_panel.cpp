// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/class_accuracy_panel.h"

#include <QComboBox>
#include <QLabel>
#include <QToolBar>
#include <QVBoxLayout>

#include "charts/before_after_chart.h"
#include "models/chart_data.h"
#include "session/session.h"
#include "views/chart_links.h"
#include "words/terms.h"

namespace monotail {

ClassAccuracyPanel::ClassAccuracyPanel(Session& session, SlotChart& norms, QWidget* parent)
    : QWidget(parent), m_session(session), m_view(new QComboBox(this)),
      m_order(new QComboBox(this)), m_nothing(new QLabel(this)), m_chart(new BeforeAfterChart(this))
{
    build();
    linkChart(*m_chart, session);
    connect(&norms, &SlotChart::rangeChanged, this, [this](SlotRange range) {
        if (byFrequency())
            m_chart->showRange(range);
    });
    connect(m_chart, &SlotChart::rangeChanged, this, [this, &norms](SlotRange range) {
        if (byFrequency())
            norms.showRange(range);
    });
    connect(m_view, &QComboBox::currentIndexChanged, this, [this] {
        m_chart->setView(static_cast<BeforeAfterView>(m_view->currentData().toInt()));
    });
    connect(m_order, &QComboBox::currentIndexChanged, this, [this, &norms] {
        showAccuracy();
        if (byFrequency())
            m_chart->showRange(norms.shownRange());
    });
    connect(&session, &Session::documentChanged, this, &ClassAccuracyPanel::showAccuracy);
    connect(&session, &Session::accuracyChanged, this, &ClassAccuracyPanel::showAccuracy);
    connect(&session, &Session::failed, this, &ClassAccuracyPanel::showAccuracy);
    connect(&session.jobs(), &JobRunner::cancelled, this, &ClassAccuracyPanel::showAccuracy);
    showAccuracy();
}

void ClassAccuracyPanel::build()
{
    m_view->addItem(tr("Before and after"), static_cast<int>(BeforeAfterView::Both));
    m_view->addItem(tr("Difference"), static_cast<int>(BeforeAfterView::Difference));
    m_view->setToolTip(definition(Term::Recall) + QLatin1Char('\n') + definition(Term::Change));
    m_view->setAccessibleName(tr("What is plotted"));
    m_view->setObjectName(QStringLiteral("view"));
    m_order->addItem(tr("most frequent first"), static_cast<int>(ClassOrder::Frequency));
    m_order->addItem(tr("largest change first"), static_cast<int>(ClassOrder::LargestChange));
    m_order->setToolTip(tr("Order of the classes. With the most frequent first, this chart and the "
                           "norm chart are zoomed together."));
    m_order->setAccessibleName(tr("Order of the classes"));
    m_order->setObjectName(QStringLiteral("order"));
    m_nothing->setWordWrap(true);
    m_chart->setAccessibleName(tr("Recall per class"));
    auto* bar = new QToolBar(this);
    bar->addWidget(m_view);
    bar->addWidget(m_order);
    bar->addSeparator();
    bar->addActions(m_chart->zoomActions());
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 2, 6, 2);
    layout->setSpacing(2);
    layout->addWidget(bar);
    layout->addWidget(m_nothing);
    layout->addWidget(m_chart, 1);
}

bool ClassAccuracyPanel::byFrequency() const
{
    return m_order->currentData().toInt() == static_cast<int>(ClassOrder::Frequency);
}

void ClassAccuracyPanel::showAccuracy()
{
    const Snapshot& now = m_session.snapshot();
    m_nothing->setText(m_session.isReadingData()
                           ? tr("Reading the features and scoring them\u2026")
                           : tr("No data yet. Add features and labels (File > Add data) to see how "
                                "many samples of each class are recognised."));
    m_nothing->setVisible(!now.hasData());
    m_chart->setVisible(now.hasData());
    m_chart->setData(
        accuracyChartData(now, static_cast<ClassOrder>(m_order->currentData().toInt())));
}

} // namespace monotail
