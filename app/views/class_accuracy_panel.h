// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QComboBox;
class QLabel;

namespace monotail {

class BeforeAfterChart;
class Session;
class SlotChart;

/// Recall per class, before and after, along the norm chart's x or by the largest change.
class ClassAccuracyPanel : public QWidget
{
    Q_OBJECT

public:
    /// `norms` is zoomed together with this while both have the same order.
    ClassAccuracyPanel(Session& session, SlotChart& norms, QWidget* parent = nullptr);

    BeforeAfterChart& chart() const { return *m_chart; }

private:
    void build();
    void showAccuracy();
    bool byFrequency() const;

    Session& m_session;
    QComboBox* m_view;
    QComboBox* m_order;
    QLabel* m_nothing;
    BeforeAfterChart* m_chart;
};

} // namespace monotail
