// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/open_dialog.h"

#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace monotail {

namespace {

std::string textOf(const QLineEdit* edit)
{
    return edit->text().trimmed().toStdString();
}

} // namespace

OpenDialog::OpenDialog(const Inputs& inputs, QWidget* parent) : QDialog(parent), m_inputs(inputs)
{
    setWindowTitle(tr("Open"));
    setMinimumWidth(560);
    auto* layout = new QVBoxLayout(this);
    m_checkpoint =
        addSource(QStringLiteral("checkpoint"), tr("&Checkpoint"),
                  tr("A PyTorch or safetensors file; of a sharded one its .index.json. Nothing "
                     "in it is run."),
                  inputs.checkpoint, Kind::File);
    m_counts = addSource(QStringLiteral("counts"), tr("Training coun&ts"),
                         tr("Text, CSV, JSON, label list or image folder; or a law such as "
                            "exp:500:100:100 (largest count, imbalance factor, classes)."),
                         inputs.counts, Kind::FileOrFolder);
    m_data =
        addSource(QStringLiteral("data"), tr("&Data"),
                  tr("Features before the classifier, with labels: .safetensors, .npz, .pt, "
                     "or features.npy,labels.npy. Or images: a folder with a folder per class, "
                     "a label list, CIFAR-10/100 or IDX."),
                  inputs.data, Kind::FileOrFolder);
    m_head = addSource(QStringLiteral("head"), tr("&Head, if it is not found"),
                       tr("The end of its weight's name, such as fc.weight."), inputs.head.name,
                       Kind::File);
    m_classes = addSource(QStringLiteral("classes"), tr("Class &names"),
                          tr("One per line in class order, or CSV index,name."),
                          inputs.naming.classes.string(), Kind::File);
    m_classMap = addSource(QStringLiteral("classMap"), tr("Class &map"),
                           tr("Lines \"name index\" that tie folder names to classes."),
                           inputs.naming.classMap.string(), Kind::File);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Open | QDialogButtonBox::Cancel, this);
    m_open = buttons->button(QDialogButtonBox::Open);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    const auto check = [this] { m_open->setEnabled(!m_checkpoint->text().trimmed().isEmpty()); };
    connect(m_checkpoint, &QLineEdit::textChanged, this, check);
    check();
}

Inputs OpenDialog::inputs() const
{
    Inputs inputs = m_inputs; // what the dialog does not show stays as it was
    // How a head was to be read is not true of another one.
    if (textOf(m_checkpoint) != m_inputs.checkpoint || textOf(m_head) != m_inputs.head.name)
        inputs.head = {};
    inputs.checkpoint = textOf(m_checkpoint);
    inputs.counts = textOf(m_counts);
    inputs.data = textOf(m_data);
    inputs.head.name = textOf(m_head);
    inputs.naming = {textOf(m_classes), textOf(m_classMap)};
    return inputs;
}

QLineEdit* OpenDialog::addSource(const QString& name, const QString& label, const QString& help,
                                 const std::string& value, Kind kind)
{
    auto* edit = new QLineEdit(QString::fromStdString(value), this);
    edit->setObjectName(name);
    edit->setToolTip(help);
    auto* caption = new QLabel(label, this);
    caption->setBuddy(edit);
    auto* hint = new QLabel(help, this);
    hint->setWordWrap(true);
    QFont small = hint->font();
    small.setPointSizeF(small.pointSizeF() * 0.9);
    hint->setFont(small);
    auto* row = new QHBoxLayout;
    row->addWidget(edit, 1);
    QString plain = label;
    plain.remove(QLatin1Char('&'));
    edit->setAccessibleName(plain);
    if (name != QLatin1String("head")) {
        auto* file = new QPushButton(tr("File\u2026"), this);
        file->setAccessibleName(tr("%1: choose a file").arg(plain));
        connect(file, &QPushButton::clicked, this,
                [this, edit, plain] { browse(edit, plain, Kind::File); });
        row->addWidget(file);
    }
    if (kind == Kind::FileOrFolder) {
        auto* folder = new QPushButton(tr("Folder\u2026"), this);
        folder->setAccessibleName(tr("%1: choose a folder").arg(plain));
        connect(folder, &QPushButton::clicked, this,
                [this, edit, plain] { browse(edit, plain, Kind::FileOrFolder); });
        row->addWidget(folder);
    }
    auto* column = qobject_cast<QVBoxLayout*>(layout());
    column->addWidget(caption);
    column->addLayout(row);
    column->addWidget(hint);
    return edit;
}

void OpenDialog::browse(QLineEdit* edit, const QString& title, Kind kind)
{
    QString start = edit->text();
    for (const QLineEdit* other : {m_checkpoint, m_counts, m_data})
        if (start.isEmpty() && !other->text().isEmpty())
            start = QFileInfo(other->text()).path();
    const QString chosen = kind == Kind::File
                               ? QFileDialog::getOpenFileName(this, title, start)
                               : QFileDialog::getExistingDirectory(this, title, start);
    if (!chosen.isEmpty())
        edit->setText(chosen);
}

} // namespace monotail
