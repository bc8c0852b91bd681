// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <filesystem>

#include "session/browsing.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QStackedWidget;
class QTableView;

namespace monotail {

class HintStack;
class SampleModel;
class SampleTiles;
class Session;

/// The samples behind the classes selected or a cell of the confusion: as tiles with their images,
/// or, where there are none, as rows.
class SamplesPanel : public QWidget
{
    Q_OBJECT

public:
    explicit SamplesPanel(Session& session, QWidget* parent = nullptr);

    /// The samples shown, in order, with plain numbers in full. Reports by failed().
    void saveCsv(const std::filesystem::path& target);

Q_SIGNALS:
    void failed(const QString& sentence);
    void chosen(); ///< a sample, by a click or by Enter

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void layOut();
    QWidget* makeControls();
    void addViews();
    void addActions(QWidget* view);
    void connectAll();
    void chooseView();
    void refresh();
    void showControls();
    void showSamples();
    void showCurrent();
    void takeCurrent();
    void fitToFont();
    QString hint() const;
    void askAndSave();

    Session& m_session;
    SampleModel* m_model;
    QComboBox* m_change = nullptr;
    QComboBox* m_order = nullptr;
    QCheckBox* m_asTiles = nullptr;
    QLabel* m_summary = nullptr;
    QLabel* m_noImages = nullptr;
    SampleTiles* m_tiles = nullptr;
    QTableView* m_rows = nullptr;
    QStackedWidget* m_views = nullptr;
    HintStack* m_list = nullptr; ///< the samples, or why there are none
    HintStack* m_all = nullptr;  ///< all of it, or what is missing for it
    std::shared_ptr<const SampleStudy> m_shown;
    bool m_busy = false; ///< what is current changes by program
};

} // namespace monotail
