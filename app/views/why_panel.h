// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <filesystem>
#include <memory>

#include "session/browsing.h"

class QBoxLayout;
class QComboBox;
class QLabel;
class QTableView;

namespace monotail {

class HintStack;
class SampleCausesModel;
class Session;
class TextTableModel;
class WhyFigure;
class WhyPicture;

/// Why the sample chosen is classified as it is, and by what the classes' wrong samples are lost.
class WhyPanel : public QWidget
{
    Q_OBJECT

public:
    explicit WhyPanel(Session& session, QWidget* parent = nullptr);

    /// All classes, before and after. Reports by failed().
    void saveCsv(const std::filesystem::path& target);

Q_SIGNALS:
    void failed(const QString& sentence);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void layOut();
    QWidget* makeStory();
    QWidget* makeCauses();
    QWidget* makeSide();
    void refresh();
    void showStory();
    void showCauses();
    void selectClass();
    void arrange();
    void fitTables();
    QString hint() const;
    void askAndSave();

    Session& m_session;
    WhyPicture* m_picture = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_words = nullptr;
    TextTableModel* m_partsModel;
    QTableView* m_parts = nullptr;
    QLabel* m_figureTitle = nullptr;
    WhyFigure* m_figure = nullptr;
    QLabel* m_chooseOne = nullptr; ///< instead of all these
    QWidget* m_story = nullptr;
    QComboBox* m_side = nullptr;
    QLabel* m_causesWords = nullptr;
    SampleCausesModel* m_causesModel;
    QTableView* m_causes = nullptr;
    QBoxLayout* m_halves = nullptr; ///< story and causes
    HintStack* m_all = nullptr;
    std::shared_ptr<const StoryStudy> m_shownStory;
    std::shared_ptr<const CauseStudy> m_shownCauses;
};

} // namespace monotail
