// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QLabel;

namespace monotail {

/// A line across the window that says what went wrong, or what was done; it stays until it is
/// dismissed or replaced, and never blocks.
class ErrorBanner : public QFrame
{
    Q_OBJECT

public:
    explicit ErrorBanner(QWidget* parent = nullptr);

    void showError(const QString& sentence);
    void showNotice(const QString& sentence);
    QString text() const;

private:
    void showText(const QString& sentence, const QString& mark, const QColor& colour);

    QLabel* m_mark;
    QLabel* m_text;
};

} // namespace monotail
