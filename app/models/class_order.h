// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/class_columns.h"
#include "models/class_row.h"

namespace monotail {

enum class Trend { Any, Worse, WorseBeyondNoise, Better, BetterBeyondNoise };

/// Which classes the table shows: those that pass everything that is set.
struct ClassFilter
{
    QString text; ///< part of the name in any case, or how the index begins; blanks around ignored
    std::optional<Shot> group;
    std::optional<std::int64_t> block; ///< from 0
    Trend trend = Trend::Any;
    std::optional<std::vector<std::int64_t>> only; ///< ascending

    bool operator==(const ClassFilter&) const = default;
};

enum class SortBy { Value, Magnitude };

/// What the table is sorted by; then by frequency rank, then by index. n/a comes last either way.
struct ClassOrder
{
    ClassColumn column = ClassColumn::Rank;
    Qt::SortOrder direction = Qt::AscendingOrder;
    SortBy by = SortBy::Value;

    bool operator==(const ClassOrder&) const = default;
};

/// The place of every name in the alphabet, whatever its case; equal names share one.
std::vector<double> namePlaces(const std::vector<ClassRow>& rows);

/// The rows that pass, as positions in `rows`, in order. `places` are namePlaces(rows).
std::vector<int> arranged(const std::vector<ClassRow>& rows, const ClassFilter& filter,
                          const ClassOrder& order, const std::vector<double>& places);

} // namespace monotail
