// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/prior_editor.h"

#include <QGridLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <cmath>

#include "models/accuracy_words.h"
#include "session/session.h"
#include "views/calm_wheel.h"
#include "words/terms.h"

namespace monotail {

namespace {

constexpr int steps = 20; // from uniform to either end

double strengthAt(int position)
{
    return -static_cast<double>(position) / steps;
}

} // namespace

PriorEditor::PriorEditor(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_slider(new QSlider(Qt::Horizontal, this)),
      m_words(new QLabel(this))
{
    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setVerticalSpacing(1);
    auto* name = new QLabel(tr("Test &prior"), this);
    name->setBuddy(m_slider);
    layout->addWidget(name, 0, 0);
    layout->addWidget(m_slider, 0, 1, 1, 3);
    const auto addEnd = [&](const QString& text, int column, Qt::Alignment alignment) {
        auto* label = new QLabel(text, this);
        QFont small = label->font();
        small.setPointSizeF(small.pointSizeF() * 0.9);
        label->setFont(small);
        layout->addWidget(label, 1, column, alignment);
    };
    addEnd(tr("head-heavy"), 1, Qt::AlignLeft);
    addEnd(tr("uniform"), 2, Qt::AlignHCenter);
    addEnd(tr("tail-heavy"), 3, Qt::AlignRight);
    layout->addWidget(m_words, 2, 0, 1, 4);
    for (const int column : {1, 2, 3})
        layout->setColumnStretch(column, 1);
    m_slider->setRange(-steps, steps);
    m_slider->setPageStep(steps / 4);
    m_slider->setTickPosition(QSlider::TicksBelow);
    m_slider->setTickInterval(steps);
    m_slider->setObjectName(QStringLiteral("prior"));
    m_slider->setAccessibleName(tr("Test prior"));
    m_words->setObjectName(QStringLiteral("priorWords"));
    m_words->setWordWrap(true);
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    for (QWidget* widget : {static_cast<QWidget*>(name), static_cast<QWidget*>(m_slider),
                            static_cast<QWidget*>(m_words)})
        widget->setToolTip(definition(Term::TestPrior));
    new CalmWheel(*this);
    connect(m_slider, &QSlider::sliderPressed, &session, &Session::beginGesture);
    connect(m_slider, &QSlider::sliderReleased, &session, &Session::endGesture);
    connect(m_slider, &QSlider::valueChanged, this, [this](int position) {
        Choices choices = m_session.snapshot().choices;
        choices.testPrior = strengthAt(position);
        m_session.change(choices, priorName(choices.testPrior));
    });
    for (const auto signal : {&Session::documentChanged, &Session::choicesChanged,
                              &Session::accuracyChanged, &Session::priorChanged})
        connect(&session, signal, this, &PriorEditor::showPrior);
    showPrior();
}

void PriorEditor::showPrior()
{
    const Snapshot& now = m_session.snapshot();
    setVisible(now.hasData());
    const QSignalBlocker quiet(m_slider);
    if (!m_slider->isSliderDown()) // the hand leads
        m_slider->setValue(static_cast<int>(std::lround(-now.choices.testPrior * steps)));
    m_words->setText(priorText(now));
}

} // namespace monotail
