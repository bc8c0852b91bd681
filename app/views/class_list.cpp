// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/class_list.h"

#include <QAction>
#include <QEvent>
#include <QHeaderView>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <numeric>

#include "views/class_filter_bar.h"
#include "views/copy.h"
#include "views/hint_stack.h"
#include "views/table_look.h"

namespace monotail {

namespace {

constexpr int widestName = 24; // characters

} // namespace

ClassList::ClassList(Session& session, const QString& name, QWidget* parent)
    : QWidget(parent), m_session(session), m_model(new ClassModel(this)),
      m_rows(new ClassRowSelection(*m_model, session.selection(), this)),
      m_bar(new ClassFilterBar(this)), m_view(new QTableView(this)),
      m_table(new HintStack(m_view, this))
{
    m_view->setAccessibleName(name);
    layOut();
    addActions();
    connectAll();
}

void ClassList::layOut()
{
    m_view->setModel(m_model);
    const QItemSelectionModel* own = m_view->selectionModel();
    m_view->setSelectionModel(m_rows);
    delete own;
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    lookLikeATable(m_view);
    m_view->horizontalHeader()->setSortIndicatorShown(true);
    m_view->horizontalHeader()->setSectionsClickable(true);
    m_view->horizontalHeader()->setSectionsMovable(true); // what matters, next to the names

    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_bar);
    layout->addWidget(m_table, 1);
}

void ClassList::addActions()
{
    const auto add = [this](const QString& text, auto work) {
        auto* action = new QAction(text, m_view);
        connect(action, &QAction::triggered, this, work);
        m_view->addAction(action);
        return action;
    };
    QAction* copy = add(tr("Copy"), [this] { copyText(tabSeparated(copied())); });
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    add(tr("Copy as Markdown"), [this] { copyTable(copied(), TableFormat::Markdown); });
    add(tr("Copy as LaTeX"), [this] { copyTable(copied(), TableFormat::Latex); });
    add(tr("Copy as CSV"), [this] { copyTable(copied(), TableFormat::Csv); });
    add(tr("Save All Classes as CSV..."), [this] { Q_EMIT saveAsked(); });
    add(tr("Select All Shown"), [this] { m_view->selectAll(); });
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
}

void ClassList::connectAll()
{
    connect(m_bar, &ClassFilterBar::changed, this, &ClassList::takeSelection);
    connect(m_bar, &ClassFilterBar::largestFirstAsked, this, [this](bool largestFirst) {
        if (largestFirst)
            return showLargestFirst();
        m_model->setOrder(ClassOrder());
        showOrder();
        m_view->scrollToTop();
    });
    connect(m_view->horizontalHeader(), &QHeaderView::sortIndicatorChanged, this,
            [this](int column, Qt::SortOrder direction) {
                m_model->sort(column, direction);
                showOrder();
            });
    connect(m_model, &ClassModel::modelReset, this, &ClassList::fitToFont);
    connect(&m_session.selection(), &ClassSelection::changed, this, &ClassList::showCounts);
    connect(m_rows, &ClassRowSelection::selectedElsewhere, this, [this] {
        if (m_bar->selectedOnly())
            takeSelection();
        reveal();
    });
}

void ClassList::setRows(const Snapshot& snapshot, std::vector<ClassRow> rows,
                        std::vector<ClassColumn> columns)
{
    const QSignalBlocker quiet(m_bar);
    m_bar->showState(snapshot);
    m_model->setRows(std::move(rows), std::move(columns));
    applyFilter();
    showOrder();
}

void ClassList::showLargestFirst()
{
    m_model->setOrder({ClassColumn::Change, Qt::DescendingOrder, SortBy::Magnitude});
    showOrder();
    m_view->scrollToTop();
}

void ClassList::takeSelection()
{
    m_only.reset();
    if (m_bar->selectedOnly())
        m_only = m_session.selection().classes();
    applyFilter();
}

void ClassList::applyFilter()
{
    ClassFilter filter = m_bar->filter();
    filter.only = m_only;
    m_model->setFilter(filter);
    showHints();
    showCounts();
}

void ClassList::showHints()
{
    if (m_model->rowCount() > 0)
        m_table->setHint({});
    else if (m_only && m_only->empty())
        m_table->setHint(tr("No class is selected."));
    else
        m_table->setHint(tr("No class passes the filter."));
}

void ClassList::showOrder()
{
    const ClassOrder order = m_model->order();
    m_bar->setLargestFirst(order.by == SortBy::Magnitude);
    const QSignalBlocker quiet(m_view->horizontalHeader());
    const int column = m_model->columnOf(order.column);
    m_view->horizontalHeader()->setSortIndicator(column, order.direction);
    if (column >= 0) // room for the arrow, which fitToFont() leaves out
        m_view->setColumnWidth(column,
                               std::max(m_view->columnWidth(column),
                                        m_view->horizontalHeader()->sectionSizeHint(column)));
}

void ClassList::showCounts()
{
    m_bar->setCounts(static_cast<std::size_t>(m_model->rowCount()),
                     static_cast<std::size_t>(m_model->classes()),
                     m_session.selection().classes().size());
}

void ClassList::fitToFont()
{
    // Room for the arrow in every column would take as much as five columns.
    m_view->horizontalHeader()->setSortIndicatorShown(false);
    fitTable(m_view);
    m_view->horizontalHeader()->setSortIndicatorShown(true);
    if (const int name = m_model->columnOf(ClassColumn::Name); name >= 0)
        limitColumn(m_view, name, widestName);
    showOrder();
}

void ClassList::reveal()
{
    const std::vector<int> rows = m_rows->rows();
    if (rows.empty())
        return;
    QScrollBar* sideways = m_view->horizontalScrollBar();
    const int x = sideways->value();
    const QModelIndex first = m_model->index(rows.front(), 0);
    m_rows->setCurrentIndex(first, QItemSelectionModel::NoUpdate);
    m_view->scrollTo(first);
    sideways->setValue(x);
}

Table ClassList::copied() const
{
    std::vector<int> rows = m_rows->rows();
    if (rows.empty()) {
        rows.resize(static_cast<std::size_t>(m_model->rowCount()));
        std::iota(rows.begin(), rows.end(), 0);
    }
    return m_model->table(rows);
}

void ClassList::focusFilter()
{
    m_bar->focusText();
}

void ClassList::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fitToFont();
}

} // namespace monotail
