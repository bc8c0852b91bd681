// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QSizeF>
#include <QString>
#include <functional>

class QPainter;

namespace monotail {

enum class FigureFormat { Svg, Pdf, Png };

/// Draws into (0, 0) to the size given, in points (1/72 inch).
using DrawFigure = std::function<void(QPainter& painter, const QSizeF& size)>;

/// By the file name's ending; throws Error for any other than .svg, .pdf and .png.
FigureFormat figureFormat(const QString& path);

/// The bytes of a figure file: SVG with text as text, PDF on a page of its size, PNG at 300 dpi.
QByteArray figureBytes(FigureFormat format, const QSizeF& size, const QString& title,
                       const DrawFigure& draw);

} // namespace monotail
