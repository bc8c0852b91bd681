// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "models/class_order.h"
#include "session/snapshot.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QSpinBox;
class QToolButton;

namespace monotail {

/// What the class table shows: the controls above it.
class ClassFilterBar : public QWidget
{
    Q_OBJECT

public:
    explicit ClassFilterBar(QWidget* parent = nullptr);

    /// Shows the controls that mean something in this state.
    void showState(const Snapshot& snapshot);
    /// Without those that are hidden, and without `only`: see selectedOnly().
    ClassFilter filter() const;
    bool selectedOnly() const;
    void setLargestFirst(bool largestFirst);
    /// "3 of 10 classes", and how many are selected.
    void setCounts(std::size_t shown, std::size_t all, std::size_t selected);
    void focusText();

Q_SIGNALS:
    void changed();
    void largestFirstAsked(bool largestFirst);

private:
    void addControls();
    void nameControls();

    QLineEdit* m_text;
    QComboBox* m_group;
    QSpinBox* m_block;
    QComboBox* m_trend;
    QCheckBox* m_selectedOnly;
    QToolButton* m_largestFirst;
    QLabel* m_counts;
};

} // namespace monotail
