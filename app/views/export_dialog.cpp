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

#include "base/text.h"
#include "checkpoint/patch.h"
#include "checkpoint/provenance.h"
#include "platform/outputs.h"
#include "report/text.h"
#include "session/session.h"
#include "words/words.h"

namespace monotail {

namespace {

/// "stage1-samn.pth.tar" for "stage1.pth.tar".
QString suggestedName(const Snapshot& snapshot)
{
    const QString source = fileName(snapshot.document->inputs.checkpoint);
    const auto dot = source.indexOf(QLatin1Char('.'), 1);
    QString method = QString::fromStdString(snapshot.rescaling->method);
    method.replace(QLatin1Char('='), QLatin1Char('-'));
    method.remove(QLatin1Char(',')).replace(QLatin1Char(' '), QLatin1Char('-'));
    const QString stem = dot < 0 ? source : source.left(dot);
    return stem + QLatin1Char('-') + method + (dot < 0 ? QString() : source.mid(dot));
}

QString planText(const Snapshot& snapshot)
{
    const Document& document = *snapshot.document;
    const auto patches = planHeadPatch(*document.checkpoint, *document.head,
                                       snapshot.rescaling->scale, snapshot.rescaling->bias);
    QStringList parts;
    for (const TensorPatch& patch : patches)
        parts << ExportDialog::tr("%1 (%2 numbers)")
                     .arg(QString::fromStdString(printable(patch.tensor)),
                          QString::fromStdString(
                              toGroupedText(static_cast<std::int64_t>(patch.values.size()))));
    const QString changed = parts.isEmpty()
                                ? ExportDialog::tr("nothing: the copy will equal the source")
                                : parts.join(ExportDialog::tr(" and "));
    QString text =
        ExportDialog::tr("<b>Source:</b> %1 (%2)<br><b>Method:</b> %3<br><b>Format:</b> patch: "
                         "a copy of the source in which only the head changes<br><b>What "
                         "changes:</b> %4")
            .arg(fileName(document.inputs.checkpoint).toHtmlEscaped(),
                 QString::fromStdString(document.checkpoint->format),
                 methodText(*snapshot.rescaling).toHtmlEscaped(), changed.toHtmlEscaped());
    if (snapshot.hasData() && snapshot.accuracy->rescaling.scale == snapshot.rescaling->scale)
        text += ExportDialog::tr("<br><b>Top-1 to expect:</b> %1 % (now %2 %), split: %3")
                    .arg(QString::fromStdString(rateText(snapshot.accuracy->after.top1, 2)),
                         QString::fromStdString(rateText(snapshot.accuracy->before.top1, 2)),
                         splitText(*snapshot.document).toHtmlEscaped());
    return text;
}

/// What is to be known before anything is written.
QString warningText(const Session& session)
{
    QString text;
    for (const std::string& warning : session.warnings())
        text += ExportDialog::tr("<br>\u26a0 %1").arg(inWindow(warning).toHtmlEscaped());
    return text;
}

bool isInput(const Inputs& inputs, const QString& path)
{
    try {
        const std::string target = path.toStdString();
        checkOutputs(filesOf(inputs), {target, provenancePath(target).string()},
                     Overwrite::Replace);
    } catch (const Error&) {
        return true;
    }
    return false;
}

} // namespace

ExportDialog::ExportDialog(Session& session, const QString& folder, QWidget* parent)
    : QDialog(parent), m_session(session), m_plan(new QLabel(this)), m_target(new QLineEdit(this)),
      m_replace(new QCheckBox(tr("&Replace the file that is there"), this)),
      m_result(new QLabel(this)), m_export(nullptr)
{
    setWindowTitle(tr("Export corrected checkpoint"));
    setMinimumWidth(560);
    build();
    m_target->setText(QDir(folder).filePath(suggestedName(session.snapshot())));
    connect(&session, &Session::exported, this, &ExportDialog::showResult);
    connect(&session.jobs(), &JobRunner::failed, this, &ExportDialog::showFailure);
    connect(&session.jobs(), &JobRunner::cancelled, this, [this](const QString& title) {
        if (isOwn(title))
            endExport(tr("Cancelled; nothing was written."));
    });
    connect(&session, &Session::choicesChanged, this, &ExportDialog::showPlan);
    connect(&session, &Session::accuracyChanged, this, &ExportDialog::showPlan);
    connect(&session, &Session::documentChanged, this, &QDialog::reject);
    showPlan();
}

void ExportDialog::build()
{
    m_plan->setWordWrap(true);
    for (QLabel* label : {m_plan, m_result})
        label->setMinimumWidth(300); // a long path must not widen the window
    m_plan->setObjectName(QStringLiteral("plan"));
    m_target->setObjectName(QStringLiteral("target"));
    m_target->setAccessibleName(tr("File to write"));
    m_replace->setObjectName(QStringLiteral("replace"));
    m_result->setWordWrap(true);
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
    connect(m_target, &QLineEdit::textChanged, this, &ExportDialog::checkTarget);
    connect(m_replace, &QCheckBox::toggled, this, &ExportDialog::checkTarget);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_plan);
    layout->addLayout(row);
    layout->addWidget(m_replace);
    layout->addWidget(m_result, 1);
    layout->addWidget(buttons);
}

void ExportDialog::showPlan()
{
    if (!m_session.snapshot().hasCounts())
        return;
    try {
        m_plan->setText(planText(m_session.snapshot()) + warningText(m_session));
        m_possible = true;
    } catch (const Error& error) {
        m_plan->setText(QString::fromUtf8(error.what()).toHtmlEscaped());
        m_possible = false;
    }
    checkTarget();
}

void ExportDialog::checkTarget()
{
    const QString path = m_target->text().trimmed();
    const QString record = QString::fromStdString(provenancePath(path.toStdString()).string());
    const bool there = QFileInfo::exists(path) || QFileInfo::exists(record);
    const bool input = there && isInput(m_session.snapshot().document->inputs, path);
    m_replace->setVisible(there && !input);
    const bool allowed = !there || m_replace->isChecked();
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
    m_session.exportCheckpoint(m_written, m_replace->isChecked() && !m_replace->isHidden()
                                              ? Overwrite::Replace
                                              : Overwrite::Refuse);
}

void ExportDialog::showResult(const ExportResult& result)
{
    if (!m_running || result.output != m_written)
        return;
    QString text =
        tr("\u2713 Written and verified: %1. Read back, the head is as wanted and every other "
           "byte is as in the source. %2 bytes changed, largest rounding %3. What it was made "
           "from is in %4.")
            .arg(QString::fromStdString(result.output.string()),
                 QString::fromStdString(toGroupedText(static_cast<std::int64_t>(result.bytes))),
                 QString::number(result.maxRounding, 'g', 2),
                 QString::fromStdString(result.provenance.filename().string()));
    if (result.announced)
        text += tr(" Top-1 of the head as written: %1 %.")
                    .arg(QString::fromStdString(rateText(result.announced->top1, 2)));
    for (const std::string& warning : result.warnings)
        text += tr("\n\u26a0 %1").arg(QString::fromStdString(warning));
    endExport(text);
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
    adjustSize();
}

} // namespace monotail
