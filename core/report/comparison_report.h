// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dataset/class_set.h"
#include "evaluate/head_comparison.h"
#include "report/json.h"
#include "report/table.h"

namespace monotail {

/// `classes[{index, name, before, after, difference, p}]`, largest difference first, and more; the
/// caller adds what was compared.
Json comparisonJson(const HeadComparison& comparison, const ClassSet& classes);
/// The two and what changes from the first to the second, with intervals.
Table comparisonTable(const HeadComparison& comparison);
/// One row per class, largest difference first, and whether it can be told from noise.
Table comparedClassTable(const HeadComparison& comparison, const ClassSet& classes);
/// The same for a file.
Table comparedClassCsv(const HeadComparison& comparison, const ClassSet& classes);
/// How many samples and classes changed, in sentences.
std::string describeComparison(const HeadComparison& comparison);

} // namespace monotail
