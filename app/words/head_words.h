// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "checkpoint/head_search.h"

/// What the window says of classifier heads.
namespace monotail {

QString kindName(HeadKind kind); ///< "linear", "weight norm"
/// How scores come from a head of this kind, and what that means for its norms.
QString kindExplanation(HeadKind kind);

/// "linear; bias fc.bias; first row is background".
QString reading(const HeadCandidate& head);
/// The same in sentences, with what each part of it means.
QString readingExplanation(const HeadCandidate& head);

/// What a background row and a weight of columns are, and what multiplies a cosine head's scores.
QString backgroundExplanation();
QString columnsExplanation();
QString factorExplanation();

} // namespace monotail
