// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "models/text_table_model.h"
#include "session/document.h"

/// The heads of a checkpoint, in words and as a table.
namespace monotail {

/// The head in use and why, or why there is none and what to do.
QString headInWords(const Document& document);

/// The candidates, best first, then what is less likely; the one in use is marked.
TextTable headTable(const Document& document);
/// Of that row of the table; null if there is no such row.
const HeadCandidate* candidateAt(const Document& document, int row);

/// Why something that looks like a head is none, a line each with a mark; empty if there is none.
QString headNotes(const Document& document);

} // namespace monotail
