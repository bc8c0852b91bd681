// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/findings_panel.h"

#include <QTextBrowser>
#include <QVBoxLayout>

#include "report/story.h"
#include "report/text.h"
#include "session/measuring.h"
#include "session/session.h"
#include "words/words.h"

namespace monotail {

namespace {

QString paragraph(const QString& title, const std::string& text)
{
    if (text.empty())
        return {};
    QString body = QString::fromStdString(text).trimmed().toHtmlEscaped();
    body.replace(QLatin1Char('\n'), QStringLiteral("<br>"));
    return QStringLiteral("<p><b>%1</b><br>%2</p>").arg(title, body);
}

} // namespace

FindingsPanel::FindingsPanel(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_text(new QTextBrowser(this))
{
    m_text->setAccessibleName(tr("Findings"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_text);
    connect(&session, &Session::documentChanged, this, &FindingsPanel::showFindings);
    connect(&session, &Session::choicesChanged, this, &FindingsPanel::showFindings);
    connect(&session, &Session::methodsChanged, this, &FindingsPanel::showFindings);
    showFindings();
}

void FindingsPanel::showFindings()
{
    const QString text = findings();
    if (text != m_text->property("shown").toString()) {
        m_text->setProperty("shown", text);
        m_text->setHtml(text);
    }
}

QString FindingsPanel::findings() const
{
    const Snapshot& now = m_session.snapshot();
    if (!now.hasFile())
        return {};
    QString text;
    if (now.hasCounts())
        text += paragraph(tr("Norms"), describeBlocks(*now.profile));
    else
        text += paragraph(tr("Head"), now.document->headProblem.toStdString());
    const MethodResult* shown =
        now.methods && now.rescaling ? findResult(*now.methods, *now.rescaling) : nullptr;
    if (shown)
        text += paragraph(
            tr("Accuracy, %1").arg(methodText(shown->rescaling)),
            tellStory(*now.document->features, *now.document->classes, *now.methods, *shown));
    if (now.methods)
        text += paragraph(tr("Reading of the model"),
                          describeReading(*now.document->classes, *now.methods));
    QString notes;
    for (const std::string& warning : m_session.warnings())
        notes += QStringLiteral("<li>%1</li>").arg(inWindow(warning).toHtmlEscaped());
    if (!notes.isEmpty())
        text += tr("<p><b>To know</b></p><ul>%1</ul>").arg(notes);
    return text;
}

} // namespace monotail
