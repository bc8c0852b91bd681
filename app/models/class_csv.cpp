// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/class_csv.h"

#include "base/text.h"
#include "report/text.h"

namespace monotail {

namespace {

Table normsCsv(const ClassifierHead& head)
{
    Table table{{"index", "norm"}, {}, 0};
    if (head.hasBias())
        table.header.push_back("bias");
    for (std::size_t c = 0; c < head.norms.size(); ++c) {
        table.rows.push_back({toText(static_cast<std::int64_t>(c)), toText(head.norms[c])});
        if (head.hasBias())
            table.rows.back().push_back(toText(double{head.bias[static_cast<Eigen::Index>(c)]}));
    }
    return table;
}

/// As profileTable(), for a file: plain numbers in full.
Table profileCsv(const Document& document, const ClassProfile& profile)
{
    Table table{{"class", "index", "images", "norm", "after_pava", "scale", "block"}, {}, 1};
    for (const std::int64_t c : profile.fit.order) {
        const auto at = static_cast<std::size_t>(c);
        const std::int64_t block = profile.fit.blockOf[at];
        table.rows.push_back({document.classes->names[at], toText(c),
                              toText(document.classes->counts[at]), toText(profile.norms[at]),
                              toText(profile.fit.fitted[at]), toText(profile.scale[at]),
                              block < 0 ? std::string() : toText(block + 1)});
    }
    return table;
}

} // namespace

Table classCsv(const Snapshot& snapshot)
{
    const Document& document = *snapshot.document;
    if (!snapshot.hasCounts())
        return normsCsv(*document.head);
    if (!snapshot.hasData())
        return profileCsv(document, *snapshot.profile);
    // What is shown now, which the method table may not have yet.
    const LiveAccuracy& live = *snapshot.accuracy;
    Evaluation evaluation;
    evaluation.before = live.before;
    evaluation.groups = live.groups;
    MethodResult result;
    result.rescaling = live.rescaling;
    result.accuracy = live.after;
    result.comparison = live.comparison;
    return monotail::classCsv(*document.classes, *snapshot.profile, evaluation, result);
}

} // namespace monotail
