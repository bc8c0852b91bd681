// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "session/export_plan.h"
#include "session/session.h"

/// What the window says of an export, before and after. A plan may be null: not known yet.
namespace monotail {

/// "Automatic: a patched copy".
QString formatTitle(ExportFormat format, const ExportPlan* plan);
/// What is written, in a sentence.
QString formatExplanation(ExportFormat format, const ExportPlan* plan);

/// A file's name in two parts: "stage1-samn" and ".pth.tar".
struct SuggestedName
{
    QString stem, ending;
};
SuggestedName suggestedName(const Snapshot& snapshot, ExportFormat format, const ExportPlan* plan);

/// Source, method, what changes, accuracies to expect and what is to be known; as rich text.
QString planText(const Session& session, ExportFormat format, const ExportPlan* plan);
/// What was written and checked.
QString resultText(const ExportResult& result);

} // namespace monotail
