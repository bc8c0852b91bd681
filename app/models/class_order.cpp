// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/class_order.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "models/class_cell.h"

namespace monotail {

namespace {

bool follows(const ClassRow& row, Trend trend)
{
    const double change = row.change.value_or(0);
    switch (trend) {
    case Trend::Any:
        return true;
    case Trend::Worse:
        return change < 0;
    case Trend::WorseBeyondNoise:
        return change < 0 && isBeyondNoise(row);
    case Trend::Better:
        return change > 0;
    case Trend::BetterBeyondNoise:
        return change > 0 && isBeyondNoise(row);
    }
    return true;
}

/// A filter made ready to be asked about many rows.
class Sieve
{
public:
    explicit Sieve(const ClassFilter& filter) : m_filter(filter), m_text(filter.text.trimmed())
    {
        m_isNumber = !m_text.isEmpty() && std::all_of(m_text.begin(), m_text.end(), [](QChar c) {
            return c >= u'0' && c <= u'9';
        });
    }

    bool passes(const ClassRow& row) const
    {
        if (m_filter.group && row.group != m_filter.group)
            return false;
        if (m_filter.block && row.block != m_filter.block)
            return false;
        if (!follows(row, m_filter.trend))
            return false;
        if (m_filter.only &&
            !std::binary_search(m_filter.only->begin(), m_filter.only->end(), row.index))
            return false;
        return m_text.isEmpty() || row.name.contains(m_text, Qt::CaseInsensitive) ||
               (m_isNumber && QString::number(row.index).startsWith(m_text));
    }

private:
    const ClassFilter& m_filter;
    QString m_text;
    bool m_isNumber = false;
};

struct Key
{
    bool missing;
    double value;
    std::int64_t rank, index;
    int position;

    bool operator<(const Key& other) const
    {
        return std::tie(missing, value, rank, index) <
               std::tie(other.missing, other.value, other.rank, other.index);
    }
};

Key keyOf(const ClassRow& row, int position, const ClassOrder& order,
          const std::vector<double>& places)
{
    const std::optional<double> found = order.column == ClassColumn::Name
                                            ? places[static_cast<std::size_t>(position)]
                                            : sortValue(row, order.column);
    double value = found.value_or(0);
    if (order.by == SortBy::Magnitude)
        value = std::abs(value);
    if (order.direction == Qt::DescendingOrder)
        value = -value;
    return {!found, value, row.rank.value_or(0), row.index, position};
}

} // namespace

std::vector<double> namePlaces(const std::vector<ClassRow>& rows)
{
    std::vector<QString> folded(rows.size());
    std::transform(rows.begin(), rows.end(), folded.begin(),
                   [](const ClassRow& row) { return row.name.toCaseFolded(); });
    std::vector<std::size_t> sorted(rows.size());
    std::iota(sorted.begin(), sorted.end(), std::size_t{0});
    std::sort(sorted.begin(), sorted.end(),
              [&](std::size_t a, std::size_t b) { return folded[a] < folded[b]; });
    std::vector<double> places(rows.size());
    double place = 0;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        if (i > 0 && folded[sorted[i]] != folded[sorted[i - 1]])
            ++place;
        places[sorted[i]] = place;
    }
    return places;
}

std::vector<int> arranged(const std::vector<ClassRow>& rows, const ClassFilter& filter,
                          const ClassOrder& order, const std::vector<double>& places)
{
    const Sieve sieve(filter);
    std::vector<Key> keys;
    keys.reserve(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (sieve.passes(rows[i]))
            keys.push_back(keyOf(rows[i], static_cast<int>(i), order, places));
    std::sort(keys.begin(), keys.end());
    std::vector<int> positions(keys.size());
    std::transform(keys.begin(), keys.end(), positions.begin(),
                   [](const Key& key) { return key.position; });
    return positions;
}

} // namespace monotail
