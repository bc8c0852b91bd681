// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/json.h"

/// What several of the JSON objects have in common.
namespace monotail::detail {

Json rate(const Rate& value); ///< null for n/a
Json groupsOf(const std::array<Rate, 3>& rates);
/// The rule and the sizes of the groups.
Json groupsJson(const ShotGroups& groups);
/// The changes of the means with their intervals.
Json changesJson(const Comparison& comparison);
Json mcnemarJson(const Comparison& comparison);
/// Rows are true groups, columns predicted ones.
Json confusionJson(const GroupConfusion& confusion);
Json headroomJson(const HeadroomResult& headroom);

} // namespace monotail::detail
