// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QItemSelectionModel>

#include "models/class_model.h"
#include "session/selection.h"

namespace monotail {

/// The rows of the class table that are selected, kept the same as the classes selected everywhere.
/// What the filter hides stays selected until a click replaces the selection.
class ClassRowSelection : public QItemSelectionModel
{
    Q_OBJECT

public:
    ClassRowSelection(ClassModel& model, ClassSelection& classes, QObject* parent = nullptr);

    using QItemSelectionModel::select;
    void select(const QItemSelection& selection, SelectionFlags command) override;
    void reset() override;
    /// Rows of the table that are selected, from top to bottom.
    std::vector<int> rows() const;

Q_SIGNALS:
    /// Another view selected classes; `firstRow` is the topmost that is shown, -1 if none is.
    void selectedElsewhere(int firstRow);

private:
    void push(bool keepHidden);
    void pull();

    ClassModel& m_classModel;
    ClassSelection& m_classes;
    bool m_busy = false; ///< what happens is not the user's doing in this view
};

} // namespace monotail
