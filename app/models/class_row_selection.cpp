// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/class_row_selection.h"

#include <QScopedValueRollback>
#include <algorithm>

namespace monotail {

namespace {

/// As few ranges as there are stretches of neighbouring rows. `rows` ascend.
QItemSelection stretches(const ClassModel& model, const std::vector<int>& rows)
{
    QItemSelection selection;
    const int last = model.columnCount() - 1;
    for (std::size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
        for (end = begin + 1; end < rows.size() && rows[end] == rows[end - 1] + 1;)
            ++end;
        selection.append(
            QItemSelectionRange(model.index(rows[begin], 0), model.index(rows[end - 1], last)));
    }
    return selection;
}

std::vector<int> rowsOf(const QItemSelection& selection)
{
    std::vector<int> rows;
    for (const QItemSelectionRange& range : selection)
        for (int row = range.top(); range.isValid() && row <= range.bottom(); ++row)
            rows.push_back(row);
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

} // namespace

ClassRowSelection::ClassRowSelection(ClassModel& model, ClassSelection& classes, QObject* parent)
    : QItemSelectionModel(&model, parent), m_classModel(model), m_classes(classes)
{
    connect(&model, &ClassModel::layoutChanged, this, &ClassRowSelection::pull);
    connect(&model, &ClassModel::modelReset, this, &ClassRowSelection::pull);
    connect(&classes, &ClassSelection::changed, this, [this] {
        if (m_busy)
            return;
        pull();
        const std::vector<int> selected = rows();
        Q_EMIT selectedElsewhere(selected.empty() ? -1 : selected.front());
    });
    pull();
}

void ClassRowSelection::select(const QItemSelection& selection, SelectionFlags command)
{
    QItemSelectionModel::select(selection, command);
    if (!m_busy && command != NoUpdate)
        push(!command.testFlag(Clear));
}

void ClassRowSelection::reset()
{
    const QScopedValueRollback busy(m_busy, true);
    QItemSelectionModel::reset();
}

std::vector<int> ClassRowSelection::rows() const
{
    return rowsOf(selection());
}

void ClassRowSelection::push(bool keepHidden)
{
    std::vector<std::int64_t> classes;
    for (const int row : rows())
        classes.push_back(m_classModel.classAt(row));
    for (const std::int64_t c : m_classes.classes())
        if (keepHidden && m_classModel.rowOf(c) < 0)
            classes.push_back(c);
    const QScopedValueRollback busy(m_busy, true);
    m_classes.set(std::move(classes));
}

void ClassRowSelection::pull()
{
    std::vector<int> wanted;
    for (const std::int64_t c : m_classes.classes())
        if (const int row = m_classModel.rowOf(c); row >= 0)
            wanted.push_back(row);
    std::sort(wanted.begin(), wanted.end());
    if (wanted == rows())
        return;
    const QScopedValueRollback busy(m_busy, true);
    // Emptied first: Qt compares every old range with every new one otherwise.
    clearSelection();
    select(stretches(m_classModel, wanted), Select);
}

} // namespace monotail
