// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QListWidget;

namespace monotail {

class AppSettings;
struct Inputs;

/// What is seen before anything is open: where to drop files, what was open lately, the demo, and
/// what each input is.
class StartPage : public QWidget
{
    Q_OBJECT

public:
    explicit StartPage(AppSettings& settings, QWidget* parent = nullptr);

Q_SIGNALS:
    void openAsked();
    void demoAsked(const QString& part);
    void recentChosen(const monotail::Inputs& inputs);

private:
    QWidget* buildWelcome();
    QWidget* buildRecent();
    void showRecent();

    AppSettings& m_settings;
    QListWidget* m_recent;
    QWidget* m_recentBox; ///< hidden while there is nothing
};

} // namespace monotail
