// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/before_after_chart.h"

#include "charts/before_after_picture.h"

namespace monotail {

BeforeAfterChart::BeforeAfterChart(QWidget* parent)
    : SlotChart(std::make_unique<BeforeAfterPicture>(), parent)
{
    setAccessibleName(tr("Numbers by class, before and after"));
}

BeforeAfterChart::~BeforeAfterChart() = default;

BeforeAfterPicture& BeforeAfterChart::numbers() const
{
    return static_cast<BeforeAfterPicture&>(picture());
}

void BeforeAfterChart::setData(const BeforeAfterData& shown)
{
    numbers().setData(shown);
    setAccessibleName(tr("%1 by class, before and after").arg(shown.yTitle));
    showClasses(shown.classes, m_axis);
}

void BeforeAfterChart::setView(BeforeAfterView view)
{
    numbers().setView(view);
    showClasses(numbers().data().classes, m_axis);
}

void BeforeAfterChart::setXAxis(XAxis axis)
{
    m_axis = axis;
    showClasses(numbers().data().classes, axis);
}

} // namespace monotail
