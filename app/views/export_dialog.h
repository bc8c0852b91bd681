// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include "models/export_words.h"

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace monotail {

class ExportFormatBox;

/// Writes the head as it is rescaled now into a copy of the checkpoint or a new file: says before
/// what will change and after what was verified. Not modal: progress and cancel are in the status
/// bar.
class ExportDialog : public QDialog
{
    Q_OBJECT

public:
    /// Starts with a name of its own in `folder`.
    ExportDialog(Session& session, const QString& folder, QWidget* parent = nullptr);

private:
    void build();
    void showPlan();
    SuggestedName suggestion() const;
    void suggestName();
    void grow();
    void checkTarget();
    void browse();
    void startExport();
    void showResult(const ExportResult& result);
    void showFailure(const QString& title, const QString& sentence);
    bool isOwn(const QString& title) const;
    void endExport(const QString& text);

    Session& m_session;
    QLabel* m_plan;
    ExportFormatBox* m_format;
    QLineEdit* m_target;
    QCheckBox* m_replace;
    QLabel* m_result;
    QPushButton* m_export;
    bool m_possible = false; ///< the head can take this rescaling
    bool m_running = false;
    std::filesystem::path m_written; ///< the target of the export that runs
    SuggestedName m_suggested;       ///< the last one
    QString m_resultOf;              ///< the target that the result is about
};

} // namespace monotail
