// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "models/text_table_model.h"
#include "session/document.h"

/// What a checkpoint holds, in words and tables.
namespace monotail {

/// "PyTorch (zip), 51.8 kB, 37 tensors. Stored accuracy: best_acc1 = 68.31 %. epoch = 60."
QString summaryOf(const Document& document);
/// The head in use and why, or why there is none and what to do.
QString headInWords(const Document& document);
/// The candidates, best first; the one in use is marked.
TextTable headTable(const Document& document);
/// Values, lists, objects and metadata beside the tensors.
TextTable otherContents(const Checkpoint& checkpoint);
/// One a line, each with a mark; empty if there are none.
QString warningLines(const Warnings& warnings);

} // namespace monotail
