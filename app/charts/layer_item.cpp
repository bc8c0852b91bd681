// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/layer_item.h"

#include <QPainter>
#include <QStyleOptionGraphicsItem>
#include <utility>

namespace monotail {

LayerItem::LayerItem(QGraphicsItem* parent, double z, Paint paint)
    : QGraphicsItem(parent), m_paint(std::move(paint))
{
    setZValue(z);
    setFlag(ItemUsesExtendedStyleOption); // for the exposed part
    setAcceptedMouseButtons(Qt::NoButton);
}

void LayerItem::setBounds(const QRectF& bounds)
{
    if (bounds == m_bounds)
        return;
    prepareGeometryChange();
    m_bounds = bounds;
}

void LayerItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget*)
{
    painter->save();
    m_paint(*painter, option->exposedRect & m_bounds);
    painter->restore();
}

} // namespace monotail
