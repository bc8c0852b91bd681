// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <filesystem>

namespace monotail {

class ClassList;
class HintStack;
class Session;

/// The class table: what is known of every class, before and after the rescaling.
class ClassPanel : public QWidget
{
    Q_OBJECT

public:
    explicit ClassPanel(Session& session, QWidget* parent = nullptr);

    /// All classes, whatever is filtered, with plain numbers in full. Reports by failed().
    void saveCsv(const std::filesystem::path& target);

public Q_SLOTS:
    void focusFilter();

Q_SIGNALS:
    void failed(const QString& sentence);

private:
    void refresh();
    void askAndSave();

    Session& m_session;
    ClassList* m_list;
    HintStack* m_all; ///< the list, or why there is nothing
};

} // namespace monotail
