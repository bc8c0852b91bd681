// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <filesystem>
#include <vector>

#include "charts/figure_file.h"
#include "platform/atomic_file.h"
#include "session/snapshot.h"

namespace monotail {

/// A picture that can be drawn for paper at any time.
struct Figure
{
    QString name;  ///< of its file, without ending
    QString title; ///< for people
    QSizeF size;   ///< points
    DrawFigure draw;
};

constexpr QSizeF chartSize{720, 440};
constexpr QSizeF groupsSize{560, 400};
constexpr QSizeF curveSize{560, 400};

/// Norms, recall per class, group accuracies and the sweep of the parameter chosen: those for which
/// the snapshot has the numbers.
std::vector<Figure> figuresOf(const Snapshot& snapshot);

/// The format is that of the path's ending. Throws Error if the file is one of the inputs or
/// cannot be written.
void saveFigure(const Figure& figure, const std::filesystem::path& path, const Inputs& inputs,
                Overwrite overwrite);

} // namespace monotail
