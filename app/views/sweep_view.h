// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QCheckBox;
class QLabel;

namespace monotail {

class CurveChart;
class Session;

/// The curve of the parameter that is chosen, with what would be chosen without looking.
class SweepView : public QWidget
{
    Q_OBJECT

public:
    explicit SweepView(Session& session, QWidget* parent = nullptr);

    CurveChart& chart() const { return *m_chart; }

Q_SIGNALS:
    void dragStarted();
    void asked(double value); ///< a click on the curve
    void dragEnded();

private:
    void showSweep();
    QString hint() const;

    Session& m_session;
    CurveChart* m_chart;
    QCheckBox* m_groups;
    QLabel* m_words;
};

} // namespace monotail
