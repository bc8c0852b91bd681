// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

namespace monotail {

/// The words of the field, and what keys and mouse do.
class HelpDialog : public QDialog
{
    Q_OBJECT

public:
    explicit HelpDialog(QWidget* parent = nullptr);
};

} // namespace monotail
