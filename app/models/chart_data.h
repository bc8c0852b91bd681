// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/before_after_chart.h"
#include "charts/group_chart.h"
#include "charts/norm_chart.h"
#include "session/snapshot.h"

/// What the charts show of a snapshot.
namespace monotail {

enum class NormKind {
    Rows,    ///< the rows as they are
    Centred, ///< the rows less their mean: before only
};
enum class ClassOrder { Frequency, LargestChange };

/// Classes by frequency rank; by index without counts. Empty without a head.
NormChartData normChartData(const Snapshot& snapshot, NormKind kind);
BeforeAfterData biasChartData(const Snapshot& snapshot);
/// Recall per class, percent. Empty without data.
BeforeAfterData accuracyChartData(const Snapshot& snapshot, ClassOrder order);
GroupChartData groupChartData(const Snapshot& snapshot);

/// "SAMN projection", "tau = 0.7, bias dropped": the method in words.
QString methodText(const Snapshot& snapshot);
/// The hover card of a class, rich text: everything that is known of it.
QString classCard(const Snapshot& snapshot, std::int64_t classIndex);

} // namespace monotail
