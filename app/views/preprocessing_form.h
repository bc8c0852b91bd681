// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "extract/image_options.h"

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLineEdit;
class QSpinBox;

namespace monotail {

/// Every value of the preprocessing, by preset and one by one.
class PreprocessingForm : public QWidget
{
    Q_OBJECT

public:
    explicit PreprocessingForm(QWidget* parent = nullptr);

    /// What the widgets say. Throws Error for numbers that are none, or make no sense.
    PreprocessingEdits edits() const;
    /// Without a signal. No preset is shown until this was called or the user chose one.
    void setValues(const Preprocessing& preprocessing);
    bool hasValues() const;

Q_SIGNALS:
    void edited(); ///< by the user

private:
    void addPreset(QFormLayout* form);
    void addSizes(QFormLayout* form);
    void addNumbers(QFormLayout* form);
    void takePreset(const QString& name);
    void take();

    bool m_isQuiet = false; ///< the widgets are being set, not edited
    QComboBox* m_preset;
    QSpinBox* m_resize;
    QSpinBox* m_crop;
    QComboBox* m_filter;
    QLineEdit* m_mean;
    QLineEdit* m_deviation;
    QCheckBox* m_flip;
};

} // namespace monotail
