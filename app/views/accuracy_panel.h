// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;

namespace monotail {

class GroupChart;
class PriorEditor;
class Session;

/// Overall and group accuracies before and after, with what was gained and lost.
class AccuracyPanel : public QWidget
{
    Q_OBJECT

public:
    explicit AccuracyPanel(Session& session, QWidget* parent = nullptr);

    GroupChart& chart() const { return *m_chart; }

private:
    void showAccuracy();
    void showCalibration();
    QString summary() const;
    QString harm() const;

    Session& m_session;
    QLabel* m_summary;
    QLabel* m_harm;
    GroupChart* m_chart;
    PriorEditor* m_prior;
    QLabel* m_calibration;
};

} // namespace monotail
