// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "charts/slot_chart.h"

namespace monotail {

/// Where slots lie along x, in "places", which a frame turns into pixels.
///
/// Position: slot i is the stretch [i, i + 1) of places, its centre i + 0.5.
///
/// LogFrequency: a place is log10(most images / images), so the most frequent class is leftmost and
/// classes with equal counts share a place; absent classes have one of their own, half a decade
/// right of "1". What is shown is still told in slots, so that charts can be linked and the history
/// survives a switch of the axis: the middle of each run of equal counts stands at its place, slots
/// between run linearly. That map and its inverse are exact for fractions too. Where the slots are
/// not in order of falling counts, ranks by count take the slots' part in it.
class SlotAxis
{
public:
    SlotAxis() = default;
    /// Without counts LogFrequency is Position.
    SlotAxis(const Slots& classes, XAxis axis);

    XAxis kind() const { return m_kind; }
    std::size_t size() const { return m_centres.size(); }
    /// The middle of a slot and its edges, as places.
    double centre(std::size_t slot) const { return m_centres[slot]; }
    double left(std::size_t slot) const;
    double right(std::size_t slot) const;
    /// Slots from left to right, and those of them with a centre in [low, high]: [first, second).
    const std::vector<std::size_t>& order() const { return m_order; }
    std::pair<std::size_t, std::size_t> within(double low, double high) const;

    double placeOf(double slot) const;
    double slotOf(double place) const;
    SlotRange all() const { return {0, static_cast<double>(size())}; }
    /// `range` cut to what there is, at least about two slots wide; not finite = all.
    SlotRange limited(SlotRange range) const;
    /// The least that is shown, in places.
    double narrowest() const { return m_kind == XAxis::LogFrequency ? 0.05 : 2; }

    /// LogFrequency: of a count of at least 1, and back; the place of absent classes.
    double placeOfCount(double count) const;
    double countOf(double place) const;
    double absentPlace() const;
    bool hasAbsent() const { return m_hasAbsent; }

private:
    void placeByCount(const std::vector<double>& counts);
    void buildKnots();

    XAxis m_kind = XAxis::Position;
    std::vector<double> m_centres;
    std::vector<std::size_t> m_order;
    std::vector<double> m_sorted;                        // m_centres in m_order
    std::vector<double> m_left, m_right;                 // by slot; LogFrequency
    std::vector<double> m_knotSlots{0}, m_knotPlaces{0}; // the map of slots to places
    double m_most = 1;
    bool m_hasAbsent = false;
};

/// A number of a list that may be shorter than the slots; NaN where it is.
double valueAt(const std::vector<double>& values, std::size_t slot);

} // namespace monotail
