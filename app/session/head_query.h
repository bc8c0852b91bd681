// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "session/document.h"

/// How the user says which head it is, and how it is to be read.
namespace monotail {

/// Whether both are the same tensors of the file, however they are read.
bool isSameHead(const HeadCandidate& a, const HeadCandidate& b);

/// Makes chooseHead() take this candidate and read it as it finds it. Experts are named by their
/// list: the name of a weight would mean one of them.
HeadQuery queryFor(const HeadCandidate& head);

/// Which way round the weight is stored, as the user says.
enum class RowsRule { AsFound, RowPerClass, ColumnPerClass };
RowsRule rowsRuleOf(const HeadQuery& query);
/// The core knows no word for "rows", but the number of classes decides as well. `rows` is how many
/// the stored weight has; the query's background is set before.
void setRowsRule(HeadQuery& query, RowsRule rule, std::int64_t rows);

/// The head that the user can have read otherwise.
struct HeadSubject
{
    HeadQuery query;                      ///< what is asked for now
    const HeadCandidate* found = nullptr; ///< as the search found it; null if it did not
    std::int64_t rows = 0;                ///< of the stored weight; 0 = not known
};

/// The head in use; without one, the one that was named, `selected` or the only likely one.
/// Nothing if there is no such head. The document must outlive it.
std::optional<HeadSubject> subjectOf(const Document& document, const HeadCandidate* selected);

} // namespace monotail
