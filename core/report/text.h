// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "evaluate/evaluation.h"
#include "report/table.h"
#include "rescale/class_profile.h"

/// What the command line and reports print for people.
namespace monotail {

/// One row per class in order of rank: name, index, count, norm, fitted, scale, block, bias if any.
Table profileTable(const ClassifierHead& head, const ClassSet& classes,
                   const ClassProfile& profile);
/// One row per block: its classes, how many, fitted norm.
Table blockTable(const ClassSet& classes, const ClassProfile& profile);

/// One row per class of every block, for a file.
Table blockCsv(const ClassSet& classes, const ClassProfile& profile);

/// The reviewer's table: the head as it was and every rescaling; Many, Medium, Few, All (top-1,
/// micro), class-mean, and the changes of top-1 and class-mean with their 95 % intervals; the
/// headroom below, where it was measured.
Table methodTable(const Evaluation& evaluation);
/// The same for a file: plain numbers in full, one to a column, intervals of every change.
Table methodCsv(const Evaluation& evaluation);
/// One row per class in order of rank, before and after `result`: recall with its interval, and
/// whether the change can be told from noise.
Table classTable(const ClassSet& classes, const ClassProfile& profile, const Evaluation& evaluation,
                 const MethodResult& result);
/// The same for a file.
Table classCsv(const ClassSet& classes, const ClassProfile& profile, const Evaluation& evaluation,
               const MethodResult& result);
/// The metrics that have no column in the method table, before and after `result`.
Table detailTable(const ClassSet& classes, const Evaluation& evaluation,
                  const MethodResult& result);

/// Group by group: how many samples of a true group are predicted as each group, before and after
/// `result`, with the share of the true group.
Table groupConfusionTable(const Evaluation& evaluation, const MethodResult& result);

/// What the table is of: samples, split, device, group rule and sizes.
std::string describeEvaluation(const Evaluation& evaluation);

/// Whether the model was read right (stored accuracy, own logits), and classes for which a larger
/// norm hurts. Misses are warnings, not here.
std::string describeReading(const ClassSet& classes, const Evaluation& evaluation);

/// A class's name, safe to print and not too long.
std::string className(const ClassSet& classes, std::int64_t index);
/// The first few names, then "and N more".
std::string listed(const std::vector<std::string>& names);
/// "+1.2".
std::string differenceText(double difference);
/// "68.3", or "n/a".
std::string rateText(const Rate& rate, int decimals = 1);
/// "+10.11 [9.34, 10.90]", or "n/a".
std::string changeText(const std::optional<Change>& change);

/// How scores come from a head: "bias fc.bias; weight norm, magnitudes fc.weight_g".
std::string headReading(const HeadCandidate& head);

} // namespace monotail
