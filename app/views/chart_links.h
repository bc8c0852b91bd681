// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace monotail {

class Session;
class SlotChart;

/// Picks in the chart change the session's selection, and the selection is marked in the chart; the
/// hover card tells what the session knows of a class.
void linkChart(SlotChart& chart, Session& session);

/// Both charts show the same stretch of classes, whichever is zoomed.
void linkRanges(SlotChart& a, SlotChart& b);

} // namespace monotail
