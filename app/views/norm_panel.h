// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;

namespace monotail {

class BeforeAfterChart;
class NormChart;
class Session;

/// The heart: norms before and after against frequency, with the pooled blocks; the biases below
/// along the same x if wanted.
class NormPanel : public QWidget
{
    Q_OBJECT

public:
    explicit NormPanel(Session& session, QWidget* parent = nullptr);

    NormChart& chart() const { return *m_chart; }

private:
    void build();
    QWidget* buildTrained();
    void connectSession();
    void connectChart();
    void showDocument();
    void showChoices();
    void dragLevel(int block, double level);
    void selectBlock(int block, int pick);

    Session& m_session;
    QWidget* m_trained; ///< shown while the head is that of a run
    QLabel* m_trainedWords;
    QLabel* m_words;
    QComboBox* m_axis;
    QComboBox* m_kind;
    QCheckBox* m_showBias;
    NormChart* m_chart;
    BeforeAfterChart* m_bias;
};

} // namespace monotail
