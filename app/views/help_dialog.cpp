// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/help_dialog.h"

#include <QDialogButtonBox>
#include <QTextBrowser>
#include <QVBoxLayout>

#include "words/head_words.h"
#include "words/terms.h"

namespace monotail {

namespace {

/// What stands before the colon is what is explained.
QString paragraph(const QString& explanation)
{
    const QString words = explanation.toHtmlEscaped();
    const auto colon = words.indexOf(QLatin1Char(':'));
    return colon > 0 ? QStringLiteral("<p><b>%1</b>%2</p>").arg(words.left(colon), words.mid(colon))
                     : QStringLiteral("<p>%1</p>").arg(words);
}

QString definitions()
{
    QString text;
    for (int term = 0; term <= static_cast<int>(Term::ErrorCause); ++term)
        text += paragraph(definition(static_cast<Term>(term)));
    return text;
}

QString headKinds()
{
    QString text;
    for (int kind = 0; kind <= static_cast<int>(HeadKind::SampleDependent); ++kind)
        text += paragraph(kindExplanation(static_cast<HeadKind>(kind)));
    for (const auto& explain : {backgroundExplanation, columnsExplanation, factorExplanation})
        text += paragraph(explain());
    return text;
}

QString shortcuts()
{
    return HelpDialog::tr(
        "<h3>In the charts</h3>"
        "<p><b>Click</b> a point: select its class; <b>Ctrl</b> adds or removes, <b>Shift</b> "
        "selects the stretch. Click a shaded block: select its classes. <b>Drag</b> across: "
        "select a range.</p>"
        "<p><b>Drag a block's level</b> up or down: set its norm by hand; accuracies follow.</p>"
        "<p><b>Wheel</b>: zoom; <b>Shift+wheel</b> or drag with the right button: move; "
        "<b>double click</b>: show all.</p>"
        "<p><b>Arrow keys</b>: move the selection; <b>+</b>, <b>-</b>: zoom; <b>Home</b>: show "
        "all; <b>Alt+Left</b>, <b>Alt+Right</b>: back and forward; <b>Ctrl+A</b>: all classes; "
        "<b>Esc</b>: none.</p>"
        "<h3>Everywhere</h3>"
        "<p><b>Ctrl+O</b> open, <b>Ctrl+E</b> export the checkpoint, <b>Ctrl+Z</b> and "
        "<b>Ctrl+Shift+Z</b> undo and redo, <b>Ctrl+F</b> find a class or, with the focus in "
        "Inspect, a tensor, <b>Ctrl+C</b> in a table copies the selected rows, <b>F1</b> this "
        "page.</p>");
}

} // namespace

HelpDialog::HelpDialog(QWidget* parent) : QDialog(parent)
{
    setWindowTitle(tr("Words, keys and mouse"));
    resize(560, 560);
    auto* text = new QTextBrowser(this);
    text->setHtml(shortcuts() + tr("<h3>Words</h3>") + definitions() +
                  tr("<h3>Kinds of classifier heads</h3>") + headKinds());
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(text);
    layout->addWidget(buttons);
}

} // namespace monotail
