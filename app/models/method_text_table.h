// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/text_table_model.h"
#include "session/snapshot.h"

namespace monotail {

/// The reviewer's table as the window shows it: the head as it is, every rescaling, and below them
/// the headroom, whether it is there yet or not. The snapshot has methods.
TextTable methodTextTable(const Snapshot& snapshot);

} // namespace monotail
