// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/export_format_box.h"

#include <QButtonGroup>
#include <QLabel>
#include <QRadioButton>
#include <QStyle>
#include <QVBoxLayout>

#include "models/export_words.h"
#include "words/words.h"

namespace monotail {

namespace {

constexpr ExportFormat formats[] = {ExportFormat::Automatic, ExportFormat::Patch,
                                    ExportFormat::StateDict, ExportFormat::Safetensors,
                                    ExportFormat::ScriptedHead};

QString nameFor(ExportFormat format)
{
    const std::string_view name = nameOf(format);
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

} // namespace

ExportFormatBox::ExportFormatBox(QWidget* parent)
    : QGroupBox(tr("Format"), parent), m_group(new QButtonGroup(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(2);
    const int indent = style()->pixelMetric(QStyle::PM_ExclusiveIndicatorWidth) +
                       style()->pixelMetric(QStyle::PM_RadioButtonLabelSpacing);
    for (const ExportFormat format : formats) {
        const auto at = static_cast<std::size_t>(format);
        m_buttons[at] = new QRadioButton(this);
        m_buttons[at]->setObjectName(QStringLiteral("format-") + nameFor(format));
        m_group->addButton(m_buttons[at], static_cast<int>(format));
        m_sentences[at] = new QLabel(this);
        m_sentences[at]->setObjectName(QStringLiteral("sentence-") + nameFor(format));
        m_sentences[at]->setWordWrap(true);
        m_sentences[at]->setTextFormat(Qt::PlainText);
        m_sentences[at]->setIndent(indent);
        layout->addWidget(m_buttons[at]);
        layout->addWidget(m_sentences[at]);
    }
    m_buttons[0]->setChecked(true);
    setPlan(nullptr);
    connect(m_group, &QButtonGroup::idClicked, this, &ExportFormatBox::changed);
}

ExportFormat ExportFormatBox::format() const
{
    return static_cast<ExportFormat>(m_group->checkedId());
}

void ExportFormatBox::setPlan(const ExportPlan* plan)
{
    if (plan && !plan->refusal(format()).empty())
        m_buttons[static_cast<std::size_t>(ExportFormat::Automatic)]->setChecked(true);
    for (const ExportFormat format : formats)
        showFormat(format, plan);
    updateGeometry(); // at once, for those who ask how high it is now
}

void ExportFormatBox::showFormat(ExportFormat format, const ExportPlan* plan)
{
    const auto at = static_cast<std::size_t>(format);
    const std::string why = plan ? plan->refusal(format) : std::string();
    // Where nothing can be written, why is said once, above.
    const bool isAlone = plan && why != plan->refusal(ExportFormat::Automatic);
    const QString explanation = formatExplanation(format, plan);
    const QString refusal = tr("Not possible: %1").arg(inWindow(why));
    m_buttons[at]->setText(formatTitle(format, plan));
    m_buttons[at]->setEnabled(why.empty());
    m_buttons[at]->setToolTip(wrapped(why.empty() ? explanation : refusal));
    m_sentences[at]->setText(!why.empty() && isAlone ? refusal : explanation);
    m_sentences[at]->setEnabled(why.empty() || isAlone);
    // Only a head that normalises needs a module of its own.
    const bool isOffered = format != ExportFormat::ScriptedHead ||
                           (plan && plan->document->own && plan->document->head->unitParts > 0);
    m_buttons[at]->setVisible(isOffered);
    m_sentences[at]->setVisible(isOffered);
}

} // namespace monotail
