// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "models/text_table_model.h"
#include "session/document.h"

/// What a checkpoint holds, in words and tables.
namespace monotail {

/// "PyTorch file (zip), 51.8 kB, 37 tensors. Stored accuracy: best_acc1 = 68.31 %. epoch = 60."
QString summaryOf(const Document& document);
/// Values, lists, objects, metadata and shards beside the tensors.
TextTable otherContents(const Checkpoint& checkpoint);
/// One a line, each with a mark, in the window's words; empty if there are none.
QString warningLines(const Warnings& warnings);

} // namespace monotail
