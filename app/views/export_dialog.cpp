// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/export_dialog.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>
#include <utility>

#include "checkpoint/provenance.h"
#include "models/export_words.h"
#include "platform/outputs.h"
#include "session/session.h"
#include "views/export_format_box.h"
#include "words/words.h"

namespace monotail {

namespace {

bool isInput(const Document& document, const QString& path)
{
    try {
        const std::string target = path.toStdString();
        checkOutputs(filesOf(document), {target, provenancePath(target).string()},
                     Overwrite::Replace);
    } catch (const Error&) {
        return true;
    }
    return false;
}

} // namespace

ExportDialog::ExportDialog(Session& session, const QString& folder, QWidget* parent)
    : QDialog(parent), m_session(session), m_plan(new QLabel(this)),
      m_format(new ExportFormatBox(this)), m_target(new QLineEdit(this)),
      m_replace(new QCheckBox(tr("&Replace the file that is there"), this)),
      m_result(new QLabel(this)), m_export(nullptr)
{
    setWindowTitle(tr("Export corrected checkpoint"));
    setMinimumWidth(560);
    build();
    m_suggested = suggestion();
    m_target->setText(QDir(folder).filePath(m_suggested.stem + m_suggested.ending));
    connect(&session, &Session::exported, this, &ExportDialog::showResult);
    connect(&session.jobs(), &JobRunner::failed, this, &ExportDialog::showFailure);
    connect(&session.jobs(), &JobRunner::cancelled, this, [this](const QString& title) {
        if (isOwn(title))
            endExport(tr("Cancelled; nothing was written."));
    });
    connect(&session, &Session::choicesChanged, this, &ExportDialog::showPlan);
    connect(&session, &Session::accuracyChanged, this, &ExportDialog::showPlan);
    connect(&session, &Session::exportPlanned, this, &ExportDialog::showPlan);
    connect(&session, &Session::documentChanged, this, &QDialog::reject);
    showPlan();
}

void ExportDialog::build()
{
    m_plan->setWordWrap(true);
    m_plan->setTextFormat(Qt::RichText);
    for (QLabel* label : {m_plan, m_result})
        label->setMinimumWidth(300); // a long path must not widen the window
    m_plan->setObjectName(QStringLiteral("plan"));
    m_target->setObjectName(QStringLiteral("target"));
    m_target->setAccessibleName(tr("File to write"));
    m_replace->setObjectName(QStringLiteral("replace"));
    m_result->setWordWrap(true);
    m_result->setTextFormat(Qt::PlainText); // names come from the file
    m_result->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_result->setObjectName(QStringLiteral("result"));
    auto* label = new QLabel(tr("&Write to"), this);
    label->setBuddy(m_target);
    auto* choose = new QPushButton(tr("&Choose\u2026"), this);
    choose->setAutoDefault(false);
    connect(choose, &QPushButton::clicked, this, &ExportDialog::browse);
    auto* row = new QHBoxLayout;
    row->addWidget(label);
    row->addWidget(m_target, 1);
    row->addWidget(choose);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    m_export = buttons->addButton(tr("&Export"), QDialogButtonBox::AcceptRole);
    m_export->setObjectName(QStringLiteral("export"));
    m_export->setDefault(true);
    connect(m_export, &QPushButton::clicked, this, &ExportDialog::startExport);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_format, &ExportFormatBox::changed, this, &ExportDialog::showPlan);
    connect(m_target, &QLineEdit::textChanged, this, &ExportDialog::checkTarget);
    connect(m_replace, &QCheckBox::toggled, this, &ExportDialog::checkTarget);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_plan);
    layout->addWidget(m_format);
    layout->addLayout(row);
    layout->addWidget(m_replace);
    layout->addWidget(m_result, 1);
    layout->addWidget(buttons);
}

void ExportDialog::showPlan()
{
    if (!m_session.snapshot().hasCounts())
        return;
    m_session.planExport(); // if it is not known what would change
    const auto plan = m_session.exportPlan();
    m_format->setPlan(plan.get());
    m_plan->setText(planText(m_session, m_format->format(), plan.get()));
    m_possible = plan && plan->refusal(m_format->format()).empty();
    if (!m_running)
        suggestName();
    checkTarget();
    grow();
}

/// Wrapped text asks for no height of its own.
void ExportDialog::grow()
{
    const int needed = layout()->totalHeightForWidth(width());
    if (height() < needed)
        resize(width(), needed);
}

SuggestedName ExportDialog::suggestion() const
{
    return suggestedName(m_session.snapshot(), m_format->format(), m_session.exportPlan().get());
}

/// A name that was suggested follows the format and the method; of another one the ending does.
void ExportDialog::suggestName()
{
    const SuggestedName before = std::exchange(m_suggested, suggestion());
    const QString name = fileName(m_target->text().toStdString());
    const QString folder = m_target->text().chopped(name.size());
    if (name == before.stem + before.ending)
        m_target->setText(folder + m_suggested.stem + m_suggested.ending);
    else if (!before.ending.isEmpty() && before.ending != m_suggested.ending &&
             name.endsWith(before.ending))
        m_target->setText(folder + name.chopped(before.ending.size()) + m_suggested.ending);
}

void ExportDialog::checkTarget()
{
    const QString path = m_target->text().trimmed();
    const QString record = QString::fromStdString(provenancePath(path.toStdString()).string());
    const bool there = QFileInfo::exists(path) || QFileInfo::exists(record);
    const bool input = there && isInput(*m_session.snapshot().document, path);
    m_replace->setVisible(there && !input);
    const bool allowed = !there || m_replace->isChecked();
    m_format->setEnabled(!m_running);
    m_export->setEnabled(m_possible && !m_running && !path.isEmpty() && !input && allowed);
    if (m_running || path == m_resultOf)
        return; // what is said is about this file
    m_result->setText(input ? tr("This file, or the record that goes beside it, is one of the "
                                 "inputs, which are never written over.")
                      : allowed
                          ? QString()
                          : tr("This file, or the record that goes beside it, exists. Tick the "
                               "box above to replace it."));
}

void ExportDialog::browse()
{
    const QString chosen = QFileDialog::getSaveFileName(this, windowTitle(), m_target->text(), {},
                                                        nullptr, QFileDialog::DontConfirmOverwrite);
    if (!chosen.isEmpty())
        m_target->setText(chosen);
}

void ExportDialog::startExport()
{
    if (m_session.isExporting())
        return m_result->setText(tr("Another export is being written; wait until it is done."));
    m_running = true;
    m_resultOf.clear();
    m_result->setText(tr("Writing\u2026"));
    checkTarget();
    m_written = m_target->text().trimmed().toStdString();
    const bool mayReplace = m_replace->isChecked() && !m_replace->isHidden();
    m_session.exportCheckpoint(m_written, mayReplace ? Overwrite::Replace : Overwrite::Refuse,
                               m_format->format());
}

void ExportDialog::showResult(const ExportResult& result)
{
    if (!m_running || result.output != m_written)
        return;
    endExport(resultText(result));
}

bool ExportDialog::isOwn(const QString& title) const
{
    return m_running && title == Session::exportTitle(m_written);
}

void ExportDialog::showFailure(const QString& title, const QString& sentence)
{
    if (isOwn(title))
        endExport(tr("\u26a0 %1").arg(inWindow(sentence.toStdString())));
}

void ExportDialog::endExport(const QString& text)
{
    m_running = false;
    m_resultOf = m_target->text().trimmed();
    m_result->setText(text);
    m_replace->setChecked(false);
    checkTarget();
    grow();
}

} // namespace monotail
