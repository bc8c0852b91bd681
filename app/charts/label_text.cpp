// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtMath>
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "charts/axis_labels.h"

namespace monotail {

QString groupedText(double value)
{
    return QString::fromStdString(toGroupedText(static_cast<std::int64_t>(std::llround(value))));
}

QString tickText(double value, double step)
{
    if (std::abs(value) < step * 1e-6)
        return QStringLiteral("0");
    const double size = std::max(std::abs(value), step);
    if (size >= 1e7 || step < 1e-5)
        return QString::number(value, 'g', 3);
    const int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
    if (decimals == 0)
        return groupedText(value);
    return QString::fromStdString(toText(value, decimals));
}

QString shortened(const QFontMetricsF& metrics, const QString& text, double room)
{
    // Spares the measuring where it cannot be too long.
    if (static_cast<double>(text.size()) * metrics.maxWidth() <= room)
        return text;
    return metrics.elidedText(text, Qt::ElideRight, room);
}

double longestOf(const QFontMetricsF& metrics, const std::vector<QString>& names)
{
    std::vector<const QString*> longest;
    longest.reserve(names.size());
    for (const QString& name : names)
        longest.push_back(&name);
    const auto count = static_cast<std::ptrdiff_t>(std::min<std::size_t>(longest.size(), 16));
    std::partial_sort(longest.begin(), longest.begin() + count, longest.end(),
                      [](const QString* a, const QString* b) { return a->size() > b->size(); });
    double width = 0;
    for (std::ptrdiff_t i = 0; i < count; ++i)
        width = std::max(width,
                         metrics.horizontalAdvance(longest[static_cast<std::size_t>(i)]->left(80)));
    return width;
}

QPolygonF outlineOf(const Label& label)
{
    QTransform turn;
    turn.translate(label.at.x(), label.at.y());
    turn.rotate(label.angle);
    return turn.map(QPolygonF({label.box.topLeft(), label.box.topRight(), label.box.bottomRight(),
                               label.box.bottomLeft()}));
}

void drawLabel(QPainter& painter, const Label& label, const PlotFrame& frame)
{
    QFont font = frame.font;
    font.setBold(label.tone == Label::Tone::Bold);
    painter.setFont(font);
    painter.setPen(label.tone == Label::Tone::Quiet ? frame.theme.quietText : frame.theme.text);
    const double ascent = QFontMetricsF(font).ascent();
    const QPointF baseline(label.box.left(), label.box.top() + ascent);
    if (label.angle == 0) {
        painter.drawText(label.at + baseline, label.text);
        return;
    }
    painter.save();
    painter.translate(label.at);
    painter.rotate(label.angle);
    painter.drawText(baseline, label.text);
    painter.restore();
}

Label labelled(const QFontMetricsF& metrics, const QString& text, const QPointF& at, Place place,
               double room)
{
    Label label;
    label.text = shortened(metrics, text, room);
    const QSizeF size(metrics.horizontalAdvance(label.text), metrics.height());
    switch (place) {
    case Place::LeftOf:
        label.box = {QPointF(-size.width(), -size.height() / 2), size};
        break;
    case Place::RightOf:
        label.box = {QPointF(0, -size.height() / 2), size};
        break;
    case Place::Below:
        label.box = {QPointF(-size.width() / 2, 0), size};
        break;
    case Place::Centre:
        label.box = {QPointF(-size.width() / 2, -size.height() / 2), size};
        break;
    }
    label.at = at;
    return label;
}

Label uprightLabel(const QFontMetricsF& metrics, const QString& text, const QPointF& at,
                   double room)
{
    Label label = labelled(metrics, text, at, Place::Centre, room);
    label.angle = -90;
    return label;
}

} // namespace monotail
