// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include "session/document.h"

class QLineEdit;
class QPushButton;

namespace monotail {

/// Asks for the files of a problem, each with what it is for.
class OpenDialog : public QDialog
{
    Q_OBJECT

public:
    explicit OpenDialog(const Inputs& inputs, QWidget* parent = nullptr);

    Inputs inputs() const;

private:
    enum class Kind { File, FileOrFolder };
    QLineEdit* addSource(const QString& name, const QString& label, const QString& help,
                         const std::string& value, Kind kind);
    void browse(QLineEdit* edit, const QString& title, Kind kind);

    Inputs m_inputs;
    QLineEdit* m_checkpoint;
    QLineEdit* m_counts;
    QLineEdit* m_data;
    QLineEdit* m_head;
    QLineEdit* m_classes;
    QLineEdit* m_classMap;
    QPushButton* m_open;
};

} // namespace monotail
