// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "checkpoint/head_site.h"

namespace monotail {

/// The head with this weight, if it can be one under what the query says: its orientation, kind
/// and bias. The background row is not looked for yet, see withBackground().
std::optional<HeadCandidate> headFrom(const TensorIndex& index, const WeightSite& site,
                                      const HeadQuery& query);

/// The head without its background row, if it has one: a row of zeros at either end; in a detector
/// the row that the box regression lacks, or the one that the known class count lacks. Nothing if
/// the class count known then does not fit.
std::optional<HeadCandidate> withBackground(const TensorIndex& index, const WeightSite& site,
                                            HeadCandidate head, const HeadQuery& query);

} // namespace monotail
