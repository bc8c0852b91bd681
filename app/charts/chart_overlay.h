// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTextDocument>
#include <optional>

#include "charts/slot_picture.h"

namespace monotail {

/// What moves over a picture and is in no figure: the hover card and its mark, the stretch being
/// dragged, the frame that tells the focus. Each is an item of its own, so that moving it repaints
/// little.
class ChartOverlay
{
public:
    explicit ChartOverlay(SlotPicture& picture);

    /// Marks a slot and shows `html` beside it, in the picture and not under the pointer.
    void showCard(std::size_t slot, const QString& html, const std::optional<QPointF>& pointer);
    void hideCard();
    QRectF cardRect() const { return m_cardRect; }
    /// From x to x.
    void showStretch(double from, double to);
    void hideStretch();
    void setFocused(bool focused);
    /// After the picture was laid out.
    void layOut();

private:
    void placeCard();
    void setHtml(const QString& html);
    void paintCard(QPainter& painter) const;
    void paintRing(QPainter& painter) const;
    double ringRadius() const;

    SlotPicture& m_picture;
    LayerItem *m_line, *m_ring, *m_card, *m_stretch, *m_frame; // of the scene
    QTextDocument m_document;
    QString m_html;
    QFont m_font;
    QSizeF m_laidFor;
    std::optional<std::size_t> m_slot;
    std::optional<QPointF> m_pointer;
    QPointF m_point;
    QRectF m_cardRect;
};

} // namespace monotail
