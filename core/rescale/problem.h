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

} // namespace monotail
