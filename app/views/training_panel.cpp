// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/training_panel.h"

#include <QComboBox>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QSplitter>
#include <QStyle>
#include <QTimer>
#include <QToolButton>

#include "charts/curve_chart.h"
#include "charts/norm_chart.h"
#include "models/training_charts.h"
#include "session/session.h"
#include "session/training.h"
#include "views/calm_wheel.h"
#include "views/chart_links.h"
#include "views/hint_stack.h"
#include "words/terms.h"
#include "words/words.h"

namespace monotail {

namespace {

constexpr int wholePlay = 4000, fastest = 40, slowest = 400; // milliseconds
constexpr int leastCurve = 120, leastBox = 70;               // pixels
enum Curve { Loss, Validation };

} // namespace

TrainingPanel::TrainingPanel(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_runs(new QComboBox(this)),
      m_space(new QComboBox(this)), m_play(new QToolButton(this)),
      m_epoch(new QSlider(Qt::Horizontal, this)), m_epochWords(new QLabel(this)),
      m_kind(new QComboBox(this)), m_norms(new NormChart(this)), m_curve(new CurveChart(this)),
      m_noCurve(new QLabel(this)), m_all(nullptr), m_timer(new QTimer(this))
{
    auto* curves = new QWidget(this);
    auto* column = new QVBoxLayout(curves);
    column->setContentsMargins({});
    column->setSpacing(2);
    column->addWidget(m_kind);
    column->addWidget(m_curve, 1);
    column->addWidget(m_noCurve, 1);
    m_curve->setMinimumHeight(leastCurve); // a low dock keeps room for the norm chart above it
    m_noCurve->setWordWrap(true);
    m_noCurve->setMargin(8);
    m_noCurve->setAlignment(Qt::AlignCenter);
    auto* charts = new QSplitter(this);
    charts->addWidget(m_norms);
    charts->addWidget(curves);
    charts->setStretchFactor(0, 3);
    charts->setStretchFactor(1, 2);
    charts->setChildrenCollapsible(false);
    m_norms->setMinimumWidth(2 * leastCurve);
    m_curve->setMinimumWidth(leastCurve);
    auto* content = new QWidget(this);
    auto* inner = new QVBoxLayout(content);
    inner->setContentsMargins(6, 2, 6, 2);
    inner->setSpacing(2);
    inner->addWidget(buildBar());
    inner->addWidget(charts, 1);
    m_all = new HintStack(content, this);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins({});
    outer->addWidget(m_all);
    nameCurve();
    new CalmWheel(*this);
    linkChart(*m_norms, session);
    connectAll();
    follow();
}

QWidget* TrainingPanel::buildBar()
{
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins({});
    m_runs->setObjectName(QStringLiteral("shownRun"));
    m_runs->setAccessibleName(tr("Run"));
    m_runs->setToolTip(tr("The run that is shown."));
    for (QComboBox* box : {m_runs, m_space, m_kind}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(6);
        box->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
        box->setMinimumWidth(leastBox);
    }
    m_space->addItem(tr("Weight norms"), static_cast<int>(NormSpace::Norms));
    m_space->addItem(tr("Raw numbers"), static_cast<int>(NormSpace::Raw));
    m_space->setObjectName(QStringLiteral("normSpace"));
    m_space->setAccessibleName(tr("What is plotted"));
    m_space->setToolTip(wrapped(
        tr("SAMN learns a raw number per class. PAVA pools these, and each pooled number becomes a "
           "norm: the larger it is, the smaller the norm. A pooled norm is not the mean of norms, "
           "so pooling is seen in raw.")));
    m_play->setIcon(style()->standardIcon(QStyle::SP_MediaPlay));
    m_play->setCheckable(true);
    m_play->setObjectName(QStringLiteral("playEpochs"));
    m_play->setAccessibleName(tr("Play the epochs"));
    m_play->setToolTip(tr("Plays the epochs from the start, or pauses."));
    m_epoch->setObjectName(QStringLiteral("epoch"));
    m_epoch->setAccessibleName(tr("Epoch"));
    m_epoch->setToolTip(tr("The epoch whose norms are shown; 0 is the initialisation."));
    m_epoch->setMinimumWidth(60);
    row->addWidget(m_runs, 2);
    row->addWidget(m_space, 2);
    row->addWidget(m_play);
    row->addWidget(m_epoch, 1);
    row->addWidget(m_epochWords);
    return bar;
}

void TrainingPanel::nameCurve()
{
    m_kind->addItem(tr("Loss"));
    m_kind->addItem(tr("Accuracy"));
    m_kind->setObjectName(QStringLiteral("curveKind"));
    m_kind->setAccessibleName(tr("Curve"));
    m_kind->setToolTip(tr("What is plotted against the epochs. A click on the curve shows that "
                          "epoch's norms."));
    m_norms->setAccessibleName(tr("Norms by epoch"));
    m_curve->setAccessibleName(tr("Curve over the epochs"));
    m_curve->setToolTip(m_kind->toolTip());
}

void TrainingPanel::connectAll()
{
    const Training& training = m_session.training();
    connect(&training, &Training::runsChanged, this, &TrainingPanel::follow);
    connect(&training, &Training::epochsChanged, this, &TrainingPanel::refresh);
    connect(&training, &Training::planChanged, this, &TrainingPanel::refresh);
    connect(&m_session, &Session::documentChanged, this, &TrainingPanel::refresh);
    connect(m_runs, &QComboBox::activated, this, [this] {
        m_atEnd = true;
        refresh();
    });
    connect(m_space, &QComboBox::activated, this, &TrainingPanel::showEpoch);
    connect(m_kind, &QComboBox::activated, this, &TrainingPanel::showCurve);
    connect(m_epoch, &QSlider::valueChanged, this, [this](int value) {
        m_atEnd = value == m_epoch->maximum();
        showEpoch();
        showCurve();
    });
    connect(m_play, &QToolButton::toggled, this, &TrainingPanel::play);
    connect(m_timer, &QTimer::timeout, this, &TrainingPanel::step);
    connect(m_curve, &CurveChart::asked, this,
            [this](double x) { m_epoch->setValue(static_cast<int>(std::lround(x))); });
}

const KeptRun* TrainingPanel::run() const
{
    return m_session.training().find(m_runs->currentData().toInt());
}

std::size_t TrainingPanel::epoch() const
{
    return static_cast<std::size_t>(m_epoch->value());
}

void TrainingPanel::showRun(int number)
{
    const int row = m_runs->findData(number);
    if (row < 0 || row == m_runs->currentIndex())
        return;
    m_runs->setCurrentIndex(row);
    m_atEnd = true;
    refresh();
}

/// A run that begins is what one wants to see.
void TrainingPanel::follow()
{
    fillRuns();
    const KeptRun* running = m_session.training().running();
    if (m_session.training().runs().empty())
        m_newest = 0;
    if (running && running->number > m_newest) {
        m_newest = running->number;
        m_runs->setCurrentIndex(m_runs->findData(running->number));
        m_atEnd = true;
    }
    refresh();
}

void TrainingPanel::fillRuns()
{
    const int shown = m_runs->currentData().toInt();
    const QSignalBlocker quiet(m_runs);
    m_runs->clear();
    for (const KeptRun& one : m_session.training().runs()) {
        if (one.state == RunState::Waiting)
            continue;
        QString label = runLabel(one);
        label[0] = label[0].toUpper();
        m_runs->addItem(label, one.number);
    }
    const int row = m_runs->findData(shown);
    m_runs->setCurrentIndex(row >= 0 ? row : m_runs->count() - 1);
}

void TrainingPanel::refresh()
{
    const KeptRun* shown = run();
    if (!shown) {
        m_timer->stop();
        return m_all->setHint(tr("No run yet. Start one in Retrain: its norms are shown here epoch "
                                 "by epoch, from the initialisation on."));
    }
    m_all->setHint(shown->epochs.empty() ? tr("%1 begins\u2026").arg(m_runs->currentText())
                                         : QString());
    const int last = std::max(static_cast<int>(shown->epochs.size()) - 1, 0);
    {
        const QSignalBlocker quiet(m_epoch);
        m_epoch->setRange(0, last);
        m_epoch->setPageStep(std::max(1, last / 10));
        if (m_atEnd && !m_timer->isActive())
            m_epoch->setValue(last);
    }
    const QSignalBlocker quiet(m_space);
    m_space->setEnabled(hasRaw(*shown));
    if (!hasRaw(*shown))
        m_space->setCurrentIndex(0);
    showEpoch();
    showCurve();
}

void TrainingPanel::showEpoch()
{
    const KeptRun* shown = run();
    const auto own = ownOf(m_session.snapshot().document);
    if (!shown || !own || !own->hasCounts())
        return;
    const auto space = static_cast<NormSpace>(m_space->currentData().toInt());
    m_norms->setData(epochNormData(*own, *shown, epoch(), space));
    m_epochWords->setText(tr("epoch %1 of %2").arg(epoch()).arg(shown->recipe.epochs));
}

void TrainingPanel::showCurve()
{
    const KeptRun* shown = run();
    if (!shown)
        return;
    const bool loss = m_kind->currentIndex() == Loss;
    const CurveChartData curve =
        loss ? lossCurve(*shown, epoch()) : validationCurve(*shown, epoch());
    m_curve->setData(curve);
    m_curve->setVisible(!curve.isEmpty());
    m_noCurve->setVisible(curve.isEmpty());
    m_noCurve->setText(loss ? tr("The loss is known after the first epoch.")
                            : tr("There are no validation data for this run: the last epoch is "
                                 "kept. Name them in Retrain to see accuracy by epoch."));
}

void TrainingPanel::play(bool on)
{
    m_play->setIcon(style()->standardIcon(on ? QStyle::SP_MediaPause : QStyle::SP_MediaPlay));
    if (!on)
        return m_timer->stop();
    if (m_epoch->value() == m_epoch->maximum())
        m_epoch->setValue(0);
    m_timer->start(std::clamp(wholePlay / std::max(m_epoch->maximum(), 1), fastest, slowest));
}

void TrainingPanel::step()
{
    if (m_epoch->value() >= m_epoch->maximum())
        return m_play->setChecked(false);
    m_epoch->setValue(m_epoch->value() + 1);
}

} // namespace monotail
