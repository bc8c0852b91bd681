// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "checkpoint/head.h"
#include "dataset/class_set.h"

namespace monotail {

/// The one head, as chooseHead(). Where several are as likely and `counts` (a source for
/// readClassSet(); empty = none) is given, its number of classes decides.
HeadCandidate chooseHead(const Checkpoint& checkpoint, HeadQuery query, const std::string& counts,
                         const ClassNaming& naming);

struct CountedHead
{
    HeadCandidate head;
    ClassSet classes;
};

/// The classes of `first`, the head chosen without them. Where `counts` has another number of
/// classes, the known number decides: another reading of the same weight (one column per class, a
/// background row), or another head that may be one. Throws readClassSet()'s Error for `first`
/// where none fits.
CountedHead withClasses(const Checkpoint& checkpoint, const HeadQuery& query, HeadCandidate first,
                        const std::string& counts, const ClassNaming& naming);

} // namespace monotail
