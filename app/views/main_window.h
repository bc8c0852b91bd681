// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMainWindow>

#include "render/figures.h"
#include "session/session.h"
#include "views/training_sources_box.h"

class QMenu;
class QStackedWidget;

namespace monotail {

class AppSettings;
class Docks;
class ErrorBanner;
class NormPanel;
class StartPage;

/// Docks, menus and wiring; everything else is in the session and the panels.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    MainWindow(Session& session, AppSettings& settings, QWidget* parent = nullptr);

    /// A session file, or files of which the contents say what they are.
    void openPaths(const std::vector<std::string>& paths);
    /// Where data are images and nothing is said of how they reach the network, that is asked.
    void openInputs(const Inputs& inputs, const std::optional<Choices>& choices);

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildCentre();
    void buildMenus();
    void buildFileMenu();
    void buildEditMenu();
    void buildViewMenu();
    void buildHelpMenu();
    QMenu* buildFigureMenu();
    QAction* addFigure(QMenu* menu, const QString& title, const QString& name, const QSizeF& size,
                       const DrawFigure& draw);
    void addRunFigures(QMenu* menu);
    QMenu* buildAppearanceMenu();
    void connectSession();

    void showDocument();
    void showRecent();
    void openFiles(const Inputs& inputs, const std::optional<Choices>& choices);
    enum class Ask { Always, IfNew };
    std::optional<Inputs> withImageOptions(const Inputs& inputs, Ask ask);
    void openData(const Inputs& inputs);
    void openDemo(const QString& part);
    void openSession(const std::string& path);
    void saveSessionAs();
    void saveSession();
    void askOpen();
    void askOpen(const Inputs& inputs, const std::optional<Choices>& choices);
    void addCounts();
    void addData();
    void compareWith();
    void chooseTrainingSource(TrainingSourcesBox::Source source);
    void exportCheckpoint();
    void exportReport();
    void selectAll();
    void showAbout();
    QString outputFolder() const;

    Session& m_session;
    AppSettings& m_settings;
    ErrorBanner* m_banner;
    QStackedWidget* m_centre;
    StartPage* m_start;
    NormPanel* m_norms;
    Docks* m_docks;
    std::optional<Inputs> m_typed; ///< in the open dialog, until it has been opened
    QString m_sessionFile;         ///< where Ctrl+S saves; empty = ask
    QMenu* m_recent;
    std::vector<QAction*> m_withFile, m_withHead, m_withCounts, m_withData;
};

} // namespace monotail
