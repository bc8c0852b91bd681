// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/parameter_editor.h"

#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <cmath>

namespace monotail {

ParameterEditor::ParameterEditor(QWidget* parent)
    : QWidget(parent), m_label(new QLabel(this)), m_slider(new QSlider(Qt::Horizontal, this)),
      m_box(new QDoubleSpinBox(this))
{
    m_label->setBuddy(m_box);
    m_box->setKeyboardTracking(false); // "0.75" is one change, not three
    m_slider->setObjectName(QStringLiteral("slider"));
    m_box->setObjectName(QStringLiteral("box"));
    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_label, 0, 0);
    layout->addWidget(m_box, 0, 1);
    layout->addWidget(m_slider, 1, 0, 1, 2);
    connect(m_slider, &QSlider::sliderPressed, this, &ParameterEditor::dragStarted);
    connect(m_slider, &QSlider::sliderReleased, this, &ParameterEditor::dragEnded);
    connect(m_slider, &QSlider::valueChanged, this, [this](int position) {
        const QSignalBlocker quiet(m_box);
        m_box->setValue(m_least + position * m_step);
        Q_EMIT changed(m_box->value());
    });
    connect(m_box, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        const QSignalBlocker quiet(m_slider);
        m_slider->setValue(position(value));
        Q_EMIT changed(value);
    });
}

void ParameterEditor::setRange(double least, double most, double step, int decimals)
{
    const QSignalBlocker quietSlider(m_slider), quietBox(m_box);
    m_least = least;
    m_step = step;
    m_box->setDecimals(decimals);
    m_box->setSingleStep(step);
    m_box->setRange(least, most);
    m_slider->setRange(0, position(most));
    m_slider->setPageStep(std::max(1, m_slider->maximum() / 20));
}

void ParameterEditor::setLabel(const QString& label, const QString& toolTip)
{
    m_label->setText(label);
    for (QWidget* widget : {static_cast<QWidget*>(m_label), static_cast<QWidget*>(m_slider),
                            static_cast<QWidget*>(m_box)})
        widget->setToolTip(toolTip);
    QString plain = label;
    plain.remove(QLatin1Char('&'));
    m_slider->setAccessibleName(plain);
    m_box->setAccessibleName(plain);
}

void ParameterEditor::setValue(double value)
{
    const QSignalBlocker quietSlider(m_slider), quietBox(m_box);
    m_box->setValue(value);
    if (!m_slider->isSliderDown()) // the hand leads
        m_slider->setValue(position(value));
}

double ParameterEditor::value() const
{
    return m_box->value();
}

double ParameterEditor::rounded(double value) const
{
    const double scale = std::pow(10.0, m_box->decimals());
    return std::round((m_least + position(value) * m_step) * scale) / scale;
}

int ParameterEditor::position(double value) const
{
    return static_cast<int>(std::lround((value - m_least) / m_step));
}

} // namespace monotail
