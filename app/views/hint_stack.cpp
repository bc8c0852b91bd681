// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/hint_stack.h"

#include "session/session.h"

namespace monotail {

HintStack::HintStack(QWidget* content, QWidget* parent)
    : QStackedWidget(parent), m_label(new QLabel(this))
{
    m_label->setAlignment(Qt::AlignCenter);
    m_label->setWordWrap(true);
    m_label->setMargin(24);
    m_label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    addWidget(content);
    addWidget(m_label);
}

void HintStack::setHint(const QString& hint)
{
    m_label->setText(hint);
    setCurrentIndex(hint.isEmpty() ? 0 : 1);
}

QString missingHead(const Session& session)
{
    const Snapshot& snapshot = session.snapshot();
    if (!snapshot.hasFile())
        return HintStack::tr("Nothing is open. Open a checkpoint, or the demo.");
    if (!snapshot.hasHead())
        return HintStack::tr("Which tensor is the classifier's weight is not known. Inspect says "
                             "why, and there it can be chosen (View > Inspect).");
    return {};
}

} // namespace monotail
