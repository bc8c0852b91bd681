// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <filesystem>

#include "session/comparing.h"

class QComboBox;
class QLabel;

namespace monotail {

class ClassList;
class HintStack;
class Session;

/// Two heads, or one under two rescalings, class by class.
class ComparePanel : public QWidget
{
    Q_OBJECT

public:
    explicit ComparePanel(Session& session, QWidget* parent = nullptr);

    /// All classes, largest difference first, with plain numbers in full. Reports by failed().
    void saveCsv(const std::filesystem::path& target);

Q_SIGNALS:
    void failed(const QString& sentence);
    void otherAsked(); ///< another checkpoint is to be chosen

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void layOut();
    QWidget* makeWords();
    QComboBox* addSide(const QString& name);
    void refresh();
    void showSides();
    void chooseSides();
    QString hint() const;
    void askAndSave();

    Session& m_session;
    QComboBox* m_before = nullptr;
    QComboBox* m_after = nullptr;
    QLabel* m_summary;
    QLabel* m_overall;
    ClassList* m_list;
    HintStack* m_all; ///< the comparison, or why there is none
    std::shared_ptr<const PairStudy> m_shown;
};

} // namespace monotail
