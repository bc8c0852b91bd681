// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QGroupBox>
#include <array>

#include "session/export_plan.h"

class QButtonGroup;
class QLabel;
class QRadioButton;

namespace monotail {

/// Which kind of file is written; each with what it is, or why it is impossible.
class ExportFormatBox : public QGroupBox
{
    Q_OBJECT

public:
    explicit ExportFormatBox(QWidget* parent = nullptr);

    ExportFormat format() const;
    /// Null: not known yet. A format that has become impossible gives way to the automatic one.
    void setPlan(const ExportPlan* plan);

Q_SIGNALS:
    void changed();

private:
    void showFormat(ExportFormat format, const ExportPlan* plan);

    QButtonGroup* m_group;
    std::array<QRadioButton*, exportFormats> m_buttons = {};
    std::array<QLabel*, exportFormats> m_sentences = {};
};

} // namespace monotail
