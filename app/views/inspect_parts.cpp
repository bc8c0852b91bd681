// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/inspect_parts.h"

#include <QLabel>
#include <QSortFilterProxyModel>
#include <QTableView>

#include "models/search_role.h"
#include "views/table_look.h"

namespace monotail {

QLabel* makeText(QWidget* parent, const QString& name)
{
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

QTableView* makeTable(QWidget* parent, QAbstractItemModel* model, const QString& name)
{
    auto* view = new QTableView(parent);
    view->setModel(model);
    view->setSelectionMode(QAbstractItemView::SingleSelection);
    view->setAccessibleName(name);
    view->setTextElideMode(Qt::ElideMiddle); // names differ at their ends
    lookLikeATable(view);
    return view;
}

QSortFilterProxyModel* makeSearched(QAbstractItemModel* model, QObject* parent)
{
    auto* proxy = new QSortFilterProxyModel(parent);
    proxy->setSourceModel(model);
    proxy->setFilterRole(searchRole);
    proxy->setFilterKeyColumn(0);
    proxy->setFilterCaseSensitivity(Qt::CaseInsensitive);
    return proxy;
}

} // namespace monotail
