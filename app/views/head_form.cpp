// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/head_form.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QSignalBlocker>

#include "base/text.h"
#include "views/calm_wheel.h"
#include "words/head_words.h"
#include "words/words.h"

namespace monotail {

namespace {

constexpr int asFound = -1; // of kind and background
constexpr double largestFactor = 1e6;

template <typename Value>
int codeOf(const std::optional<Value>& value)
{
    return value ? static_cast<int>(*value) : asFound;
}

void select(QComboBox* box, int code)
{
    box->setCurrentIndex(box->findData(code));
}

QString backgroundName(BackgroundRow row)
{
    switch (row) {
    case BackgroundRow::First:
        return HeadForm::tr("first row");
    case BackgroundRow::Last:
        return HeadForm::tr("last row");
    case BackgroundRow::None:
        break;
    }
    return HeadForm::tr("none");
}

QString rowsName(Orientation orientation)
{
    return orientation == Orientation::ClassByFeature ? HeadForm::tr("one row per class")
                                                      : HeadForm::tr("one column per class");
}

QString found(const QString& what)
{
    return what.isEmpty() ? HeadForm::tr("as found") : HeadForm::tr("as found: %1").arg(what);
}

} // namespace

HeadForm::HeadForm(QWidget* parent) : QWidget(parent), m_form(new QFormLayout(this))
{
    m_form->setContentsMargins({});
    m_form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    m_kind = addCombo(QStringLiteral("headKind"), tr("Read as"),
                      tr("How scores come from the head.") + QLatin1Char('\n') +
                          kindExplanation(HeadKind::Linear) + QLatin1Char('\n') +
                          kindExplanation(HeadKind::Cosine) + QLatin1Char('\n') +
                          kindExplanation(HeadKind::Lws));
    m_kind->addItem(found({}), asFound);
    for (const HeadKind kind : {HeadKind::Linear, HeadKind::Cosine, HeadKind::Lws})
        m_kind->addItem(kindName(kind), static_cast<int>(kind));
    m_rows = addCombo(QStringLiteral("headRows"), tr("Stored with"),
                      tr("Which way round the weight is stored.") + QLatin1Char('\n') +
                          columnsExplanation());
    m_rows->addItem(found({}), static_cast<int>(RowsRule::AsFound));
    m_rows->addItem(rowsName(Orientation::ClassByFeature), static_cast<int>(RowsRule::RowPerClass));
    m_rows->addItem(rowsName(Orientation::FeatureByClass),
                    static_cast<int>(RowsRule::ColumnPerClass));
    m_background =
        addCombo(QStringLiteral("headBackground"), tr("Background row"), backgroundExplanation());
    m_background->addItem(found({}), asFound);
    for (const BackgroundRow row : {BackgroundRow::None, BackgroundRow::First, BackgroundRow::Last})
        m_background->addItem(backgroundName(row), static_cast<int>(row));
    addFactor();
    new CalmWheel(*this);
}

QComboBox* HeadForm::addCombo(const QString& name, const QString& title, const QString& help)
{
    auto* box = new QComboBox(this);
    box->setObjectName(name);
    box->setAccessibleName(title); // without a key: the window has all letters already
    box->setToolTip(wrapped(help));
    box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    box->setMinimumContentsLength(16); // long words must not widen the panel
    m_form->addRow(title, box);
    connect(box, &QComboBox::activated, this, &HeadForm::take);
    return box;
}

void HeadForm::addFactor()
{
    m_factor = new QDoubleSpinBox(this);
    m_factor->setObjectName(QStringLiteral("headFactor"));
    m_factor->setAccessibleName(tr("Factor of the scores"));
    m_factor->setToolTip(wrapped(factorExplanation()));
    m_factor->setRange(0, largestFactor);
    m_factor->setDecimals(4);
    m_factor->setKeyboardTracking(false);
    m_form->addRow(tr("Factor of the scores"), m_factor);
    connect(m_factor, &QDoubleSpinBox::valueChanged, this, &HeadForm::take);
}

/// The first entry of each list says what it stands for.
void HeadForm::nameFound(const HeadCandidate* head)
{
    m_kind->setItemText(0, found(head ? kindName(head->kind) : QString()));
    m_rows->setItemText(0, found(head ? rowsName(head->orientation) : QString()));
    m_background->setItemText(0, found(head ? backgroundName(head->background) : QString()));
    const bool isInFile = head && !head->factor.empty();
    m_factor->setSpecialValueText(
        isInFile ? tr("as in the file (%1)").arg(QString::fromStdString(printable(head->factor)))
                 : tr("not in the file: 1"));
}

void HeadForm::setSubject(const std::optional<HeadSubject>& subject, const HeadCandidate* used)
{
    const QSignalBlocker quiet(m_factor);
    setEnabled(subject.has_value());
    m_query = subject ? subject->query : HeadQuery{};
    m_storedRows = subject ? subject->rows : 0;
    const HeadCandidate* head = subject ? subject->found : nullptr;
    nameFound(head);
    select(m_kind, codeOf(m_query.kind));
    select(m_rows, static_cast<int>(rowsRuleOf(m_query)));
    select(m_background, codeOf(m_query.background));
    m_factor->setValue(m_query.logitScale.value_or(0));
    m_shownFactor = m_factor->value();
    const bool isCosine =
        used ? used->kind == HeadKind::Cosine
             : m_query.kind == HeadKind::Cosine || (head && head->kind == HeadKind::Cosine);
    m_factor->setVisible(isCosine);
    m_form->labelForField(m_factor)->setVisible(isCosine);
    // Weight norm is known from the pair of tensors; the core reads it as nothing else.
    m_kind->setEnabled(!head || head->kind != HeadKind::WeightNorm);
}

void HeadForm::take()
{
    HeadQuery query = m_query;
    const int kind = m_kind->currentData().toInt();
    const int background = m_background->currentData().toInt();
    query.kind.reset();
    if (kind != asFound)
        query.kind = static_cast<HeadKind>(kind);
    query.background.reset();
    if (background != asFound)
        query.background = static_cast<BackgroundRow>(background);
    setRowsRule(query, static_cast<RowsRule>(m_rows->currentData().toInt()), m_storedRows);
    if (m_factor->value() != m_shownFactor)
        query.logitScale = m_factor->value() > 0 ? std::optional(m_factor->value()) : std::nullopt;
    if (query != m_query)
        Q_EMIT changed(query);
}

} // namespace monotail
