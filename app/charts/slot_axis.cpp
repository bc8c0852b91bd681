// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/slot_axis.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace monotail {

namespace {

/// Space at both ends of a logarithmic axis, in decades.
constexpr double endSpace = 0.12;
/// Between "1" and the place of absent classes.
constexpr double absentGap = 0.5;

/// Linear between knots, both lists rising; beyond the ends the last slope goes on.
double interpolated(const std::vector<double>& from, const std::vector<double>& to, double value)
{
    if (from.size() < 2)
        return value;
    const auto it = std::upper_bound(from.begin() + 1, from.end() - 1, value);
    const auto i = static_cast<std::size_t>(it - from.begin());
    const double share = (value - from[i - 1]) / (from[i] - from[i - 1]);
    return to[i - 1] + share * (to[i] - to[i - 1]);
}

bool isAbsent(double count)
{
    return !(count > 0) || !std::isfinite(count);
}

} // namespace

double valueAt(const std::vector<double>& values, std::size_t slot)
{
    return slot < values.size() ? values[slot] : std::numeric_limits<double>::quiet_NaN();
}

SlotAxis::SlotAxis(const Slots& classes, XAxis axis)
    : m_centres(classes.classOf.size()), m_order(classes.classOf.size())
{
    std::iota(m_order.begin(), m_order.end(), std::size_t{0});
    const std::size_t size = m_centres.size();
    if (axis == XAxis::LogFrequency && size > 0 && classes.counts.size() >= size) {
        m_kind = XAxis::LogFrequency;
        placeByCount(classes.counts);
        buildKnots();
        return;
    }
    for (std::size_t slot = 0; slot < size; ++slot)
        m_centres[slot] = static_cast<double>(slot) + 0.5;
    m_sorted = m_centres;
    if (size > 0) {
        m_knotSlots = {0, static_cast<double>(size)};
        m_knotPlaces = m_knotSlots;
    }
}

void SlotAxis::placeByCount(const std::vector<double>& counts)
{
    for (std::size_t slot = 0; slot < size(); ++slot)
        if (!isAbsent(counts[slot]))
            m_most = std::max(m_most, counts[slot]);
    for (std::size_t slot = 0; slot < size(); ++slot) {
        const bool absent = isAbsent(counts[slot]);
        m_hasAbsent = m_hasAbsent || absent;
        m_centres[slot] = absent ? absentPlace() : placeOfCount(std::max(counts[slot], 1.0));
    }
    std::stable_sort(m_order.begin(), m_order.end(),
                     [this](std::size_t a, std::size_t b) { return m_centres[a] < m_centres[b]; });
    for (const std::size_t slot : m_order)
        m_sorted.push_back(m_centres[slot]);
}

void SlotAxis::buildKnots()
{
    m_left.resize(size());
    m_right.resize(size());
    m_knotSlots = {0};
    m_knotPlaces = {m_sorted.front() - endSpace};
    for (std::size_t begin = 0, end = 0; begin < size(); begin = end) {
        const double place = m_sorted[begin];
        while (end < size() && m_sorted[end] == place)
            ++end;
        m_knotSlots.push_back(static_cast<double>(begin + end) / 2);
        m_knotPlaces.push_back(place);
        const double left = begin > 0 ? (m_sorted[begin - 1] + place) / 2 : place - endSpace;
        const double right = end < size() ? (place + m_sorted[end]) / 2 : place + endSpace;
        for (std::size_t i = begin; i < end; ++i) {
            m_left[m_order[i]] = left;
            m_right[m_order[i]] = right;
        }
    }
    m_knotSlots.push_back(static_cast<double>(size()));
    m_knotPlaces.push_back(m_sorted.back() + endSpace);
}

double SlotAxis::left(std::size_t slot) const
{
    return m_left.empty() ? static_cast<double>(slot) : m_left[slot];
}

double SlotAxis::right(std::size_t slot) const
{
    return m_right.empty() ? static_cast<double>(slot + 1) : m_right[slot];
}

std::pair<std::size_t, std::size_t> SlotAxis::within(double low, double high) const
{
    const auto begin = std::lower_bound(m_sorted.begin(), m_sorted.end(), low);
    const auto end = std::upper_bound(begin, m_sorted.end(), high);
    return {static_cast<std::size_t>(begin - m_sorted.begin()),
            static_cast<std::size_t>(end - m_sorted.begin())};
}

double SlotAxis::placeOf(double slot) const
{
    return interpolated(m_knotSlots, m_knotPlaces, slot);
}

double SlotAxis::slotOf(double place) const
{
    return interpolated(m_knotPlaces, m_knotSlots, place);
}

SlotRange SlotAxis::limited(SlotRange range) const
{
    const SlotRange most = all();
    if (!std::isfinite(range.begin) || !std::isfinite(range.end) || range.end < range.begin)
        return most;
    // Widened about its middle in slots, then in decades, then moved back inside.
    if (range.end - range.begin < 2) {
        const double middle = (range.begin + range.end) / 2;
        range = {middle - 1, middle + 1};
    }
    double low = placeOf(range.begin), high = placeOf(range.end);
    const double missing = std::max(narrowest() - (high - low), 0.0) / 2;
    low -= missing;
    high += missing;
    const double first = placeOf(most.begin), last = placeOf(most.end);
    if (high - low >= (last - first) * (1 - 1e-9))
        return most;
    const double shift = std::max(first - low, 0.0) - std::max(high - last, 0.0);
    if (shift == 0 && missing == 0) // exact, so that a linked chart shows just the same
        return range;
    return {std::max(slotOf(low + shift), most.begin), std::min(slotOf(high + shift), most.end)};
}

double SlotAxis::placeOfCount(double count) const
{
    return std::log10(m_most / count);
}

double SlotAxis::countOf(double place) const
{
    return m_most / std::pow(10.0, place);
}

double SlotAxis::absentPlace() const
{
    return placeOfCount(1) + absentGap;
}

} // namespace monotail
