// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QSlider;

namespace monotail {

class Session;

/// The test prior: from head-heavy over uniform to tail-heavy, and the accuracy under it.
class PriorEditor : public QWidget
{
    Q_OBJECT

public:
    explicit PriorEditor(Session& session, QWidget* parent = nullptr);

private:
    void showPrior();

    Session& m_session;
    QSlider* m_slider;
    QLabel* m_words;
};

} // namespace monotail
