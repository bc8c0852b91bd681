// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/head_box.h"

#include <QAction>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>

#include "models/head_table.h"
#include "models/search_role.h"
#include "views/head_form.h"
#include "views/inspect_parts.h"
#include "views/table_look.h"

namespace monotail {

namespace {

constexpr int mostHeadRows = 5; // in view at once
constexpr int roomyCharacters = 150;
constexpr int widestText = 48; // characters of a column

} // namespace

HeadBox::HeadBox(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_heads(new TextTableModel(this)),
      m_searched(makeSearched(m_heads, this)), m_words(makeText(this, QStringLiteral("headInUse"))),
      m_notes(makeText(this, QStringLiteral("headNotes"))),
      m_view(makeTable(this, m_searched, tr("Candidate heads"))),
      m_use(new QPushButton(tr("Use the Selected Head"), this)), m_form(new HeadForm(this))
{
    layOut();
    connectAll();
    refresh();
}

void HeadBox::layOut()
{
    auto* which = new QVBoxLayout;
    which->addWidget(m_words);
    which->addWidget(m_view);
    which->addWidget(m_notes);
    which->addWidget(m_use, 0, Qt::AlignLeft);
    which->addStretch(1);
    auto* how = new QVBoxLayout;
    how->addWidget(m_form);
    how->addStretch(1);
    m_layout = new QBoxLayout(QBoxLayout::TopToBottom, this);
    m_layout->addLayout(which, 1);
    m_layout->addLayout(how);
    m_use->setToolTip(tr("Opens the file again with the selected tensor as the classifier's "
                         "weight."));
    m_view->horizontalHeader()->setStretchLastSection(true);
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
}

void HeadBox::connectAll()
{
    auto* enter = new QAction(m_use->text(), m_view);
    enter->setShortcuts({QKeySequence(Qt::Key_Return), QKeySequence(Qt::Key_Enter)});
    enter->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    m_view->addAction(enter);
    connect(enter, &QAction::triggered, this, &HeadBox::useSelected);
    connect(m_use, &QPushButton::clicked, this, &HeadBox::useSelected);
    connect(m_view, &QTableView::doubleClicked, this, &HeadBox::useSelected);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &HeadBox::offer);
    connect(m_form, &HeadForm::changed, this, &HeadBox::useHead);
    connect(&m_session, &Session::documentChanged, this, &HeadBox::refresh);
    // What was asked for could not be had: the form goes back to what is so.
    connect(&m_session, &Session::failed, this, &HeadBox::offer);
}

void HeadBox::refresh()
{
    const Document* document = m_session.snapshot().document.get();
    m_heads->setTable(document ? headTable(*document) : TextTable());
    m_words->setText(document ? headInWords(*document) : QString());
    m_notes->setText(document ? headNotes(*document) : QString());
    m_notes->setVisible(!m_notes->text().isEmpty());
    fitToFont();
    offer();
}

const HeadCandidate* HeadBox::selected() const
{
    const Document* document = m_session.snapshot().document.get();
    const QModelIndex index = m_searched->index(selectedRow(m_view), 0);
    return document && index.isValid()
               ? candidateAt(*document, m_searched->mapToSource(index).row())
               : nullptr;
}

/// Enables what the selected row allows.
void HeadBox::offer()
{
    const Document* document = m_session.snapshot().document.get();
    const HeadCandidate* used = document && document->head ? &document->head->source : nullptr;
    const HeadCandidate* chosen = selected();
    m_use->setEnabled(chosen && !(used && isSameHead(*used, *chosen)));
    m_form->setSubject(document ? subjectOf(*document, chosen) : std::nullopt, used);
}

void HeadBox::useSelected()
{
    if (m_use->isEnabled())
        useHead(queryFor(*selected()));
}

void HeadBox::useHead(const HeadQuery& query)
{
    Inputs inputs = m_session.snapshot().document->inputs;
    inputs.head = query;
    m_session.open(inputs);
}

void HeadBox::setSearch(const QString& text)
{
    m_searched->setFilterFixedString(text);
}

int HeadBox::shown() const
{
    return m_searched->rowCount();
}

int HeadBox::all() const
{
    return m_heads->rowCount();
}

void HeadBox::fitToFont()
{
    fitTable(m_view);
    for (int column = 0; column < m_searched->columnCount(); ++column)
        limitColumn(m_view, column, widestText);
    fitHeight(m_view, all(), mostHeadRows);
    m_view->setVisible(all() > 0);
    m_use->setVisible(all() > 1 || (all() > 0 && m_heads->table().marked < 0));
}

/// Which head and how it is read stand side by side where there is room for both.
void HeadBox::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const int roomy = fontMetrics().averageCharWidth() * roomyCharacters;
    m_layout->setDirection(width() >= roomy ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

} // namespace monotail
