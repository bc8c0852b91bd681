// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/why_picture.h"

#include <QPainter>

#include "views/sample_tiles.h"

namespace monotail {

namespace {

constexpr int side = 200; // pixels

} // namespace

WhyPicture::WhyPicture(QWidget* parent) : QWidget(parent)
{
    setMinimumWidth(side * 3 / 4);
    setAccessibleName(tr("The image"));
}

void WhyPicture::setImage(const QImage& image, const QString& words)
{
    m_image = image;
    m_words = words;
    setAccessibleDescription(words);
    // Words need less room than a picture.
    const int height = image.isNull() ? 4 * fontMetrics().height() : side;
    setFixedHeight(height);
    update();
}

QSize WhyPicture::sizeHint() const
{
    return {side, side};
}

void WhyPicture::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    if (!m_image.isNull())
        return drawFitted(painter, m_image, rect());
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.drawText(rect().adjusted(6, 6, -6, -6), Qt::AlignCenter | Qt::TextWordWrap, m_words);
}

} // namespace monotail
