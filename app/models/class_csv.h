// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/table.h"
#include "session/snapshot.h"

namespace monotail {

/// All classes for a file, with what is known in this state: with data the core's classCsv() of the
/// rescaling and the groups that are shown, with counts the profile, else index and norm.
/// The snapshot has a head.
Table classCsv(const Snapshot& snapshot);

} // namespace monotail
