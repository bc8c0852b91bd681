// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/passive_view.h"

namespace monotail {

PassiveView::PassiveView(QGraphicsScene& scene, QWidget* parent) : QGraphicsView(&scene, parent)
{
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAlignment(Qt::AlignLeft | Qt::AlignTop);
    setFocusPolicy(Qt::NoFocus);
    setInteractive(false);
    setAttribute(Qt::WA_TransparentForMouseEvents);
    // The scene's background covers all: nothing needs to be erased under it.
    viewport()->setAutoFillBackground(false);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    parent->setAttribute(Qt::WA_OpaquePaintEvent);
}

} // namespace monotail
