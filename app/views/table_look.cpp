// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/table_look.h"

#include <QHeaderView>
#include <QScrollBar>
#include <QTableView>
#include <algorithm>

namespace monotail {

namespace {

constexpr int measuredRows = 50; // columns are as wide as these need; all would be slow
constexpr int rowPadding = 6;    // pixels

bool isStretched(const QTableView* view, int column)
{
    const QHeaderView* header = view->horizontalHeader();
    return header->stretchLastSection() && column == header->count() - 1;
}

} // namespace

void lookLikeATable(QTableView* view)
{
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view->setAlternatingRowColors(true);
    view->setShowGrid(false);
    view->setWordWrap(false);
    view->setTabKeyNavigation(false); // Tab leaves the table
    view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    view->verticalHeader()->hide();
    view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    view->horizontalHeader()->setHighlightSections(false);
    view->horizontalHeader()->setResizeContentsPrecision(measuredRows);
    view->verticalHeader()->setMinimumSectionSize(1);
    fitTable(view);
}

void fitTable(QTableView* view)
{
    view->verticalHeader()->setDefaultSectionSize(view->fontMetrics().height() + rowPadding);
    view->resizeColumnsToContents();
    const int padding = view->fontMetrics().averageCharWidth();
    for (int column = 0; column < view->horizontalHeader()->count(); ++column)
        if (!isStretched(view, column))
            view->setColumnWidth(column, view->columnWidth(column) + padding);
}

void limitColumn(QTableView* view, int column, int characters)
{
    if (isStretched(view, column))
        return;
    const int widest = view->fontMetrics().averageCharWidth() * characters;
    view->setColumnWidth(column, std::min(view->columnWidth(column), widest));
}

int selectedRow(const QTableView* view)
{
    const QModelIndexList rows = view->selectionModel()->selectedRows();
    return rows.isEmpty() ? -1 : rows.front().row();
}

void fitHeight(QTableView* view, int rows, int most)
{
    const int bar = view->horizontalScrollBar()->sizeHint().height();
    view->setFixedHeight(view->horizontalHeader()->sizeHint().height() +
                         std::clamp(rows, 1, most) * view->verticalHeader()->defaultSectionSize() +
                         2 * view->frameWidth() + bar);
}

} // namespace monotail
