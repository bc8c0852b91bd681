// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "checkpoint/head.h"

namespace monotail {

/// Where the record of a corrected checkpoint lies: NAME.provenance.json beside it.
std::filesystem::path provenancePath(const std::filesystem::path& checkpoint);

/// What was done to this very head when it was exported, if the record beside the checkpoint says
/// so: "rescaled with samn", "retrained (ce+samn)", "retrained (crt) and rescaled with tau=0.7".
/// Stored accuracies and logits are then those of the head before it. Nothing if there is no
/// record, it cannot be read, or it speaks of another head.
std::optional<std::string> changeOf(const Checkpoint& checkpoint, const ClassifierHead& head);

} // namespace monotail
