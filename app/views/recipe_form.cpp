// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/recipe_form.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSpinBox>

#include "base/text.h"
#include "retrain/hyperparameters.h"
#include "words/words.h"

namespace monotail {

namespace {

constexpr int leastCharacters = 12;

/// In a narrow dock the entries are cut, not the window widened.
QComboBox* narrowBox(QWidget* parent)
{
    auto* box = new QComboBox(parent);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(leastCharacters);
    return box;
}

} // namespace

RecipeForm::RecipeForm(QWidget* parent)
    : QWidget(parent), m_form(new QFormLayout(this)), m_preset(narrowBox(this))
{
    m_form->setContentsMargins({});
    m_form->setVerticalSpacing(3);
    m_form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    addPresets();
    addAxes();
    addConstraint();
    addThen();
    addNumbers();
    addTraining();
    setRecipe(presetNamed("ce+samn").recipe);
}

void RecipeForm::addPresets()
{
    m_preset->setObjectName(QStringLiteral("preset"));
    m_preset->setAccessibleName(tr("Preset"));
    for (const Preset& preset : presets()) {
        m_preset->addItem(QString::fromStdString(preset.title));
        m_preset->setItemData(m_preset->count() - 1, wrapped(presetWords(preset)),
                              Qt::ToolTipRole);
    }
    m_preset->addItem(tr("your own"));
    connect(m_preset, &QComboBox::activated, this, &RecipeForm::choosePreset);
    m_form->addRow(tr("&Preset"), m_preset);
}

void RecipeForm::addAxis(const QString& label, const char* name, const QString& tip, Axis axis)
{
    axis.box = narrowBox(this);
    axis.box->setObjectName(QLatin1String(name));
    QString plain = label;
    axis.box->setAccessibleName(plain.remove(QLatin1Char('&')));
    for (const AxisWord& word : axis.words) {
        axis.box->addItem(word.name);
        axis.box->setItemData(axis.box->count() - 1, wrapped(word.meaning), Qt::ToolTipRole);
    }
    connect(axis.box, &QComboBox::activated, this, [this, set = axis.set](int index) {
        change([&](Recipe& recipe) { set(recipe, static_cast<std::size_t>(index)); });
    });
    m_form->addRow(label, axis.box);
    explain(axis.box, tip);
    m_axes.push_back(std::move(axis));
}

/// The word beside a field is explained as the field is.
void RecipeForm::explain(QWidget* field, const QString& tip)
{
    field->setToolTip(wrapped(tip));
    if (QWidget* label = m_form->labelForField(field))
        label->setToolTip(wrapped(tip));
}

void RecipeForm::choosePreset(int index)
{
    const auto at = static_cast<std::size_t>(index);
    if (at >= presets().size())
        return refresh(); // "your own" is what a recipe becomes
    const Preset& preset = presets()[at];
    Recipe recipe = m_head ? presetRecipe(preset, *m_head) : preset.recipe;
    recipe.seed = m_recipe.seed;
    recipe.precision = m_recipe.precision;
    setRecipe(recipe);
    Q_EMIT edited();
}

void RecipeForm::setHead(const std::shared_ptr<const ClassifierHead>& head)
{
    m_head = head;
}

void RecipeForm::setRecipe(const Recipe& recipe)
{
    if (recipe == m_recipe && !m_base.preset.empty())
        return;
    m_recipe = recipe;
    m_constraint = constraintOf(recipe);
    if (!recipe.preset.empty())
        m_base = recipe;
    for (const Number& number : m_numbers)
        number.edit->setText(QString::fromStdString(toText(number.get(m_recipe))));
    refresh();
}

void RecipeForm::change(const std::function<void(Recipe&)>& how)
{
    Recipe changed = m_recipe;
    how(changed);
    m_recipe = refined(m_base, changed);
    refresh();
    Q_EMIT edited();
}

void RecipeForm::refresh()
{
    const auto known = std::find_if(presets().begin(), presets().end(), [&](const Preset& one) {
        return one.name == m_recipe.preset;
    });
    m_preset->setCurrentIndex(static_cast<int>(known - presets().begin()));
    for (const Axis& axis : m_axes) {
        axis.box->setCurrentIndex(static_cast<int>(axis.get(m_recipe)));
        m_form->setRowVisible(axis.box, !axis.shown || axis.shown(m_recipe));
    }
    for (const Number& number : m_numbers) {
        const bool shown = number.shown(m_recipe);
        m_form->setRowVisible(number.edit, shown);
        const auto text = parseDouble(number.edit->text().toStdString());
        if (text != number.get(m_recipe) && (!shown || !number.edit->hasFocus()))
            number.edit->setText(QString::fromStdString(toText(number.get(m_recipe))));
    }
    for (const Whole& whole : m_wholes) {
        const QSignalBlocker quiet(whole.box);
        whole.box->setValue(m_recipe.*whole.at);
        m_form->setRowVisible(whole.box, whole.shown(m_recipe));
    }
    const QSignalBlocker quiet(m_seed);
    m_seed->setValue(static_cast<int>(m_recipe.seed));
    showTips();
}

/// Boxes that are closed tell what they say now.
void RecipeForm::showTips()
{
    const bool own = m_recipe.preset.empty();
    m_preset->setToolTip(
        own ? wrapped(tr("Published settings, each with its source. This recipe is none of them."))
            : wrapped(presetWords(presetNamed(m_recipe.preset))));
    for (const Axis& axis : m_axes)
        axis.box->setStatusTip(axis.words[axis.get(m_recipe)].meaning);
}

QString RecipeForm::problem() const
{
    for (const Number& number : m_numbers)
        if (number.shown(m_recipe) && !parseDouble(number.edit->text().toStdString()))
            return tr("%1: \"%2\" is not a number. Write it like 0.1 or 5e-4.")
                .arg(number.label, number.edit->text());
    return {};
}

} // namespace monotail
