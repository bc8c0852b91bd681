// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/retrain_panel.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSpinBox>

#include "base/text.h"
#include "retrain/hyperparameters.h"
#include "session/session.h"
#include "session/training.h"
#include "views/calm_wheel.h"
#include "views/recipe_form.h"
#include "words/words.h"

namespace monotail {

namespace {

constexpr int mostSeeds = 100;
constexpr int progressSteps = 1000;

QLabel* wordsOf(QWidget* parent, const char* name)
{
    auto* label = new QLabel(parent);
    label->setObjectName(QLatin1String(name));
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

RetrainPanel::RetrainPanel(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_form(new RecipeForm(this))
{
    auto* sources = new TrainingSourcesBox(session, this);
    auto* forms = new QWidget(this);
    auto* column = new QVBoxLayout(forms);
    column->setContentsMargins(6, 4, 6, 4);
    column->addWidget(sources);
    column->addWidget(buildRecipe());
    column->addWidget(buildRuns());
    column->addStretch(1);
    auto* area = new QScrollArea(this);
    area->setWidget(forms);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setMinimumWidth(forms->minimumSizeHint().width() + 24);
    auto* layout = new QVBoxLayout(this); // what starts it stays in sight
    layout->setContentsMargins(0, 0, 0, 4);
    layout->addWidget(area, 1);
    layout->addWidget(buildStart());
    new CalmWheel(*forms);
    Training& training = session.training();
    connect(sources, &TrainingSourcesBox::asked, this, &RetrainPanel::sourceAsked);
    connect(m_form, &RecipeForm::edited, this, &RetrainPanel::takePlan);
    connect(&session, &Session::documentChanged, this, &RetrainPanel::showDocument);
    connect(&training, &Training::planChanged, this, &RetrainPanel::showPlan);
    connect(&training, &Training::runsChanged, this, &RetrainPanel::showState);
    connect(&session.jobs(), &JobRunner::progressed, this, &RetrainPanel::showProgress);
    showDocument();
}

QWidget* RetrainPanel::buildRecipe()
{
    auto* box = new QGroupBox(tr("Recipe"), this);
    auto* layout = new QVBoxLayout(box);
    layout->addWidget(m_form);
    return box;
}

QWidget* RetrainPanel::buildRuns()
{
    auto* box = new QGroupBox(tr("Runs"), this);
    auto* form = new QFormLayout(box);
    form->setVerticalSpacing(3);
    m_seeds = new QSpinBox(box);
    m_seeds->setObjectName(QStringLiteral("seeds"));
    m_seeds->setAccessibleName(tr("Seeds"));
    m_seeds->setRange(1, mostSeeds);
    m_parameter = new QComboBox(box);
    m_parameter->setObjectName(QStringLiteral("sweepParameter"));
    m_parameter->setAccessibleName(tr("Number to sweep"));
    m_parameter->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_parameter->setMinimumContentsLength(12);
    m_values = new QLineEdit(box);
    m_values->setObjectName(QStringLiteral("sweepValues"));
    m_values->setAccessibleName(tr("Values of the sweep"));
    m_values->setPlaceholderText(QStringLiteral("0.0001,0.001,0.01"));
    const std::tuple<QString, QWidget*, QString> rows[] = {
        {tr("Seeds"), m_seeds,
         tr("So many runs of this recipe, with seed, seed + 1 and so on. The table of runs has "
            "their mean and deviation.")},
        {tr("Sweep"), m_parameter,
         tr("A run for every value of one number of the recipe: how much hangs on it.")},
        {tr("Values"), m_values,
         tr("Values with commas between, or first:last:step, such as 0:0.5:0.1.")}};
    for (const auto& [title, field, tip] : rows) {
        form->addRow(title, field);
        field->setToolTip(wrapped(tip));
        form->labelForField(field)->setToolTip(wrapped(tip));
    }
    connect(m_seeds, &QSpinBox::valueChanged, this, &RetrainPanel::takePlan);
    connect(m_parameter, &QComboBox::activated, this, &RetrainPanel::takePlan);
    connect(m_values, &QLineEdit::textEdited, this, &RetrainPanel::takePlan);
    return box;
}

QWidget* RetrainPanel::buildStart()
{
    auto* box = new QWidget(this);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(6, 0, 6, 0);
    layout->setSpacing(3);
    m_problem = wordsOf(box, "trainingProblem");
    m_notes = wordsOf(box, "trainingNotes");
    m_start = new QPushButton(tr("Start"), box);
    m_start->setObjectName(QStringLiteral("startTraining"));
    m_cancel = new QPushButton(tr("Cancel"), box);
    m_cancel->setObjectName(QStringLiteral("cancelTraining"));
    m_cancel->setToolTip(wrapped(tr("Stops the run that is under way and those that wait. Runs "
                                    "that are finished stay.")));
    m_progress = new QProgressBar(box);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress of the run"));
    m_left = wordsOf(box, "trainingLeft");
    m_left->setMinimumHeight(2 * m_left->fontMetrics().lineSpacing());
    m_left->setAlignment(Qt::AlignTop);
    for (QWidget* below : {static_cast<QWidget*>(m_progress), static_cast<QWidget*>(m_left)}) {
        QSizePolicy keeps = below->sizePolicy(); // the buttons stay where they are
        keeps.setRetainSizeWhenHidden(true);
        below->setSizePolicy(keeps);
    }
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_start, 1);
    buttons->addWidget(m_cancel);
    layout->addWidget(m_problem);
    layout->addWidget(m_notes);
    layout->addLayout(buttons);
    layout->addWidget(m_progress);
    layout->addWidget(m_left);
    connect(m_start, &QPushButton::clicked, this, &RetrainPanel::start);
    connect(m_cancel, &QPushButton::clicked, &m_session.training(), &Training::cancelAll);
    return box;
}

void RetrainPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_session.training().setWanted(true);
}

void RetrainPanel::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_session.training().setWanted(false);
}

void RetrainPanel::showDocument()
{
    const auto own = ownOf(m_session.snapshot().document);
    m_form->setHead(own ? own->head : nullptr);
    m_form->setEnabled(own && own->head);
    showPlan();
}

void RetrainPanel::takePlan()
{
    TrainingPlan plan = m_session.training().plan();
    plan.recipe = m_form->recipe();
    plan.seeds = m_seeds->value();
    const std::string parameter = m_parameter->currentData().toString().toStdString();
    plan.sweep =
        parameter.empty() ? "" : message("{}:{}", parameter, m_values->text().toStdString());
    if (plan == m_session.training().plan())
        return showPlan(); // a number that cannot be read changes no plan
    m_session.training().setPlan(plan);
}

void RetrainPanel::showPlan()
{
    const TrainingPlan& plan = m_session.training().plan();
    m_form->setRecipe(plan.recipe);
    const QSignalBlocker quiet(m_seeds);
    m_seeds->setValue(plan.seeds);
    showSweep();
    showState();
}

/// Only numbers that have an effect can be swept; one that had it and lost it stays, and is
/// refused.
void RetrainPanel::showSweep()
{
    const TrainingPlan& plan = m_session.training().plan();
    const std::string chosen = plan.sweep.substr(0, plan.sweep.find(':'));
    m_parameter->clear();
    m_parameter->addItem(tr("nothing"), QString());
    for (const Hyperparameter& one : hyperparameters()) {
        const std::string name(one.name);
        if (name != chosen && !hasEffect(plan.recipe, name))
            continue;
        m_parameter->addItem(hyperparameterWord(name).name, QString::fromStdString(name));
        if (name == chosen)
            m_parameter->setCurrentIndex(m_parameter->count() - 1);
    }
    m_values->setEnabled(!chosen.empty());
    const auto colon = plan.sweep.find(':');
    const std::string values = colon == std::string::npos ? "" : plan.sweep.substr(colon + 1);
    if (!m_values->hasFocus() || chosen.empty())
        m_values->setText(QString::fromStdString(values));
}

QString RetrainPanel::queueText() const
{
    const Training& training = m_session.training();
    const KeptRun* run = training.running();
    if (!run)
        return {};
    QString text = tr("%1: epoch %2 of %3.")
                       .arg(runLabel(*run))
                       .arg(std::max<std::size_t>(run->epochs.size(), 1) - 1)
                       .arg(run->recipe.epochs);
    text[0] = text[0].toUpper();
    if (const int waiting = training.waiting(); waiting > 0)
        text += waiting == 1 ? tr(" 1 more run waits.") : tr(" %1 more runs wait.").arg(waiting);
    return text;
}

void RetrainPanel::showState()
{
    const Training& training = m_session.training();
    const QString unread = m_form->problem();
    const QString problem = unread.isEmpty() ? training.refusal() : unread;
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    QStringList notes;
    for (const std::string& warning : training.warnings())
        notes << QStringLiteral("\u26a0 ") + inWindow(warning);
    m_notes->setText(notes.join(QLatin1Char('\n')));
    m_notes->setVisible(!notes.isEmpty());
    m_start->setEnabled(problem.isEmpty());
    const bool runs = training.running() != nullptr;
    m_start->setText(runs ? tr("Add to the queue") : tr("Start"));
    m_start->setToolTip(problem.isEmpty()
                            ? wrapped(tr("Trains on cached features, in the background: one run "
                                         "after the other."))
                            : wrapped(problem));
    m_cancel->setEnabled(runs || training.waiting() > 0);
    m_progress->setVisible(runs);
    m_left->setVisible(runs);
    m_left->setText(queueText());
}

void RetrainPanel::showProgress(const QString& title, qint64 done, qint64 total)
{
    const KeptRun* run = m_session.training().running();
    if (!run || !title.endsWith(runLabel(*run)))
        return;
    if (std::exchange(m_timed, title) != title)
        m_pace = {};
    const auto pace = m_pace.at(done, total);
    m_progress->setRange(0, total > 0 ? progressSteps : 0);
    if (total > 0)
        m_progress->setValue(static_cast<int>(progressSteps * done / total));
    QString text = queueText();
    if (pace)
        text += tr(" %1 left.").arg(QString::fromStdString(clockText(pace->secondsLeft)));
    m_left->setText(text);
}

void RetrainPanel::start()
{
    m_session.training().start();
    Q_EMIT started();
}

} // namespace monotail
