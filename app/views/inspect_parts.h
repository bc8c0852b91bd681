// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QAbstractItemModel;
class QLabel;
class QObject;
class QSortFilterProxyModel;
class QTableView;
class QWidget;

/// What the parts of the inspect panel are made of.
namespace monotail {

/// Wrapped, selectable text without markup: names come from the file.
QLabel* makeText(QWidget* parent, const QString& name);
QTableView* makeTable(QWidget* parent, QAbstractItemModel* model, const QString& name);
/// The rows of which the searched text holds what is searched for.
QSortFilterProxyModel* makeSearched(QAbstractItemModel* model, QObject* parent);

} // namespace monotail
