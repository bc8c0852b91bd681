// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/confusion_panel.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <algorithm>

#include "session/session.h"
#include "views/copy.h"
#include "views/hint_stack.h"
#include "views/table_look.h"
#include "words/terms.h"

namespace monotail {

namespace {

constexpr std::size_t mostPairs = 100;
constexpr int widestName = 20; // characters

} // namespace

ConfusionPanel::ConfusionPanel(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_groupModel(new TextTableModel(this)),
      m_pairModel(new TextTableModel(this))
{
    layOut();
    for (const auto signal :
         {&Session::documentChanged, &Session::choicesChanged, &Session::accuracyChanged})
        connect(&session, signal, this, &ConfusionPanel::refresh);
    connect(&session.jobs(), &JobRunner::cancelled, this, &ConfusionPanel::refresh);
    connect(m_pairs, &QTableView::clicked, this, &ConfusionPanel::selectPair);
    connect(m_pairs, &QTableView::activated, this, &ConfusionPanel::selectPair);
    connect(m_groups, &QTableView::clicked, this, &ConfusionPanel::selectGroups);
    connect(m_groups, &QTableView::activated, this, &ConfusionPanel::selectGroups);
    refresh();
}

QTableView* ConfusionPanel::addTable(TextTableModel& model, const QString& name)
{
    auto* view = new QTableView(this);
    view->setModel(&model);
    view->setSelectionMode(QAbstractItemView::SingleSelection);
    view->setAccessibleName(name);
    lookLikeATable(view);
    auto* copy = new QAction(tr("Copy as CSV"), view);
    connect(copy, &QAction::triggered, this,
            [&model] { copyTable(model.table().table, TableFormat::Csv); });
    view->addAction(copy);
    view->setContextMenuPolicy(Qt::ActionsContextMenu);
    return view;
}

void ConfusionPanel::layOut()
{
    m_groups = addTable(*m_groupModel, tr("Confusion of groups"));
    m_groups->setSelectionBehavior(QAbstractItemView::SelectItems);
    m_pairs = addTable(*m_pairModel, tr("Pairs of classes confused most"));
    auto* content = new QWidget(this);
    auto* columns = new QHBoxLayout(content);
    const auto addColumn = [&](const QString& title, QTableView* view, int stretch) {
        auto* column = new QVBoxLayout;
        auto* label = new QLabel(title, content);
        label->setWordWrap(true);
        label->setToolTip(definition(Term::Confusion));
        column->addWidget(label);
        column->addWidget(view, 1);
        columns->addLayout(column, stretch);
    };
    addColumn(tr("Groups, before \u2192 after: percent of the true group, and samples; a click "
                 "shows them"),
              m_groups, 0);
    addColumn(tr("Classes confused most; a click selects both and shows the samples"), m_pairs, 1);
    m_all = new HintStack(content, this);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins({});
    outer->addWidget(m_all);
}

QString ConfusionPanel::hint() const
{
    const Snapshot& now = m_session.snapshot();
    if (const QString missing = missingHead(m_session); !missing.isEmpty())
        return missing;
    if (now.hasData())
        return {};
    if (m_session.isReadingData() || (now.document && now.document->hasData()))
        return tr("Reading the features and scoring them\u2026");
    return tr("No data yet. Add features and labels (File > Add data) to see which classes are "
              "taken for which.");
}

void ConfusionPanel::refresh()
{
    m_all->setHint(hint());
    if (!isVisible() || !m_session.snapshot().hasData())
        return;
    m_groupModel->setTable(groupConfusionText(m_session.snapshot()));
    fitGroups();
    refreshPairs();
}

/// Only of what has come to rest: sorting them takes longer than a frame has.
void ConfusionPanel::refreshPairs()
{
    const auto& live = m_session.snapshot().accuracy;
    if (live == m_shownPairs || !live->settled)
        return;
    m_shownPairs = live;
    ConfusedPairs pairs = confusedPairs(m_session.snapshot(), mostPairs);
    m_classes = std::move(pairs.classes);
    m_pairModel->setTable(std::move(pairs.text));
    fitTable(m_pairs);
    for (const int column : {0, 1})
        limitColumn(m_pairs, column, widestName);
}

void ConfusionPanel::selectPair()
{
    const int row = selectedRow(m_pairs);
    if (row < 0 || static_cast<std::size_t>(row) >= m_classes.size())
        return; // the others
    const auto& [truth, predicted] = m_classes[static_cast<std::size_t>(row)];
    m_session.showCell(cellOf(m_session.snapshot(), truth, predicted));
    Q_EMIT samplesAsked();
}

void ConfusionPanel::selectGroups(const QModelIndex& cell)
{
    if (!m_session.snapshot().hasData() || !cell.isValid() || cell.column() == 0)
        return;
    // Two rows for each true group, and after its name a column for each group predicted.
    const SampleCell groups = groupCellOf(m_session.snapshot(), static_cast<Shot>(cell.row() / 2),
                                          static_cast<Shot>(cell.column() - 1));
    if (groups.truth.empty() || groups.takenFor.empty())
        return; // a group without classes
    m_session.showCell(groups);
    Q_EMIT samplesAsked();
}

/// All of it is in sight; the pairs get what is left.
void ConfusionPanel::fitGroups()
{
    fitTable(m_groups);
    m_groups->setFixedWidth(m_groups->horizontalHeader()->length() + 2 * m_groups->frameWidth() +
                            2);
}

void ConfusionPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

void ConfusionPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (!m_all || (event->type() != QEvent::FontChange && event->type() != QEvent::StyleChange))
        return;
    fitGroups();
    fitTable(m_pairs);
}

} // namespace monotail
