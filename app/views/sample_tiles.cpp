// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/sample_tiles.h"

#include <QApplication>
#include <QEvent>
#include <QPainter>
#include <QScrollBar>
#include <algorithm>

#include "models/sample_model.h"
#include "models/sample_words.h"
#include "session/thumbnails.h"

namespace monotail {

namespace {

constexpr int imageSide = 84; // pixels: three times a 28 x 28 image
constexpr int padding = 5;
constexpr int lines = 3;

/// What is right needs no name: it is the true class.
QString predictedText(const SampleModel& model, const PickedSample& of)
{
    const auto one = [&](std::int64_t c, bool right) {
        return right ? QStringLiteral("\u2713")
                     : QStringLiteral("\u2717 %1").arg(model.className(c));
    };
    const QString before = one(of.before, of.wasRight()), after = one(of.after, of.isRight());
    return of.before == of.after ? after : QStringLiteral("%1 \u2192 %2").arg(before, after);
}

QString scoreText(const PickedSample& of)
{
    const QString before = probabilityText(of.scoreBefore), after = probabilityText(of.scoreAfter);
    return before == after ? after : QStringLiteral("%1 \u2192 %2").arg(before, after);
}

} // namespace

void drawFitted(QPainter& painter, const QImage& image, const QRect& room)
{
    QSize size = image.size().scaled(room.size(), Qt::KeepAspectRatio);
    const int times = image.isNull() ? 0 : size.width() / image.width();
    if (times >= 1)
        size = image.size() * times;
    QRect target(QPoint(), size);
    target.moveCenter(room.center());
    painter.save();
    painter.setRenderHint(QPainter::SmoothPixmapTransform, times < 1);
    painter.drawImage(target, image);
    painter.restore();
}

SampleTile::SampleTile(const SampleModel& model, Thumbnails& thumbnails, QObject* parent)
    : QStyledItemDelegate(parent), m_model(model), m_thumbnails(thumbnails)
{}

QSize SampleTile::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const
{
    const int text = 17 * option.fontMetrics.averageCharWidth();
    return {std::max(imageSide, text) + 2 * padding,
            imageSide + lines * option.fontMetrics.height() + 3 * padding};
}

void SampleTile::paint(QPainter* painter, const QStyleOptionViewItem& option,
                       const QModelIndex& index) const
{
    QStyleOptionViewItem plain = option;
    initStyleOption(&plain, index);
    plain.text.clear();
    const QWidget* widget = option.widget;
    QStyle* style = widget ? widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &plain, painter, widget);

    const PickedSample& of = m_model.at(index.row());
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const QPalette::ColorGroup group =
        option.state.testFlag(QStyle::State_Active) ? QPalette::Active : QPalette::Inactive;
    painter->save();
    painter->setPen(
        option.palette.color(group, selected ? QPalette::HighlightedText : QPalette::Text));
    QRect room = option.rect.adjusted(padding, padding, -padding, -padding);
    const QRect picture(room.left(), room.top(), room.width(), imageSide);
    const Thumbnails::Thumbnail thumbnail = m_thumbnails.of(of.sample);
    if (!thumbnail.image.isNull())
        drawFitted(*painter, thumbnail.image, picture);
    else if (!thumbnail.problem.isEmpty())
        painter->drawText(picture, Qt::AlignCenter | Qt::TextWordWrap, tr("cannot be read"));
    QRect line(room.left(), picture.bottom() + padding, room.width(), option.fontMetrics.height());
    const QString texts[lines] = {m_model.className(of.label), predictedText(m_model, of),
                                  scoreText(of)};
    for (const QString& text : texts) {
        painter->drawText(line, Qt::AlignHCenter | Qt::AlignVCenter,
                          option.fontMetrics.elidedText(text, Qt::ElideRight, line.width()));
        line.translate(0, option.fontMetrics.height());
    }
    painter->restore();
}

SampleTiles::SampleTiles(SampleModel& model, Thumbnails& thumbnails, QWidget* parent)
    : QListView(parent)
{
    setModel(&model);
    setItemDelegate(new SampleTile(model, thumbnails, this));
    setFlow(QListView::LeftToRight);
    setWrapping(true);
    setResizeMode(QListView::Adjust);
    setUniformItemSizes(true);
    setMovement(QListView::Static);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setTabKeyNavigation(false);
    connect(&thumbnails, &Thumbnails::ready, viewport(), qOverload<>(&QWidget::update));
    fitToFont();
}

void SampleTiles::fitToFont()
{
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    const QSize tile = itemDelegate()->sizeHint(option, {});
    setGridSize(tile);
    verticalScrollBar()->setSingleStep(tile.height() / 4);
}

void SampleTiles::changeEvent(QEvent* event)
{
    QListView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fitToFont();
}

} // namespace monotail
