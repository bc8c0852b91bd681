// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/figures.h"

class QWidget;

namespace monotail {

/// Asks where the figure should go and writes it there. Returns why it could not be written, or
/// nothing.
QString askAndSaveFigure(const Figure& figure, const QString& folder, const Inputs& inputs,
                         QWidget* parent);

} // namespace monotail
