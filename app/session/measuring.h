// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/progress.h"
#include "session/snapshot.h"

/// What follows from the choices, as functions; the slow ones run in the background.
namespace monotail {

/// Of one rescaling, as fast as the scores can be read: no intervals, top-5 or calibration. `last`
/// is what this document had before, if anything: its head as it is need not be measured again.
std::shared_ptr<const LiveAccuracy> measureNow(const Document& document, const Rescaling& rescaling,
                                               const ShotGroups& groups, const LiveAccuracy* last,
                                               const Progress& progress);

/// The rescalings of the method table: every method with the parameter it has in `choices`, bias
/// kept and, where there is one and it matters, dropped; and `shown`, if it is not among them.
std::vector<Rescaling> tableRescalings(const Document& document, const ClassProfile& profile,
                                       const Choices& choices, const Rescaling& shown);

/// All of them with intervals. What `known` (nulls allowed) has measured already is taken over.
std::shared_ptr<const Evaluation>
measureMethods(const Document& document, const std::vector<Rescaling>& rescalings,
               const ShotRule& rule, const std::vector<std::shared_ptr<const Evaluation>>& known,
               const Progress& progress);

/// The result for this very rescaling; null if it is not there.
const MethodResult* findResult(const Evaluation& evaluation, const Rescaling& rescaling);
LiveAccuracy settledAccuracy(const Evaluation& evaluation, const MethodResult& result);

} // namespace monotail
