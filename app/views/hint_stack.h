// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QStackedWidget>

namespace monotail {

class Session;

/// A panel's content or, while there is none, a line that says why and what to do.
class HintStack : public QStackedWidget
{
    Q_OBJECT

public:
    explicit HintStack(QWidget* content, QWidget* parent = nullptr);

    /// An empty hint shows the content.
    void setHint(const QString& hint);
    QString hint() const { return currentIndex() == 0 ? QString() : m_label->text(); }

private:
    QLabel* m_label;
};

/// Why there are no classes to show: nothing is open, or no head is known. Empty if there are.
QString missingHead(const Session& session);

} // namespace monotail
