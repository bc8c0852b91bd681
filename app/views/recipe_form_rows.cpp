// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of the recipe form.
#include <QFormLayout>
#include <QLineEdit>
#include <QSpinBox>
#include <limits>

#include "base/text.h"
#include "retrain/hyperparameters.h"
#include "views/recipe_form.h"
#include "words/words.h"

namespace monotail {

namespace {

constexpr int mostEpochs = 100'000, mostImages = 1'000'000;

/// How an axis that is an enumeration is read and written.
template <auto member>
std::size_t indexOf(const Recipe& recipe)
{
    return static_cast<std::size_t>(recipe.*member);
}

template <auto member>
void setIndex(Recipe& recipe, std::size_t index)
{
    using Kind = std::remove_reference_t<decltype(recipe.*member)>;
    recipe.*member = static_cast<Kind>(index);
}

bool decays(Constraint constraint)
{
    return constraint == Constraint::WeightDecay || constraint == Constraint::Both;
}

bool trains(const Recipe& recipe)
{
    return recipe.epochs > 0;
}

bool smooths(const Recipe& recipe)
{
    return recipe.loss == LossKind::LabelAwareSmoothing;
}

} // namespace

void RecipeForm::addAxes()
{
    addAxis(tr("&Sampling"), "sampling", tr("Which images an epoch draws; as many as there are."),
            {nullptr, samplingWords(), indexOf<&Recipe::sampling>, setIndex<&Recipe::sampling>,
             {}});
    addAxis(tr("&Loss"), "loss", tr("What training makes small."),
            {nullptr, lossWords(), indexOf<&Recipe::loss>, setIndex<&Recipe::loss>, {}});
    addAxis(tr("&Norms"), "norms", tr("How the weight norms come about."),
            {nullptr, normWords(), indexOf<&Recipe::norms>, setIndex<&Recipe::norms>, {}});
    addAxis(tr("&Features"), "features", tr("What the head is given."),
            {nullptr, featureWords(), indexOf<&Recipe::features>, setIndex<&Recipe::features>, {}});
}

void RecipeForm::addConstraint()
{
    const auto set = [this](Recipe& recipe, std::size_t index) {
        m_constraint = static_cast<Constraint>(index);
        if (decays(m_constraint) != (recipe.weightDecay > 0))
            recipe.weightDecay = decays(m_constraint) ? presetNamed("wd").recipe.weightDecay : 0;
        if (m_constraint != Constraint::MaxNorm && m_constraint != Constraint::Both)
            recipe.maxNorm.reset();
        else if (!recipe.maxNorm)
            recipe.maxNorm = m_head ? publishedRadius(*m_head) : 1;
    };
    addAxis(
        tr("&Constraint"), "constraint", tr("What holds the weights while they are trained."),
        {nullptr, constraintWords(),
         [this](const Recipe&) { return static_cast<std::size_t>(m_constraint); }, set, {}});
    addAxis(tr("S&tart from"), "start", tr("What the head is before the first step."),
            {nullptr, startWords(), indexOf<&Recipe::start>, setIndex<&Recipe::start>, {}});
}

void RecipeForm::addThen()
{
    const auto set = [this](Recipe& recipe, std::size_t index) {
        Method method = thenMethods()[index];
        if (method.kind == recipe.afterwards.kind)
            method.parameter = recipe.afterwards.parameter;
        else if (method.kind == MethodKind::MaxNorm && m_head)
            method.parameter = publishedRadius(*m_head);
        recipe.afterwards = method;
    };
    addAxis(
        tr("T&hen"), "then", tr("What is done to the head that training chose."),
        {nullptr, thenWords(),
         [](const Recipe& recipe) { return thenIndex(recipe.afterwards); }, set, {}});
}

void RecipeForm::addNumber(const std::string& name, Number number)
{
    const AxisWord word = hyperparameterWord(name);
    number.label = word.name;
    number.label[0] = number.label[0].toUpper();
    number.edit = new QLineEdit(this);
    number.edit->setObjectName(QString::fromStdString(name));
    number.edit->setAccessibleName(word.name);
    connect(number.edit, &QLineEdit::textEdited, this, [this, set = number.set](const QString& text) {
        if (const auto value = parseDouble(text.toStdString()))
            change([&](Recipe& recipe) { set(recipe, *value); });
        else
            Q_EMIT edited(); // there is a problem now
    });
    m_form->addRow(number.label, number.edit);
    explain(number.edit, word.meaning);
    m_numbers.push_back(std::move(number));
}

void RecipeForm::addNumber(const std::string& name, double Recipe::*at,
                           const std::function<bool(const Recipe&)>& shown)
{
    addNumber(name, {nullptr, {}, [at](const Recipe& recipe) { return recipe.*at; },
                     [at](Recipe& recipe, double value) { recipe.*at = value; }, shown});
}

void RecipeForm::addNumbers()
{
    const auto then = [this](const char* name, MethodKind kind) {
        addNumber(name, {nullptr, {}, [](const Recipe& r) { return r.afterwards.parameter; },
                         [](Recipe& r, double value) { r.afterwards.parameter = value; },
                         [kind](const Recipe& r) { return r.afterwards.kind == kind; }});
    };
    addNumber("wd", &Recipe::weightDecay, [this](const Recipe&) { return decays(m_constraint); });
    addNumber("maxnorm", {nullptr, {}, [](const Recipe& r) { return r.maxNorm.value_or(0); },
                          [](Recipe& r, double value) { r.maxNorm = value; },
                          [](const Recipe& r) { return r.maxNorm.has_value(); }});
    addNumber("las-head", &Recipe::smoothHead, smooths);
    addNumber("las-tail", &Recipe::smoothTail, smooths);
    addAxis(tr("Smoothing, shape"), "lasShape",
            tr("How smoothing falls from the most frequent class to the rarest."),
            {nullptr, shapeWords(), indexOf<&Recipe::smoothShape>, setIndex<&Recipe::smoothShape>,
             smooths});
    addNumber("beta", &Recipe::beta,
              [](const Recipe& r) { return r.loss == LossKind::ClassBalanced; });
    addNumber("loss-tau", &Recipe::tau,
              [](const Recipe& r) { return r.loss == LossKind::LogitAdjust; });
    then("then-tau", MethodKind::Tau);
    then("then-maxnorm", MethodKind::MaxNorm);
    then("then-logit-adjust", MethodKind::LogitAdjust);
}

void RecipeForm::addWhole(const QString& label, const char* name, const QString& tip, int most,
                          int Recipe::*at, std::function<bool(const Recipe&)> shown)
{
    auto* box = new QSpinBox(this);
    box->setObjectName(QLatin1String(name));
    QString plain = label;
    box->setAccessibleName(plain.remove(QLatin1Char('&')));
    box->setRange(at == &Recipe::epochs ? 0 : 1, most);
    connect(box, &QSpinBox::valueChanged, this,
            [this, at](int value) { change([&](Recipe& recipe) { recipe.*at = value; }); });
    m_form->addRow(label, box);
    explain(box, tip);
    m_wholes.push_back({box, at, std::move(shown)});
}

void RecipeForm::addTraining()
{
    const auto stepped = [](const Recipe& r) {
        return trains(r) && r.schedule == RateSchedule::Step;
    };
    addWhole(tr("&Epochs"), "epochs", hyperparameterWord("epochs").meaning, mostEpochs,
             &Recipe::epochs, [](const Recipe&) { return true; });
    addNumber("lr", &Recipe::rate, trains);
    addAxis(tr("Schedule"), "schedule", tr("How the learning rate changes from epoch to epoch."),
            {nullptr, scheduleWords(), indexOf<&Recipe::schedule>, setIndex<&Recipe::schedule>,
             trains});
    addWhole(tr("Step every"), "stepEpochs", tr("So many epochs between two steps of the rate."),
             mostEpochs, &Recipe::stepEpochs, stepped);
    addNumber("step-factor", &Recipe::stepFactor, stepped);
    addNumber("momentum", &Recipe::momentum, trains);
    addWhole(tr("&Batch"), "batch", hyperparameterWord("batch").meaning, mostImages, &Recipe::batch,
             trains);
    m_seed = new QSpinBox(this);
    m_seed->setObjectName(QStringLiteral("seed"));
    m_seed->setAccessibleName(tr("Seed"));
    m_seed->setRange(0, std::numeric_limits<int>::max());
    connect(m_seed, &QSpinBox::valueChanged, this, [this](int seed) {
        change([&](Recipe& recipe) { recipe.seed = static_cast<std::uint64_t>(seed); });
    });
    m_form->addRow(tr("See&d"), m_seed);
    explain(m_seed, tr("The same seed on the same device gives the same numbers."));
    addAxis(tr("Precision"), "precision", tr("What training computes in."),
            {nullptr, precisionWords(), indexOf<&Recipe::precision>, setIndex<&Recipe::precision>,
             trains});
}

} // namespace monotail
