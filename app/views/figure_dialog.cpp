// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/figure_dialog.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>

#include "base/error.h"
#include "words/words.h"

namespace monotail {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("FigureDialog", text);
}

} // namespace

SavedFigure askAndSaveFigure(const Figure& figure, const QString& folder, const Inputs& inputs,
                             QWidget* parent)
{
    QFileDialog dialog(parent, figure.title, folder);
    dialog.setAcceptMode(QFileDialog::AcceptSave);
    dialog.setNameFilters({tr("SVG picture (*.svg)"), tr("PDF document (*.pdf)"),
                           tr("PNG picture, 300 dots per inch (*.png)")});
    dialog.setDefaultSuffix(QStringLiteral("svg"));
    dialog.selectFile(figure.name + QStringLiteral(".svg"));
    QObject::connect(&dialog, &QFileDialog::filterSelected, &dialog, [&](const QString& filter) {
        const QString ending = filter.section(QStringLiteral("*."), 1).chopped(1);
        const QString name =
            QFileInfo(dialog.selectedFiles().value(0, figure.name)).completeBaseName();
        dialog.setDefaultSuffix(ending);
        dialog.selectFile(name + QLatin1Char('.') + ending);
    });
    if (dialog.exec() != QDialog::Accepted)
        return {};
    const QString path = dialog.selectedFiles().first();
    try {
        saveFigure(figure, path.toStdString(), inputs, Overwrite::Replace); // the dialog has asked
    } catch (const Error& error) {
        return {{}, inWindow(error.what())};
    }
    return {path, {}};
}

} // namespace monotail
