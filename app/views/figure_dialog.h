// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/figures.h"

class QWidget;

namespace monotail {

struct SavedFigure
{
    QString path;    ///< empty: not written
    QString problem; ///< why it could not be written; empty if it was, or nobody wanted it
};

/// Asks where the figure should go and writes it there.
SavedFigure askAndSaveFigure(const Figure& figure, const QString& folder, const Inputs& inputs,
                             QWidget* parent);

} // namespace monotail
