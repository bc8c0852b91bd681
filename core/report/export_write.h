// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "report/export.h"

/// How exportCorrected() writes the file and reads it back.
namespace monotail {

/// Throws Error where no plain linear head predicts as the trained one does: one that normalises
/// its features and has a bias, or that normalises them in parts.
void checkPlainFile(const Checkpoint& checkpoint, const ClassifierHead& trained,
                    const Rescaling& rescaling);

/// Writes the target in `result.format` and says in `result` how that went. Returns the head's
/// place in the file.
HeadCandidate writeTarget(const ExportRequest& request, ExportResult& result,
                          const Progress& progress);

/// The head as it is found at that place. Throws Error if a scripted head is not as it was meant;
/// the other formats were compared when they were written.
ClassifierHead readWritten(const ExportRequest& request, const ExportResult& result,
                           const Checkpoint& written, const HeadCandidate& place);

} // namespace monotail
