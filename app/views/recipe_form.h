// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <functional>
#include <memory>
#include <vector>

#include "checkpoint/head.h"
#include "words/recipe_words.h"

class QComboBox;
class QFormLayout;
class QLineEdit;
class QSpinBox;

namespace monotail {

/// How a head is trained: a preset, its axes, and the numbers that have an effect with them.
class RecipeForm : public QWidget
{
    Q_OBJECT

public:
    explicit RecipeForm(QWidget* parent = nullptr);

    /// What presets take from the head; null: nothing.
    void setHead(const std::shared_ptr<const ClassifierHead>& head);
    void setRecipe(const Recipe& recipe); ///< without a signal
    const Recipe& recipe() const { return m_recipe; }
    QString problem() const; ///< a number that cannot be read, as a sentence; empty: none

Q_SIGNALS:
    void edited();

private:
    struct Axis
    {
        QComboBox* box;
        std::vector<AxisWord> words;
        std::function<std::size_t(const Recipe&)> get;
        std::function<void(Recipe&, std::size_t)> set;
        std::function<bool(const Recipe&)> shown;
    };
    struct Number
    {
        QLineEdit* edit;
        QString label;
        std::function<double(const Recipe&)> get;
        std::function<void(Recipe&, double)> set;
        std::function<bool(const Recipe&)> shown;
    };
    struct Whole
    {
        QSpinBox* box;
        int Recipe::*at;
        std::function<bool(const Recipe&)> shown;
    };

    void addPresets();
    void addAxes();
    void addConstraint();
    void addThen();
    void addNumbers();
    void addTraining();
    void addAxis(const QString& label, const char* name, const QString& tip, Axis axis);
    void addNumber(const std::string& name, Number number);
    void addNumber(const std::string& name, double Recipe::*at,
                   const std::function<bool(const Recipe&)>& shown);
    void explain(QWidget* field, const QString& tip);
    void addWhole(const QString& label, const char* name, const QString& tip, int most,
                  int Recipe::*at, std::function<bool(const Recipe&)> shown);
    void choosePreset(int index);
    void change(const std::function<void(Recipe&)>& how);
    void refresh();
    void showTips();

    std::shared_ptr<const ClassifierHead> m_head;
    Recipe m_recipe, m_base; ///< the base is what the preset chosen last said
    Constraint m_constraint = Constraint::None; ///< as chosen; its numbers may be 0 meanwhile
    QFormLayout* m_form;
    QComboBox* m_preset;
    QSpinBox* m_seed = nullptr;
    std::vector<Axis> m_axes;
    std::vector<Number> m_numbers;
    std::vector<Whole> m_wholes;
};

} // namespace monotail
