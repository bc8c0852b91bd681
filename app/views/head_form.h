// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "session/head_query.h"

class QComboBox;
class QDoubleSpinBox;
class QFormLayout;

namespace monotail {

/// How a head is to be read, where the user knows better than the file tells.
class HeadForm : public QWidget
{
    Q_OBJECT

public:
    explicit HeadForm(QWidget* parent = nullptr);

    /// `used` is the head in use; null if there is none.
    void setSubject(const std::optional<HeadSubject>& subject, const HeadCandidate* used);

Q_SIGNALS:
    /// By the user, with all that is asked for.
    void changed(const monotail::HeadQuery& query);

private:
    QComboBox* addCombo(const QString& name, const QString& title, const QString& help);
    void addFactor();
    void nameFound(const HeadCandidate* found);
    void take();

    QFormLayout* m_form;
    QComboBox* m_kind;
    QComboBox* m_rows;
    QComboBox* m_background;
    QDoubleSpinBox* m_factor;
    HeadQuery m_query; ///< what is asked for now, with the head's name
    std::int64_t m_storedRows = 0;
    double m_shownFactor = 0; ///< rounded to what the box shows
};

} // namespace monotail
