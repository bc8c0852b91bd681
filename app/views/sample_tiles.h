// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QListView>
#include <QStyledItemDelegate>

namespace monotail {

class SampleModel;
class Thumbnails;

/// A sample as a tile: its image, its true class, what it is predicted as and how surely.
class SampleTile : public QStyledItemDelegate
{
    Q_OBJECT

public:
    SampleTile(const SampleModel& model, Thumbnails& thumbnails, QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    const SampleModel& m_model;
    Thumbnails& m_thumbnails;
};

/// The samples of a model as tiles, as many a row as there is room for. Only what is in sight is
/// decoded.
class SampleTiles : public QListView
{
    Q_OBJECT

public:
    SampleTiles(SampleModel& model, Thumbnails& thumbnails, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void fitToFont();
};

/// An image in a rectangle, as large as fits and in the middle; small ones are enlarged by whole
/// numbers, so that their pixels can be seen.
void drawFitted(QPainter& painter, const QImage& image, const QRect& room);

} // namespace monotail
