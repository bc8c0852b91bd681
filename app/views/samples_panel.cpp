// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/samples_panel.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QScopedValueRollback>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTableView>

#include "models/sample_model.h"
#include "models/sample_words.h"
#include "session/session.h"
#include "session/thumbnails.h"
#include "views/copy.h"
#include "views/hint_stack.h"
#include "views/sample_tiles.h"
#include "views/table_look.h"

namespace monotail {

namespace {

constexpr int widestName = 24; // characters
constexpr SampleChange changes[] = {SampleChange::All,        SampleChange::Lost,
                                    SampleChange::Gained,     SampleChange::Changed,
                                    SampleChange::StillWrong, SampleChange::Correct};
constexpr SampleOrder orders[] = {SampleOrder::File, SampleOrder::MarginAfter,
                                  SampleOrder::MarginBefore};

} // namespace

SamplesPanel::SamplesPanel(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_model(new SampleModel(this))
{
    layOut();
    connectAll();
    refresh();
}

QWidget* SamplesPanel::makeControls()
{
    auto* controls = new QWidget(this);
    m_change = new QComboBox(controls);
    m_change->setObjectName(QStringLiteral("sampleChange"));
    m_change->setAccessibleName(tr("Change"));
    QStringList explained;
    for (const SampleChange change : changes) {
        m_change->addItem(changeName(change), static_cast<int>(change));
        explained << tr("%1: %2.").arg(changeName(change), changeExplanation(change));
    }
    m_change->setToolTip(tr("Which samples are shown, by what the rescaling does to them.") +
                         QLatin1Char('\n') + explained.join(QLatin1Char('\n')));
    m_order = new QComboBox(controls);
    m_order->setObjectName(QStringLiteral("sampleOrder"));
    m_order->setAccessibleName(tr("Order"));
    m_order->setToolTip(tr("As in the file, or by the margin: the samples whose true class is "
                           "farthest behind come first."));
    for (const SampleOrder order : orders)
        m_order->addItem(orderName(order), static_cast<int>(order));
    m_asTiles = new QCheckBox(tr("&Images"), controls);
    m_asTiles->setChecked(true);
    m_summary = new QLabel(controls);
    m_summary->setObjectName(QStringLiteral("sampleSummary"));
    m_summary->setWordWrap(true);
    m_summary->setToolTip(tr("Select classes in any view, or click a cell of the confusion, to see "
                             "the samples behind them. With no class selected these are all."));
    auto* row = new QHBoxLayout(controls);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_change);
    row->addWidget(m_order);
    row->addWidget(m_asTiles);
    row->addWidget(m_summary, 1);
    return controls;
}

void SamplesPanel::addViews()
{
    m_tiles = new SampleTiles(*m_model, m_session.thumbnails(), this);
    m_tiles->setAccessibleName(tr("Samples as images"));
    m_rows = new QTableView(this);
    m_rows->setModel(m_model);
    m_rows->setSelectionMode(QAbstractItemView::SingleSelection);
    m_rows->setAccessibleName(tr("Samples as rows"));
    lookLikeATable(m_rows);
    const QItemSelectionModel* own = m_tiles->selectionModel();
    m_tiles->setSelectionModel(m_rows->selectionModel());
    delete own;
    addActions(m_tiles);
    addActions(m_rows);
    m_noImages = new QLabel(tr("These features came without their images; open the image source "
                               "instead to see them."),
                            this);
    m_noImages->setWordWrap(true);
}

void SamplesPanel::addActions(QWidget* view)
{
    addCopyActions(view, [this] { return m_model->table(); });
    auto* save = new QAction(tr("Save as CSV\u2026"), view);
    connect(save, &QAction::triggered, this, &SamplesPanel::askAndSave);
    view->addAction(save);
}

void SamplesPanel::layOut()
{
    auto* content = new QWidget(this);
    auto* inner = new QVBoxLayout(content);
    inner->setContentsMargins(6, 4, 6, 4);
    inner->setSpacing(4);
    inner->addWidget(makeControls());
    addViews();
    inner->addWidget(m_noImages);
    m_views = new QStackedWidget(this);
    m_views->addWidget(m_tiles);
    m_views->addWidget(m_rows);
    m_list = new HintStack(m_views, this);
    inner->addWidget(m_list, 1);
    m_all = new HintStack(content, this);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins({});
    outer->addWidget(m_all);
}

void SamplesPanel::connectAll()
{
    for (const auto signal : {&Session::documentChanged, &Session::accuracyChanged,
                              &Session::samplesChanged, &Session::storyChanged})
        connect(&m_session, signal, this, &SamplesPanel::refresh);
    connect(&m_session.jobs(), &JobRunner::cancelled, this, &SamplesPanel::refresh);
    connect(&m_session.jobs(), &JobRunner::idle, this, &SamplesPanel::refresh);
    connect(m_change, &QComboBox::activated, this, &SamplesPanel::chooseView);
    connect(m_order, &QComboBox::activated, this, &SamplesPanel::chooseView);
    connect(m_asTiles, &QCheckBox::toggled, this, &SamplesPanel::refresh);
    connect(m_rows->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &SamplesPanel::takeCurrent);
    for (QAbstractItemView* view :
         {static_cast<QAbstractItemView*>(m_tiles), static_cast<QAbstractItemView*>(m_rows)}) {
        connect(view, &QAbstractItemView::clicked, this, &SamplesPanel::takeCurrent);
        connect(view, &QAbstractItemView::clicked, this, &SamplesPanel::chosen);
        connect(view, &QAbstractItemView::activated, this, &SamplesPanel::chosen);
    }
}

QString SamplesPanel::hint() const
{
    const Snapshot& now = m_session.snapshot();
    if (const QString missing = missingHead(m_session); !missing.isEmpty())
        return missing;
    if (now.hasData())
        return {};
    if (m_session.isReadingData() || (now.document && now.document->hasData()))
        return tr("Reading the features and scoring them\u2026");
    return tr("No data yet. Add features and labels (File > Add data) to see the samples behind a "
              "class.");
}

void SamplesPanel::chooseView()
{
    SampleView view = m_session.snapshot().sampleView;
    view.change = static_cast<SampleChange>(m_change->currentData().toInt());
    view.order = static_cast<SampleOrder>(m_order->currentData().toInt());
    m_session.setSampleView(view);
}

void SamplesPanel::refresh()
{
    m_all->setHint(hint());
    if (!isVisible() || !m_all->hint().isEmpty())
        return;
    showControls();
    showSamples();
}

void SamplesPanel::showControls()
{
    const Snapshot& now = m_session.snapshot();
    m_change->setCurrentIndex(m_change->findData(static_cast<int>(now.sampleView.change)));
    m_order->setCurrentIndex(m_order->findData(static_cast<int>(now.sampleView.order)));
    const bool hasImages = m_session.thumbnails().hasImages();
    m_asTiles->setEnabled(hasImages);
    m_asTiles->setToolTip(hasImages ? tr("Images, or rows with numbers.")
                                    : tr("These features came without their images: rows only."));
    m_noImages->setVisible(!hasImages);
    m_views->setCurrentIndex(hasImages && m_asTiles->isChecked() ? 0 : 1);
}

void SamplesPanel::showSamples()
{
    const Snapshot& now = m_session.snapshot();
    const auto& selected = m_session.selection().classes();
    if (now.samples != m_shown) {
        m_shown = now.samples;
        const QScopedValueRollback busy(m_busy, true);
        m_model->setSamples(m_shown ? now.document : nullptr, m_shown);
        fitToFont();
        m_tiles->scrollToTop();
        m_rows->scrollToTop();
    }
    if (!m_shown) {
        m_summary->clear();
        return m_list->setHint(m_session.isPickingSamples()
                                   ? tr("Finding the samples\u2026")
                                   : tr("Cancelled. Choose a change or select classes to find "
                                        "their samples."));
    }
    m_summary->setText(samplesSummary(now, selected));
    m_list->setHint(m_shown->samples.empty() ? noSamples(now, selected) : QString());
    showCurrent();
}

/// The sample looked at stays current where it is among those shown.
void SamplesPanel::showCurrent()
{
    const auto& sample = m_session.snapshot().sample;
    const int row = sample ? m_model->rowOf(*sample) : -1;
    if (row == m_rows->currentIndex().row())
        return;
    const QScopedValueRollback busy(m_busy, true);
    if (row < 0)
        return m_rows->selectionModel()->clear();
    m_rows->selectionModel()->setCurrentIndex(
        m_model->index(row, 0), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

void SamplesPanel::takeCurrent()
{
    const QModelIndex current = m_rows->currentIndex();
    if (!m_busy && current.isValid())
        m_session.setSample(m_model->at(current.row()).sample);
}

void SamplesPanel::fitToFont()
{
    fitTable(m_rows);
    for (const SampleColumn column :
         {SampleColumn::Sample, SampleColumn::Truth, SampleColumn::Before, SampleColumn::After})
        limitColumn(m_rows, static_cast<int>(column), widestName);
}

void SamplesPanel::askAndSave()
{
    const auto target =
        askWhereToSave(this, tr("Save the Samples as CSV"), QStringLiteral("samples.csv"));
    if (!target.empty())
        saveCsv(target);
}

void SamplesPanel::saveCsv(const std::filesystem::path& target)
{
    const Snapshot& now = m_session.snapshot();
    if (!now.document)
        return;
    if (const QString problem =
            saveText(target, format(m_model->table(), TableFormat::Csv), now.document->inputs);
        !problem.isEmpty())
        Q_EMIT failed(problem);
}

void SamplesPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_session.setSamplesWanted(true);
    refresh();
}

void SamplesPanel::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_session.setSamplesWanted(false);
}

void SamplesPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (m_rows && (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange))
        fitToFont();
}

} // namespace monotail
