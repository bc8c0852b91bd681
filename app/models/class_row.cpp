// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/class_row.h"

namespace monotail {

namespace {

void addFit(std::vector<ClassRow>& rows, const Snapshot& snapshot)
{
    const ClassFit& fit = snapshot.profile->fit;
    for (std::size_t rank = 0; rank < fit.order.size(); ++rank)
        rows[static_cast<std::size_t>(fit.order[rank])].rank = static_cast<std::int64_t>(rank);
    for (std::size_t c = 0; c < rows.size(); ++c) {
        ClassRow& row = rows[c];
        row.count = snapshot.document->classes->counts[c];
        if (fit.blockOf[c] >= 0)
            row.block = fit.blockOf[c];
        row.group = snapshot.groups->of[c];
        row.scale = snapshot.rescaling->scale[c];
        row.biasAfter = snapshot.rescaling->bias[c];
    }
}

void addAccuracy(std::vector<ClassRow>& rows, const LiveAccuracy& live)
{
    for (std::size_t c = 0; c < rows.size(); ++c) {
        ClassRow& row = rows[c];
        const ClassAccuracy& before = live.before.perClass[c];
        const ClassAccuracy& after = live.after.perClass[c];
        row.samples = before.total;
        row.before = before.recall;
        row.beforeLow = before.low;
        row.beforeHigh = before.high;
        row.after = after.recall;
        row.afterLow = after.low;
        row.afterHigh = after.high;
        if (before.total == 0)
            continue;
        row.change = live.comparison.perClass[c].difference;
        row.p = live.comparison.perClass[c].adjusted;
    }
}

} // namespace

std::vector<ClassRow> classRows(const Snapshot& snapshot)
{
    if (!snapshot.hasHead())
        return {};
    const ClassifierHead& head = *snapshot.document->head;
    std::vector<ClassRow> rows(head.norms.size());
    for (std::size_t c = 0; c < rows.size(); ++c) {
        ClassRow& row = rows[c];
        row.index = static_cast<std::int64_t>(c);
        row.name = snapshot.document->names[c];
        row.normBefore = head.norms[c];
        row.normAfter = normAfter(snapshot, c);
        row.biasBefore = static_cast<double>(head.bias[static_cast<Eigen::Index>(c)]);
        row.biasAfter = row.biasBefore;
    }
    if (snapshot.hasCounts())
        addFit(rows, snapshot);
    if (snapshot.hasData())
        addAccuracy(rows, *snapshot.accuracy);
    return rows;
}

} // namespace monotail
