// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/method_panel.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QRadioButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "session/session.h"
#include "views/calm_wheel.h"
#include "views/parameter_editor.h"
#include "views/sweep_view.h"
#include "words/terms.h"
#include "words/words.h"

namespace monotail {

namespace {

struct MethodEntry
{
    MethodKind kind;
    Term term;
};

constexpr MethodEntry methods[] = {{MethodKind::None, Term::NoMethod},
                                   {MethodKind::Samn, Term::SamnProjection},
                                   {MethodKind::Tau, Term::Tau},
                                   {MethodKind::MaxNorm, Term::MaxNorm},
                                   {MethodKind::LogitAdjust, Term::LogitAdjustment},
                                   {MethodKind::EqualNorms, Term::EqualNorms},
                                   {MethodKind::Scales, Term::Manual}};

constexpr int mostImages = 1'000'000;
constexpr int customGroups = 2; // after the two presets

Term termOf(MethodKind kind)
{
    for (const MethodEntry& entry : methods)
        if (entry.kind == kind)
            return entry.term;
    return Term::NoMethod;
}

/// Four figures of a norm.
int decimalsFor(double norm)
{
    return norm > 0 ? std::clamp(3 - static_cast<int>(std::floor(std::log10(norm))), 0, 40) : 3;
}

QSpinBox* imagesBox(QWidget* parent, const QString& name)
{
    auto* box = new QSpinBox(parent);
    box->setRange(0, mostImages);
    box->setGroupSeparatorShown(true);
    box->setKeyboardTracking(false);
    box->setAccessibleName(name);
    return box;
}

} // namespace

MethodPanel::MethodPanel(Session& session, QWidget* parent) : QWidget(parent), m_session(session)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 4, 6, 4);
    layout->addWidget(buildMethods());
    layout->addWidget(buildFit());
    layout->addWidget(buildGroups());
    layout->addStretch(1);
    new CalmWheel(*this);
    connect(&session, &Session::documentChanged, this, &MethodPanel::showDocument);
    connect(&session, &Session::choicesChanged, this, &MethodPanel::showChoices);
    showDocument();
}

QWidget* MethodPanel::buildMethods()
{
    auto* box = new QGroupBox(tr("Method"), this);
    auto* layout = new QVBoxLayout(box);
    layout->setSpacing(2);
    m_only = new QLabel(tr("Norms have no effect in this head (cosine): only logit adjustment "
                           "changes what it predicts."),
                        box);
    m_only->setObjectName(QStringLiteral("onlyAdjustment"));
    m_only->setWordWrap(true);
    layout->addWidget(m_only);
    m_methods = new QButtonGroup(this);
    for (const MethodEntry& entry : methods) {
        auto* button = new QRadioButton(methodName(entry.kind), box);
        button->setToolTip(definition(entry.term));
        m_methods->addButton(button, static_cast<int>(entry.kind));
        layout->addWidget(button);
    }
    connect(m_methods, &QButtonGroup::idClicked, this,
            [this](int id) { chooseMethod(static_cast<MethodKind>(id)); });
    m_parameter = new ParameterEditor(box);
    m_parameter->setObjectName(QStringLiteral("parameter"));
    layout->addWidget(m_parameter);
    connect(m_parameter, &ParameterEditor::dragStarted, &m_session, &Session::beginGesture);
    connect(m_parameter, &ParameterEditor::dragEnded, &m_session, &Session::endGesture);
    connect(m_parameter, &ParameterEditor::changed, this, &MethodPanel::changeParameter);
    m_sweep = new SweepView(m_session, box);
    layout->addWidget(m_sweep);
    connect(m_sweep, &SweepView::dragStarted, &m_session, &Session::beginGesture);
    connect(m_sweep, &SweepView::dragEnded, &m_session, &Session::endGesture);
    connect(m_sweep, &SweepView::asked, this,
            [this](double value) { changeParameter(m_parameter->rounded(value)); });
    m_help = new QLabel(box);
    m_help->setWordWrap(true);
    QFont small = m_help->font();
    small.setPointSizeF(small.pointSizeF() * 0.9);
    m_help->setFont(small);
    layout->addWidget(m_help);
    m_bias = addCombo(box, QStringLiteral("bias"), definition(Term::Bias));
    m_bias->addItem(tr("Keep the bias"), static_cast<int>(BiasRule::Keep));
    m_bias->addItem(tr("Drop the bias"), static_cast<int>(BiasRule::Drop));
    layout->addWidget(m_bias);
    return box;
}

QWidget* MethodPanel::buildFit()
{
    auto* box = new QGroupBox(tr("PAVA fit"), this);
    auto* form = new QFormLayout(box);
    m_direction = addCombo(box, QStringLiteral("direction"), definition(Term::Direction));
    m_direction->addItem(tr("rarer never smaller"), static_cast<int>(Direction::TailHigh));
    m_direction->addItem(tr("rarer never larger"), static_cast<int>(Direction::HeadHigh));
    m_ties = addCombo(box, QStringLiteral("ties"), definition(Term::Ties));
    m_ties->addItem(tr("averaged"), static_cast<int>(Ties::Average));
    m_ties->addItem(tr("in class order"), static_cast<int>(Ties::ClassOrder));
    m_weights = addCombo(box, QStringLiteral("weights"), definition(Term::FitWeights));
    m_weights->addItem(tr("uniform"), static_cast<int>(FitWeights::Uniform));
    m_weights->addItem(tr("training images"), static_cast<int>(FitWeights::Count));
    form->addRow(tr("&Direction"), m_direction);
    form->addRow(tr("&Ties"), m_ties);
    form->addRow(tr("&Weights"), m_weights);
    return box;
}

QWidget* MethodPanel::buildGroups()
{
    auto* box = new QGroupBox(tr("Groups by training images n"), this);
    auto* form = new QFormLayout(box);
    m_groups = new QComboBox(box);
    m_groups->setObjectName(QStringLiteral("groups"));
    m_groups->setToolTip(definition(Term::Groups));
    m_groups->addItem(tr("Kang: few n < 20"), QStringLiteral("kang"));
    m_groups->addItem(tr("SAMN code: few n \u2264 20"), QStringLiteral("samn"));
    m_groups->addItem(tr("Own bounds"), QStringLiteral("custom"));
    m_many = imagesBox(box, tr("Many-shot: more images than"));
    m_few = imagesBox(box, tr("Few-shot: fewer images than"));
    m_many->setToolTip(definition(Term::Many));
    m_few->setToolTip(definition(Term::Few));
    form->addRow(tr("&Preset"), m_groups);
    form->addRow(tr("&Many: n >"), m_many);
    form->addRow(tr("&Few: n <"), m_few);
    connect(m_groups, &QComboBox::activated, this, &MethodPanel::chooseGroups);
    for (QSpinBox* bound : {m_many, m_few})
        connect(bound, &QSpinBox::valueChanged, this, [this, bound] { changeBounds(bound); });
    return box;
}

QComboBox* MethodPanel::addCombo(QWidget* parent, const QString& name, const QString& toolTip)
{
    auto* combo = new QComboBox(parent);
    combo->setObjectName(name);
    combo->setToolTip(toolTip);
    combo->setAccessibleName(toolTip.section(QLatin1Char(':'), 0, 0));
    connect(combo, &QComboBox::activated, this, &MethodPanel::changeFit);
    return combo;
}

void MethodPanel::showDocument()
{
    const Snapshot& now = m_session.snapshot();
    const bool cosine = now.hasHead() && now.document->head->source.kind == HeadKind::Cosine;
    m_only->setVisible(cosine);
    setEnabled(now.hasCounts());
    if (now.hasCounts()) {
        for (const MethodEntry& entry : methods)
            m_methods->button(static_cast<int>(entry.kind))
                ->setEnabled(!cosine || entry.kind == MethodKind::None ||
                             entry.kind == MethodKind::LogitAdjust);
        m_bias->setVisible(now.profile->hasBias);
    }
    showChoices();
}

void MethodPanel::showChoices()
{
    const Choices& choices = m_session.snapshot().choices;
    m_methods->button(static_cast<int>(choices.method))->setChecked(true);
    m_help->setText(definition(termOf(choices.method)));
    showParameter(choices);
    const auto select = [](QComboBox* combo, auto value) {
        combo->setCurrentIndex(combo->findData(static_cast<int>(value)));
    };
    select(m_bias, choices.bias);
    select(m_direction, choices.direction);
    select(m_ties, choices.ties);
    select(m_weights, choices.weights);
    const QSignalBlocker quietMany(m_many), quietFew(m_few);
    m_groups->setCurrentIndex(
        std::max(0, m_groups->findData(QString::fromStdString(choices.groups.preset))));
    m_many->setValue(static_cast<int>(choices.groups.many));
    m_few->setValue(
        static_cast<int>(choices.groups.few + (choices.groups.fewIncludesBound ? 1 : 0)));
}

void MethodPanel::showParameter(const Choices& choices)
{
    const Snapshot& now = m_session.snapshot();
    const bool takesOne = choices.method == MethodKind::Tau ||
                          choices.method == MethodKind::MaxNorm ||
                          choices.method == MethodKind::LogitAdjust;
    m_parameter->setVisible(takesOne);
    if (!takesOne || !now.hasCounts())
        return;
    const std::vector<double>& norms = now.document->head->norms;
    const double most = *std::max_element(norms.begin(), norms.end());
    if (choices.method == MethodKind::MaxNorm)
        m_parameter->setRange(most / 1000, most * 1.05, most / 1000, decimalsFor(most));
    else
        m_parameter->setRange(0, 2, 0.01, 2);
    m_parameter->setLabel(choices.method == MethodKind::MaxNorm ? tr("&Radius") : tr("&Tau"),
                          definition(termOf(choices.method)));
    m_parameter->setValue(methodOf(choices, choices.method, norms).parameter);
}

void MethodPanel::chooseMethod(MethodKind kind)
{
    const Snapshot& now = m_session.snapshot();
    Choices choices = now.choices;
    choices.method = kind;
    if (kind == MethodKind::Scales && choices.manual.empty())
        choices.manual = now.rescaling->scale;
    m_session.change(choices, methodName(kind));
}

void MethodPanel::changeParameter(double value)
{
    Choices choices = m_session.snapshot().choices;
    if (choices.method == MethodKind::Tau)
        choices.tau = value;
    else if (choices.method == MethodKind::MaxNorm)
        choices.radius = value;
    else
        choices.adjustment = value;
    m_session.change(choices, tr("%1 %2").arg(methodName(choices.method)).arg(value));
}

void MethodPanel::changeFit()
{
    Choices choices = m_session.snapshot().choices;
    choices.bias = static_cast<BiasRule>(m_bias->currentData().toInt());
    choices.direction = static_cast<Direction>(m_direction->currentData().toInt());
    choices.ties = static_cast<Ties>(m_ties->currentData().toInt());
    choices.weights = static_cast<FitWeights>(m_weights->currentData().toInt());
    m_session.change(choices, choices.bias != m_session.snapshot().choices.bias
                                  ? m_bias->currentText()
                                  : tr("PAVA fit: %1").arg(fitText(choices)));
}

void MethodPanel::chooseGroups()
{
    if (m_groups->currentIndex() == customGroups)
        return changeBounds(m_few);
    setGroups(parseShotRule(m_groups->currentData().toString().toStdString()));
}

void MethodPanel::changeBounds(const QSpinBox* touched)
{
    std::int64_t many = m_many->value();
    std::int64_t few = m_few->value();
    // No class is both: the bound that was not touched gives way.
    if (touched == m_few)
        many = std::max(many, few - 1);
    else
        few = std::min(few, many + 1);
    setGroups({"custom", many, few, false});
}

void MethodPanel::setGroups(const ShotRule& rule)
{
    Choices choices = m_session.snapshot().choices;
    choices.groups = rule;
    m_session.change(choices, tr("groups %1").arg(QString::fromStdString(describe(rule))));
}

} // namespace monotail
