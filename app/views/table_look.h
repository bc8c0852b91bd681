// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QTableView;

/// What the tables of the window have in common.
namespace monotail {

/// Read-only, whole rows, no grid and no row numbers.
void lookLikeATable(QTableView* view);
/// Rows and columns as the font and the first rows need them.
void fitTable(QTableView* view);
/// A column at most so many characters wide; the rest is in the tooltip.
void limitColumn(QTableView* view, int column, int characters);
/// The row that is selected where one can be; -1 if none is.
int selectedRow(const QTableView* view);
/// As high as so many rows, at most `most` of them; for small tables in a form.
void fitHeight(QTableView* view, int rows, int most);

} // namespace monotail
