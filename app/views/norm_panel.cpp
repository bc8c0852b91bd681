// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/norm_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QToolBar>
#include <QVBoxLayout>
#include <algorithm>

#include "charts/before_after_chart.h"
#include "charts/norm_chart.h"
#include "models/chart_data.h"
#include "session/session.h"
#include "views/chart_links.h"
#include "views/hint_stack.h"
#include "words/terms.h"

namespace monotail {

NormPanel::NormPanel(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_trained(new QWidget(this)),
      m_trainedWords(new QLabel(this)), m_words(new QLabel(this)), m_axis(new QComboBox(this)),
      m_kind(new QComboBox(this)), m_showBias(new QCheckBox(tr("&Biases"), this)),
      m_chart(new NormChart(this)), m_bias(new BeforeAfterChart(this))
{
    build();
    connectChart();
    connectSession();
    showDocument();
}

void NormPanel::build()
{
    m_axis->addItem(tr("by frequency rank"), static_cast<int>(XAxis::Position));
    m_axis->addItem(tr("by log frequency"), static_cast<int>(XAxis::LogFrequency));
    m_axis->setToolTip(definition(Term::FrequencyRank));
    m_axis->setAccessibleName(tr("Horizontal axis"));
    m_axis->setObjectName(QStringLiteral("axis"));
    m_kind->addItem(tr("Weight norms"), static_cast<int>(NormKind::Rows));
    m_kind->addItem(tr("Norms of centred rows"), static_cast<int>(NormKind::Centred));
    m_kind->setToolTip(definition(Term::WeightNorm) + QLatin1Char('\n') +
                       definition(Term::CentredNorm));
    m_kind->setAccessibleName(tr("What is plotted"));
    m_kind->setObjectName(QStringLiteral("kind"));
    m_showBias->setToolTip(definition(Term::Bias));
    m_showBias->setObjectName(QStringLiteral("showBias"));
    m_words->setWordWrap(true);
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_words->setToolTip(definition(Term::Pava) + QLatin1Char('\n') + definition(Term::Block));
    m_words->setObjectName(QStringLiteral("diagnosis"));

    auto* bar = new QToolBar(this);
    bar->addWidget(m_kind);
    bar->addWidget(m_axis);
    bar->addWidget(m_showBias);
    bar->addSeparator();
    bar->addActions(m_chart->zoomActions());
    auto* charts = new QSplitter(Qt::Vertical, this);
    charts->addWidget(m_chart);
    charts->addWidget(m_bias);
    charts->setStretchFactor(0, 3);
    charts->setStretchFactor(1, 1);
    charts->setChildrenCollapsible(false);
    m_bias->hide();
    m_chart->setAccessibleName(tr("Norm chart"));
    m_bias->setAccessibleName(tr("Bias chart"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 2, 6, 2);
    layout->setSpacing(2);
    layout->addWidget(bar);
    layout->addWidget(buildTrained());
    layout->addWidget(m_words);
    layout->addWidget(charts, 1);
}

QWidget* NormPanel::buildTrained()
{
    auto* back = new QPushButton(tr("Back to the checkpoint's head"), m_trained);
    back->setObjectName(QStringLiteral("ownHead"));
    back->setToolTip(tr("Everything is about the head in the file again; the run stays."));
    connect(back, &QPushButton::clicked, &m_session, [this] { m_session.useHead(0); });
    m_trainedWords->setObjectName(QStringLiteral("trainedHead"));
    m_trainedWords->setTextFormat(Qt::PlainText);
    QFont bold = m_trainedWords->font();
    bold.setBold(true);
    m_trainedWords->setFont(bold);
    auto* row = new QHBoxLayout(m_trained);
    row->setContentsMargins({});
    row->addWidget(m_trainedWords);
    row->addWidget(back);
    row->addStretch(1);
    return m_trained;
}

void NormPanel::connectChart()
{
    linkChart(*m_chart, m_session);
    linkChart(*m_bias, m_session);
    linkRanges(*m_chart, *m_bias);
    connect(m_chart, &NormChart::blockPicked, this,
            [this](int block, Pick pick) { selectBlock(block, static_cast<int>(pick)); });
    connect(m_chart, &NormChart::levelDragStarted, &m_session, &Session::beginGesture);
    connect(m_chart, &NormChart::levelDragged, this, &NormPanel::dragLevel);
    connect(m_chart, &NormChart::levelDragEnded, &m_session, &Session::endGesture);
    connect(m_axis, &QComboBox::currentIndexChanged, this, [this] {
        const auto axis = static_cast<XAxis>(m_axis->currentData().toInt());
        m_chart->setXAxis(axis);
        m_bias->setXAxis(axis);
    });
    connect(m_kind, &QComboBox::currentIndexChanged, this, &NormPanel::showChoices);
    connect(m_showBias, &QCheckBox::toggled, this, [this](bool show) {
        m_bias->setVisible(show);
        showChoices();
    });
}

void NormPanel::connectSession()
{
    connect(&m_session, &Session::documentChanged, this, &NormPanel::showDocument);
    connect(&m_session, &Session::choicesChanged, this, &NormPanel::showChoices);
}

void NormPanel::showDocument()
{
    const Snapshot& now = m_session.snapshot();
    const bool trained = now.hasHead() && now.document->own;
    m_trained->setVisible(trained);
    if (trained)
        m_trainedWords->setText(tr("The head is that of %1.").arg(now.document->headLabel));
    const bool bias = now.hasHead() && now.document->head->hasBias();
    m_showBias->setEnabled(bias);
    if (!bias)
        m_showBias->setChecked(false);
    m_axis->setEnabled(now.hasCounts());
    m_kind->setEnabled(now.hasCounts());
    if (!now.hasCounts()) {
        m_axis->setCurrentIndex(0);
        m_kind->setCurrentIndex(0);
    }
    showChoices();
}

void NormPanel::showChoices()
{
    const Snapshot& now = m_session.snapshot();
    m_chart->setData(normChartData(now, static_cast<NormKind>(m_kind->currentData().toInt())));
    if (!m_bias->isHidden())
        m_bias->setData(biasChartData(now));
    QString words;
    if (now.hasCounts())
        words = tr("PAVA: %1").arg(QString::fromStdString(describeBlocks(*now.profile)));
    else if (now.hasHead())
        words = tr("These are the weight norms in class order. Add the training counts (File > Add "
                   "training counts) to see them by class frequency.");
    else if (now.hasFile())
        words = missingHead(m_session);
    if (now.hasHead() && now.document->head->source.kind == HeadKind::Cosine)
        words.prepend(tr("These norms have no effect: a cosine head brings its rows to length 1 "
                         "before it uses them. "));
    m_words->setText(words);
}

void NormPanel::selectBlock(int block, int pick)
{
    const Snapshot& now = m_session.snapshot();
    if (!now.hasCounts() || block < 0 ||
        static_cast<std::size_t>(block) >= now.profile->fit.blocks.size())
        return;
    const Block& range = now.profile->fit.blocks[static_cast<std::size_t>(block)];
    const auto& order = now.profile->fit.order;
    const std::vector<std::int64_t> classes(order.begin() +
                                                static_cast<std::ptrdiff_t>(range.begin),
                                            order.begin() + static_cast<std::ptrdiff_t>(range.end));
    Q_EMIT m_chart->picked(classes, static_cast<Pick>(pick));
}

void NormPanel::dragLevel(int block, double level)
{
    const Snapshot& now = m_session.snapshot();
    if (!now.hasCounts() || block < 0 ||
        static_cast<std::size_t>(block) >= now.profile->fit.blocks.size())
        return;
    const auto& norms = now.document->head->norms;
    const double most = 100 * *std::max_element(norms.begin(), norms.end());
    level = std::min(level, most); // far beyond it float32 ends
    Choices choices = now.choices;
    choices.method = MethodKind::Scales;
    choices.manual = now.rescaling->scale;
    const Block& range = now.profile->fit.blocks[static_cast<std::size_t>(block)];
    for (std::size_t rank = range.begin; rank < range.end; ++rank) {
        const auto c = static_cast<std::size_t>(now.profile->fit.order[rank]);
        choices.manual[c] = norms[c] > 0 ? level / norms[c] : 1;
    }
    m_session.change(choices, tr("drag a block to %1").arg(level, 0, 'f', 3));
}

} // namespace monotail
