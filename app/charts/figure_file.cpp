// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/figure_file.h"

#include <QBuffer>
#include <QImage>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>
#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text.h"

namespace monotail {

namespace {

constexpr double pointsPerInch = 72;
constexpr int pixelsPerInch = 300; // of PNG, what journals ask for

QByteArray svgBytes(const QSizeF& size, const QString& title, const DrawFigure& draw)
{
    QBuffer buffer;
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setTitle(title.toHtmlEscaped()); // Qt 6.4 writes it as it is
    generator.setDescription(QStringLiteral("Monotail"));
    generator.setResolution(static_cast<int>(pointsPerInch));
    generator.setSize(size.toSize());
    generator.setViewBox(QRectF(QPointF(), size));
    QPainter painter(&generator);
    draw(painter, size);
    painter.end();
    return buffer.data();
}

QByteArray pdfBytes(const QSizeF& size, const QString& title, const DrawFigure& draw)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setTitle(title);
    writer.setCreator(QStringLiteral("Monotail"));
    writer.setResolution(1200);
    writer.setPageSize(QPageSize(size, QPageSize::Point, {}, QPageSize::ExactMatch));
    writer.setPageMargins({});
    QPainter painter(&writer);
    painter.scale(1200 / pointsPerInch, 1200 / pointsPerInch);
    draw(painter, size);
    painter.end();
    return buffer.data();
}

QByteArray pngBytes(const QSizeF& size, const QString& title, const DrawFigure& draw)
{
    const double scale = pixelsPerInch / pointsPerInch;
    QImage image((size * scale).toSize(), QImage::Format_RGB32);
    if (image.isNull())
        throw Error(message("a picture of {} x {} points does not fit in memory; choose a smaller "
                            "size, or .svg or .pdf",
                            size.width(), size.height()));
    image.setDotsPerMeterX(static_cast<int>(std::lround(pixelsPerInch / 0.0254)));
    image.setDotsPerMeterY(image.dotsPerMeterX());
    image.setText(QStringLiteral("Title"), title);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.scale(scale, scale);
    draw(painter, size);
    painter.end();
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return buffer.data();
}

} // namespace

FigureFormat figureFormat(const QString& path)
{
    if (path.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive))
        return FigureFormat::Svg;
    if (path.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive))
        return FigureFormat::Pdf;
    if (path.endsWith(QLatin1String(".png"), Qt::CaseInsensitive))
        return FigureFormat::Png;
    throw Error(message("{}: figures are written as .svg, .pdf or .png; give the file one of these "
                        "endings",
                        path.toStdString()));
}

QByteArray figureBytes(FigureFormat format, const QSizeF& size, const QString& title,
                       const DrawFigure& draw)
{
    switch (format) {
    case FigureFormat::Svg:
        return svgBytes(size, title, draw);
    case FigureFormat::Pdf:
        return pdfBytes(size, title, draw);
    case FigureFormat::Png:
        break;
    }
    return pngBytes(size, title, draw);
}

} // namespace monotail
