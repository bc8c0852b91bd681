// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/copy.h"

#include <QAction>
#include <QClipboard>
#include <QFile>
#include <QFileDialog>
#include <QGuiApplication>

#include "base/error.h"
#include "platform/atomic_file.h"
#include "platform/outputs.h"

namespace monotail {

namespace {

QString tabSeparatedLine(const std::vector<std::string>& cells)
{
    QStringList line;
    for (const std::string& cell : cells)
        line += QString::fromStdString(cell).simplified();
    return line.join(QLatin1Char('\t')) + QLatin1Char('\n');
}

} // namespace

QString tabSeparated(const Table& table)
{
    QString out = tabSeparatedLine(table.header);
    for (const auto& row : table.rows)
        out += tabSeparatedLine(row);
    return out;
}

void copyText(const QString& text)
{
    QGuiApplication::clipboard()->setText(text);
}

void copyTable(const Table& table, TableFormat format)
{
    copyText(QString::fromStdString(monotail::format(table, format)));
}

void addCopyActions(QWidget* view, const std::function<Table()>& table)
{
    const auto add = [view](const QString& text, auto work) {
        auto* action = new QAction(text, view);
        QObject::connect(action, &QAction::triggered, view, work);
        view->addAction(action);
        return action;
    };
    QAction* copy = add(QWidget::tr("Copy"), [table] { copyText(tabSeparated(table())); });
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    add(QWidget::tr("Copy as CSV"), [table] { copyTable(table(), TableFormat::Csv); });
    view->setContextMenuPolicy(Qt::ActionsContextMenu);
}

std::filesystem::path askWhereToSave(QWidget* parent, const QString& title,
                                     const QString& suggested)
{
    const QString chosen = QFileDialog::getSaveFileName(
        parent, title, suggested, QFileDialog::tr("Comma-separated values (*.csv);;All files (*)"));
    return QFile::encodeName(chosen).toStdString();
}

QString saveText(const std::filesystem::path& target, const std::string& text, const Inputs& inputs)
{
    try {
        checkOutputs(filesOf(inputs), {target.string()}, Overwrite::Replace);
        writeTextFile(target, text, Overwrite::Replace); // the dialog has asked
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

} // namespace monotail
