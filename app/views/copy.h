// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>
#include <filesystem>
#include <functional>
#include <string>

#include "report/table.h"
#include "session/document.h"

/// Tables on their way out of the window.
namespace monotail {

/// Cells with tabs between, for spreadsheets: header, then rows.
QString tabSeparated(const Table& table);
void copyText(const QString& text);
void copyTable(const Table& table, TableFormat format);
/// A context menu for `view`, and Ctrl+C; `table` is asked when one of them is chosen.
void addCopyActions(QWidget* view, const std::function<Table()>& table);

/// Where to save, as the user says; empty if not at all. `suggested` is a file name.
std::filesystem::path askWhereToSave(QWidget* parent, const QString& title,
                                     const QString& suggested);
/// Replaces what is there, but none of the inputs. Returns why it could not be written; empty if it
/// was.
QString saveText(const std::filesystem::path& target, const std::string& text,
                 const Inputs& inputs);

} // namespace monotail
