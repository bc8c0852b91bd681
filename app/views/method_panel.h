// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QButtonGroup;
class QComboBox;
class QGroupBox;
class QLabel;
class QSpinBox;

namespace monotail {

class ParameterEditor;
class SweepView;
class Session;
struct Choices;
struct ShotRule;
enum class MethodKind;

/// What is done to the head, how the fit is made and what the groups are: every choice the user
/// has, live and undoable.
class MethodPanel : public QWidget
{
    Q_OBJECT

public:
    explicit MethodPanel(Session& session, QWidget* parent = nullptr);

    SweepView& sweep() const { return *m_sweep; }

private:
    QWidget* buildMethods();
    QWidget* buildFit();
    QWidget* buildGroups();
    QComboBox* addCombo(QWidget* parent, const QString& name, const QString& toolTip);
    void showDocument();
    void showChoices();
    void showParameter(const Choices& choices);
    void chooseMethod(MethodKind kind);
    void changeParameter(double value);
    void changeFit();
    void chooseGroups();
    void changeBounds(const QSpinBox* touched);
    void setGroups(const ShotRule& rule);

    Session& m_session;
    QLabel* m_only; ///< why most methods are disabled
    QButtonGroup* m_methods;
    ParameterEditor* m_parameter;
    SweepView* m_sweep;
    QLabel* m_help;
    QComboBox* m_bias;
    QComboBox* m_direction;
    QComboBox* m_ties;
    QComboBox* m_weights;
    QComboBox* m_groups;
    QSpinBox* m_many;
    QSpinBox* m_few;
};

} // namespace monotail
