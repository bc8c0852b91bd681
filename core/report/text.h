// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "evaluate/evaluation.h"
#include "report/table.h"
#include "rescale/class_profile.h"

/// What the command line and reports print for people.
namespace monotail {

/// One row per class in order of rank: name, count, norm, fitted, scale, block, and bias if any.
Table profileTable(const ClassifierHead& head, const ClassSet& classes,
                   const ClassProfile& profile);
/// One row per block: ranks, classes, fitted norm.
Table blockTable(const ClassSet& classes, const ClassProfile& profile);

/// The reviewer's table: the head as it was and every rescaling; Many, Medium, Few, All (top-1,
/// micro), class-mean, and the change of class-mean with its 95 % interval.
Table methodTable(const Evaluation& evaluation);
/// One row per class in order of rank, before and after `result`: recall with its interval, and
/// whether the change can be told from noise.
Table classTable(const ClassSet& classes, const ClassProfile& profile, const Evaluation& evaluation,
                 const MethodResult& result);
/// The metrics that have no column in the method table, before and after `result`.
Table detailTable(const ClassSet& classes, const Evaluation& evaluation,
                  const MethodResult& result);
/// What the table is of: samples, split, device, group rule and sizes.
std::string describeEvaluation(const Evaluation& evaluation);

/// Whether the model was read right (stored accuracy, own logits), and classes for which a larger
/// norm hurts. Misses are warnings, not here.
std::string describeReading(const ClassSet& classes, const Evaluation& evaluation);

/// "68.3", or "n/a".
std::string rateText(const Rate& rate, int decimals = 1);
/// "+10.11 [9.34, 10.90]", or "n/a".
std::string changeText(const std::optional<Change>& change);

} // namespace monotail
