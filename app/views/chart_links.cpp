// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/chart_links.h"

#include "charts/slot_chart.h"
#include "models/chart_data.h"
#include "session/session.h"

namespace monotail {

void linkChart(SlotChart& chart, Session& session)
{
    ClassSelection& selection = session.selection();
    QObject::connect(&chart, &SlotChart::picked, &selection,
                     [&selection](const std::vector<std::int64_t>& classes, Pick pick) {
                         if (pick == Pick::Toggle)
                             selection.toggle(classes);
                         else if (pick == Pick::Add)
                             selection.add(classes);
                         else
                             selection.set(classes);
                     });
    QObject::connect(&selection, &ClassSelection::changed, &chart,
                     [&] { chart.setSelection(selection.classes()); });
    chart.setHoverText([&session](std::int64_t c) { return classCard(session.snapshot(), c); });
}

void linkRanges(SlotChart& a, SlotChart& b)
{
    QObject::connect(&a, &SlotChart::rangeChanged, &b, &SlotChart::showRange);
    QObject::connect(&b, &SlotChart::rangeChanged, &a, &SlotChart::showRange);
}

} // namespace monotail
