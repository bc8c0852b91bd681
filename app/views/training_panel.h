// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QComboBox;
class QLabel;
class QSlider;
class QTimer;
class QToolButton;

namespace monotail {

class CurveChart;
class HintStack;
class NormChart;
class Session;
struct KeptRun;

/// A run as it was trained, or is being trained: norms by epoch, loss and accuracy.
class TrainingPanel : public QWidget
{
    Q_OBJECT

public:
    explicit TrainingPanel(Session& session, QWidget* parent = nullptr);

    void showRun(int number);
    NormChart& normChart() const { return *m_norms; }
    CurveChart& curveChart() const { return *m_curve; }

private:
    QWidget* buildBar();
    void nameCurve();
    void connectAll();
    const KeptRun* run() const;
    std::size_t epoch() const;
    void follow();
    void fillRuns();
    void refresh();
    void showEpoch();
    void showCurve();
    void play(bool on);
    void step();

    Session& m_session;
    QComboBox* m_runs;
    QComboBox* m_space;
    QToolButton* m_play;
    QSlider* m_epoch;
    QLabel* m_epochWords;
    QComboBox* m_kind; ///< of curve
    NormChart* m_norms;
    CurveChart* m_curve;
    QLabel* m_noCurve;
    HintStack* m_all;
    QTimer* m_timer;
    int m_newest = 0;    ///< the newest run that began; it is shown when it does
    bool m_atEnd = true; ///< the slider stays at the newest epoch
};

} // namespace monotail
