// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QTextBrowser;

namespace monotail {

class Session;

/// The diagnosis in plain words, and everything the user should know of it.
class FindingsPanel : public QWidget
{
    Q_OBJECT

public:
    explicit FindingsPanel(Session& session, QWidget* parent = nullptr);

private:
    void showFindings();
    QString findings() const;

    Session& m_session;
    QTextBrowser* m_text;
};

} // namespace monotail
