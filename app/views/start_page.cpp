// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/start_page.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "session/settings.h"
#include "words/words.h"

namespace monotail {

namespace {

QLabel* paragraph(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setWordWrap(true);
    return label;
}

QString describeInputs(const Inputs& inputs)
{
    QStringList parts;
    if (!inputs.counts.empty())
        parts << StartPage::tr("counts: %1").arg(fileName(inputs.counts));
    if (!inputs.data.empty())
        parts << StartPage::tr("data: %1").arg(fileName(inputs.data));
    return parts.isEmpty() ? StartPage::tr("checkpoint only") : parts.join(QStringLiteral(", "));
}

} // namespace

StartPage::StartPage(AppSettings& settings, QWidget* parent)
    : QWidget(parent), m_settings(settings), m_recent(new QListWidget(this)),
      m_recentBox(buildRecent())
{
    auto* page = new QWidget;
    auto* columns = new QHBoxLayout(page);
    columns->setSpacing(32);
    columns->addStretch(1);
    columns->addWidget(buildWelcome(), 3);
    columns->addWidget(m_recentBox, 2);
    columns->addStretch(1);
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(page);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);
    connect(&settings, &AppSettings::recentChanged, this, &StartPage::showRecent);
    showRecent();
}

QWidget* StartPage::buildWelcome()
{
    auto* box = new QWidget(this);
    box->setMaximumWidth(620);
    auto* title = new QLabel(tr("Monotail"), box);
    QFont large = title->font();
    large.setPointSizeF(large.pointSizeF() * 2);
    large.setBold(true);
    title->setFont(large);

    auto* drop =
        new QLabel(tr("Drop a checkpoint here,\nwith counts and data if you have them"), box);
    drop->setAlignment(Qt::AlignCenter);
    drop->setMinimumHeight(110);
    drop->setFrameShape(QFrame::Box);
    drop->setObjectName(QStringLiteral("dropArea"));

    auto* open = new QPushButton(tr("&Open files\u2026"), box);
    open->setObjectName(QStringLiteral("openFiles"));
    open->setToolTip(tr("Choose a checkpoint, training counts and data (Ctrl+O)."));
    auto* demo = new QPushButton(tr("Open the &demo"), box);
    demo->setObjectName(QStringLiteral("openDemo"));
    demo->setToolTip(tr("Fashion-MNIST cut to a long tail: 1,000 shirts at one end, 5 sandals at "
                        "the other, and a small ResNet trained on it."));
    demo->setDefault(true);
    connect(open, &QPushButton::clicked, this, &StartPage::openAsked);
    connect(demo, &QPushButton::clicked, this,
            [this] { Q_EMIT demoAsked(QStringLiteral("stage1")); });
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(demo);
    buttons->addWidget(open);
    buttons->addStretch(1);

    auto* layout = new QVBoxLayout(box);
    layout->setSpacing(12);
    layout->addStretch(1);
    layout->addWidget(title);
    layout->addWidget(paragraph(tr("Shows why a classifier trained on long-tailed data overlooks "
                                   "rare classes, and corrects it: class frequency against weight "
                                   "norm, before and after PAVA."),
                                box));
    layout->addWidget(drop);
    layout->addLayout(buttons);
    layout->addWidget(paragraph(
        tr("<p><b>Checkpoint</b> (.pt, .pth, .pth.tar, .ckpt, .safetensors): the trained model. "
           "Nothing in it is run. Alone it shows its classifier's weight norms.</p>"
           "<p><b>Counts</b> (text, CSV, JSON, label list, image folder): training images per "
           "class. With them: norms by frequency, and which classes PAVA pools.</p>"
           "<p><b>Data</b> (.safetensors, .npz, .pt): features before the classifier, with "
           "labels. With them: accuracy per class, before and after, as you play.</p>"),
        box));
    layout->addStretch(1);
    return box;
}

QWidget* StartPage::buildRecent()
{
    auto* box = new QWidget(this);
    box->setMaximumWidth(460);
    auto* title = new QLabel(tr("Opened lately"), box);
    QFont bold = title->font();
    bold.setBold(true);
    title->setFont(bold);
    title->setBuddy(m_recent);
    m_recent->setObjectName(QStringLiteral("recent"));
    m_recent->setAccessibleName(tr("Opened lately"));
    m_recent->setWordWrap(true);
    m_recent->setTextElideMode(Qt::ElideMiddle);
    connect(m_recent, &QListWidget::itemActivated, this, [this](const QListWidgetItem* item) {
        const auto at = item->data(Qt::UserRole).toUInt();
        const std::vector<Inputs> recent = m_settings.recent();
        if (at < recent.size())
            Q_EMIT recentChosen(recent[at]);
    });
    auto* layout = new QVBoxLayout(box);
    layout->addSpacing(48);
    layout->addWidget(title);
    layout->addWidget(m_recent, 1);
    layout->addSpacing(48);
    return box;
}

void StartPage::showRecent()
{
    m_recent->clear();
    const std::vector<Inputs> recent = m_settings.recent();
    for (std::size_t i = 0; i < recent.size(); ++i) {
        const QString path = QString::fromStdString(recent[i].checkpoint);
        const bool there = QFileInfo::exists(path);
        auto* item = new QListWidgetItem(
            QStringLiteral("%1%2\n%3")
                .arg(tr("%1 in %2").arg(fileName(recent[i].checkpoint), QFileInfo(path).path()),
                     there ? QString() : tr(" (not found)"), describeInputs(recent[i])),
            m_recent);
        item->setToolTip(path);
        item->setData(Qt::UserRole, static_cast<unsigned>(i));
    }
    m_recentBox->setVisible(!recent.empty());
}

} // namespace monotail
