// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QDoubleSpinBox;
class QLabel;
class QSlider;

namespace monotail {

/// One number by slider and by spin box. A drag of the slider is bracketed by dragStarted() and
/// dragEnded().
class ParameterEditor : public QWidget
{
    Q_OBJECT

public:
    explicit ParameterEditor(QWidget* parent = nullptr);

    void setRange(double least, double most, double step, int decimals);
    void setLabel(const QString& label, const QString& toolTip);
    void setValue(double value); ///< without a signal
    double value() const;
    double rounded(double value) const; ///< to a value the slider has

Q_SIGNALS:
    void dragStarted();
    void changed(double value);
    void dragEnded();

private:
    int position(double value) const;

    QLabel* m_label;
    QSlider* m_slider;
    QDoubleSpinBox* m_box;
    double m_least = 0, m_step = 1;
};

} // namespace monotail
