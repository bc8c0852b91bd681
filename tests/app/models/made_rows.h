// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <random>

#include "models/class_columns.h"
#include "models/class_row.h"

namespace monotail::test {

inline ClassRow madeRow(std::int64_t index, const QString& name)
{
    ClassRow row;
    row.index = index;
    row.name = name;
    row.rank = index;
    row.count = 1000 - index;
    return row;
}

/// As after an evaluation: some classes without samples, many that are equal in something.
inline std::vector<ClassRow> madeRows(int classes, unsigned seed = 1)
{
    std::mt19937 random(seed);
    const auto below = [&](int most) { return static_cast<int>(random() % unsigned(most)); };
    std::vector<ClassRow> rows;
    for (int c = 0; c < classes; ++c) {
        ClassRow row = madeRow(c, QStringLiteral("Class %1").arg(below(classes)));
        row.rank = (c * 7 + 3) % classes; // 7 must not divide the number of classes
        row.count = below(500);
        row.block = row.rank.value() / 10;
        row.group = static_cast<Shot>(below(3));
        row.normBefore = below(100) / 10.0;
        row.normAfter = below(20);
        row.scale = 0.5 + below(10) / 10.0;
        row.samples = below(4);
        if (row.samples > 0) {
            row.before = below(101);
            row.after = below(101);
            row.afterLow = *row.after / 2;
            row.afterHigh = 100;
            row.change = *row.after - *row.before;
            row.p = below(100) / 100.0;
        }
        rows.push_back(row);
    }
    return rows;
}

inline std::vector<ClassColumn> allColumns()
{
    std::vector<ClassColumn> columns;
    for (int c = 0; c <= static_cast<int>(ClassColumn::Verdict); ++c)
        columns.push_back(static_cast<ClassColumn>(c));
    return columns;
}

} // namespace monotail::test
