// SPDX-License-Identifier: GPL-3.0-or-later
// What the session writes.
#include "checkpoint/provenance.h"
#include "platform/outputs.h"
#include "report/retrain_report.h"
#include "session/session.h"
#include "session/training.h"

namespace monotail {

namespace {

const QString exportKey = QStringLiteral("export");

} // namespace

QString Session::exportTitle(const std::filesystem::path& target)
{
    return tr("Exporting %1").arg(QString::fromStdString(target.string()));
}

bool Session::isExporting() const
{
    return m_jobs.isPending(exportKey);
}

void Session::exportCheckpoint(const std::filesystem::path& target, Overwrite overwrite,
                               ExportFormat format)
{
    if (!m_snapshot.hasCounts())
        return Q_EMIT failed(tr("There is nothing to export yet: open a checkpoint and its "
                                "training counts first."));
    if (isExporting()) // the same key would cut it off
        return Q_EMIT failed(tr("An export is being written; wait until it is done."));
    const auto plan = exportPlan(); // heads that normalise need a format of their own
    if (format == ExportFormat::Automatic && plan && plan->automatic == ExportFormat::ScriptedHead)
        format = ExportFormat::ScriptedHead;
    m_jobs.start(Lane::Long, exportTitle(target), exportKey,
                 [this, trained = trainedHead(), snapshot = m_snapshot, target, overwrite, format,
                  known = warnings()](const Progress& progress) -> Delivery {
                     const Document& document = *snapshot.document;
                     checkOutputs(filesOf(document),
                                  {target.string(), provenancePath(target).string()}, overwrite);
                     const bool data = document.hasData();
                     const ExportResult result = exportCorrected(
                         {*document.checkpoint, *ownOf(snapshot.document)->head, *document.classes,
                          *snapshot.profile, *snapshot.rescaling, snapshot.choices.groups, target,
                          overwrite, data ? document.features.get() : nullptr,
                          data ? document.scores->scorer().get() : nullptr, known, format, trained},
                         progress);
                     return [this, result] { Q_EMIT exported(result); };
                 });
}

/// That of a run, with the record of it; nothing while the head is the checkpoint's own.
std::optional<TrainedHead> Session::trainedHead() const
{
    const Document& document = *m_snapshot.document;
    if (!document.own)
        return std::nullopt;
    const KeptRun* kept = m_training->find(document.run);
    const Json record = kept && kept->result ? runJson(kept->result->run) : Json(nullptr);
    return TrainedHead{document.head, document.headLabel.toStdString(), record};
}

std::shared_ptr<const ExportPlan> Session::exportPlan() const
{
    const bool isKnown = m_plan && m_snapshot.rescaling &&
                         m_plan->document == m_snapshot.document &&
                         m_plan->rescaling->scale == m_snapshot.rescaling->scale &&
                         m_plan->rescaling->bias == m_snapshot.rescaling->bias;
    return isKnown ? m_plan : nullptr;
}

void Session::planExport()
{
    if (!m_snapshot.hasCounts() || exportPlan() || m_planned == m_snapshot.rescaling)
        return;
    m_planned = m_snapshot.rescaling;
    m_jobs.start(Lane::Aside, tr("Planning the export"), {},
                 [this, document = m_snapshot.document,
                  rescaling = m_snapshot.rescaling](const Progress&) -> Delivery {
                     const auto plan = std::make_shared<const ExportPlan>(
                         monotail::planExport(document, rescaling));
                     return [this, plan] {
                         m_plan = plan;
                         Q_EMIT exportPlanned();
                     };
                 });
}

} // namespace monotail
