// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/error_banner.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace monotail {

ErrorBanner::ErrorBanner(QWidget* parent)
    : QFrame(parent), m_mark(new QLabel(this)), m_text(new QLabel(this))
{
    setObjectName(QStringLiteral("banner"));
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    m_text->setWordWrap(true);
    m_text->setMinimumWidth(200); // a long path must not widen the window
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setObjectName(QStringLiteral("bannerText"));
    auto* dismiss = new QToolButton(this);
    dismiss->setText(tr("Dismiss"));
    dismiss->setObjectName(QStringLiteral("dismiss"));
    connect(dismiss, &QToolButton::clicked, this, &QWidget::hide);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->addWidget(m_mark);
    layout->addWidget(m_text, 1);
    layout->addWidget(dismiss);
    hide();
}

void ErrorBanner::showError(const QString& sentence)
{
    showText(sentence, QStringLiteral("\u26a0"), QColor(0xD5, 0x5E, 0x00));
}

void ErrorBanner::showNotice(const QString& sentence)
{
    showText(sentence, QStringLiteral("\u2713"), QColor(0x00, 0x9E, 0x73));
}

QString ErrorBanner::text() const
{
    return isHidden() ? QString() : m_text->text();
}

void ErrorBanner::showText(const QString& sentence, const QString& mark, const QColor& colour)
{
    // A tint of the palette's own background keeps the text readable in light and dark.
    const QColor base = parentWidget()->palette().color(QPalette::Window);
    const auto blend = [](int a, int b) { return (a * 4 + b) / 5; };
    QPalette tinted = parentWidget()->palette();
    tinted.setColor(QPalette::Window,
                    QColor(blend(base.red(), colour.red()), blend(base.green(), colour.green()),
                           blend(base.blue(), colour.blue())));
    setPalette(tinted);
    m_mark->setText(mark);
    m_text->setText(sentence);
    setAccessibleName(sentence);
    show();
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

} // namespace monotail
