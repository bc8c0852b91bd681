// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/method_table_panel.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <algorithm>

#include "models/method_choices.h"
#include "models/method_text_table.h"
#include "report/text.h"
#include "views/copy.h"
#include "views/hint_stack.h"
#include "views/table_look.h"

namespace monotail {

MethodTablePanel::MethodTablePanel(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_model(new TextTableModel(this)),
      m_about(new QLabel(this)), m_status(new QLabel(this)), m_view(new QTableView(this)),
      m_all(nullptr)
{
    layOut();
    addApplying();
    connectAll();
    refresh();
}

void MethodTablePanel::layOut()
{
    for (QLabel* label : {m_about, m_status}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_status->setObjectName(QStringLiteral("methodStatus"));
    m_view->setModel(m_model);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setAccessibleName(tr("Methods compared"));
    lookLikeATable(m_view);

    auto* content = new QWidget(this);
    auto* inner = new QVBoxLayout(content);
    inner->addWidget(m_about);
    inner->addWidget(m_view, 1);
    inner->addWidget(m_status);
    inner->addWidget(makeButtons());
    m_all = new HintStack(content, this);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins({});
    outer->addWidget(m_all);
}

QWidget* MethodTablePanel::makeButtons()
{
    auto* buttons = new QWidget(this);
    auto* row = new QHBoxLayout(buttons);
    row->setContentsMargins({});
    const auto add = [&](const QString& text, const QString& tip, auto work) {
        auto* button = new QPushButton(text, buttons);
        button->setToolTip(tip);
        connect(button, &QPushButton::clicked, this, work);
        row->addWidget(button);
        return button;
    };
    m_apply = add(tr("Apply"), tr("Shows and exports the head as the selected row has it."),
                  [this] { apply(selectedRow(m_view)); });
    row->addStretch(1);
    row->addWidget(new QLabel(tr("Copy as"), buttons));
    const auto methods = [this]() -> const Evaluation& { return *m_session.snapshot().methods; };
    const QString asShown = tr("Copies the table as it is shown.");
    const QString inFull = tr("Numbers in full, one to a column, with the intervals of every "
                              "change.");
    m_copies = {
        add(tr("Markdown"), asShown,
            [methods] { copyTable(methodTable(methods()), TableFormat::Markdown); }),
        add(tr("LaTeX"), asShown,
            [methods] { copyTable(methodTable(methods()), TableFormat::Latex); }),
        add(tr("CSV"), inFull, [methods] { copyTable(methodCsv(methods()), TableFormat::Csv); }),
        add(tr("Save as CSV..."), inFull, [this] { askAndSave(); }),
    };
    for (QPushButton* button : {m_copies[0], m_copies[1], m_copies[2]})
        button->setAccessibleName(tr("Copy as %1").arg(button->text()));
    return buttons;
}

void MethodTablePanel::addApplying()
{
    auto* enter = new QAction(tr("Apply"), m_view);
    enter->setShortcuts({QKeySequence(Qt::Key_Return), QKeySequence(Qt::Key_Enter)});
    enter->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(enter, &QAction::triggered, this, [this] { apply(selectedRow(m_view)); });
    m_view->addAction(enter);
    auto* copy = new QAction(tr("Copy"), m_view);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(copy, &QAction::triggered, this, [this] {
        Table row = m_model->table().table;
        const int selected = selectedRow(m_view);
        if (selected < 0)
            return;
        row.rows = {row.rows[static_cast<std::size_t>(selected)]};
        copyText(tabSeparated(row));
    });
    m_view->addAction(copy);
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(m_view, &QTableView::doubleClicked, this,
            [this](const QModelIndex& index) { apply(index.row()); });
}

void MethodTablePanel::connectAll()
{
    const auto begin = [this] {
        m_cancelled = false;
        refresh();
    };
    for (const auto signal :
         {&Session::documentChanged, &Session::choicesChanged, &Session::methodsChanged})
        connect(&m_session, signal, this, begin);
    connect(&m_session.jobs(), &JobRunner::cancelled, this, [this] {
        m_cancelled = !m_session.isComparing();
        refresh();
    });
    connect(&m_session.jobs(), &JobRunner::idle, this, &MethodTablePanel::refresh);
    connect(m_model, &TextTableModel::modelReset, this, [this] { fitTable(m_view); });
    const auto offer = [this] { m_apply->setEnabled(isApplicable(selectedRow(m_view))); };
    connect(m_model, &TextTableModel::modelReset, this, offer);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, offer);
    offer();
}

bool MethodTablePanel::isCurrent() const
{
    const Snapshot& snapshot = m_session.snapshot();
    return snapshot.methods && snapshot.methods->groups.rule == snapshot.choices.groups;
}

QString MethodTablePanel::hint() const
{
    const Snapshot& snapshot = m_session.snapshot();
    if (const QString missing = missingHead(m_session); !missing.isEmpty())
        return missing;
    if (!snapshot.hasCounts())
        return tr("To compare methods, add the training counts and the evaluation data.");
    if (snapshot.document->inputs.data.empty())
        return tr("To compare methods, add the evaluation data: features with their labels.");
    if (snapshot.methods)
        return {};
    if (m_cancelled)
        return tr("Comparing the methods was cancelled. Change any setting to begin anew.");
    if (!snapshot.document->hasData() && !m_session.jobs().isBusy())
        return tr("There are no accuracies to compare: the evaluation data was not read.");
    return tr("The methods are being compared...");
}

QString MethodTablePanel::status() const
{
    if (isCurrent() && m_model->table().marked >= 0)
        return {};
    if (m_cancelled)
        return tr("Out of date: comparing the methods was cancelled. Change any setting to begin "
                  "anew.");
    if (!isCurrent())
        return tr("Out of date: the groups have changed since. The table is being made anew...");
    return tr("The rescaling that is shown now is being added...");
}

void MethodTablePanel::refresh()
{
    const QString missing = hint();
    m_all->setHint(missing);
    if (!missing.isEmpty())
        return m_model->setTable({});
    showTable();
    const QString line = status();
    m_status->setText(line);
    m_status->setVisible(!line.isEmpty());
    for (QPushButton* button : m_copies)
        button->setEnabled(isCurrent());
}

void MethodTablePanel::showTable()
{
    const Snapshot& snapshot = m_session.snapshot();
    m_about->setText(QString::fromStdString(describeEvaluation(*snapshot.methods)) +
                     QLatin1Char('.'));
    m_model->setTable(methodTextTable(snapshot));
}

/// The headroom is no method to use.
bool MethodTablePanel::isApplicable(int row) const
{
    const auto& methods = m_session.snapshot().methods;
    return methods && row >= 0 && static_cast<std::size_t>(row) < methodRows(*methods).size();
}

void MethodTablePanel::apply(int row)
{
    const Snapshot& snapshot = m_session.snapshot();
    if (!isApplicable(row))
        return;
    const MethodResult* result = methodRows(*snapshot.methods)[static_cast<std::size_t>(row)];
    if (!result)
        return m_session.change(choosingNone(snapshot.choices), tr("Apply none"));
    m_session.change(choosing(snapshot.choices, result->rescaling, snapshot.document->head->norms),
                     tr("Apply %1").arg(QString::fromStdString(result->rescaling.method)));
}

void MethodTablePanel::askAndSave()
{
    const auto target =
        askWhereToSave(this, tr("Save the Comparison as CSV"), QStringLiteral("methods.csv"));
    if (!target.empty())
        saveCsv(target);
}

void MethodTablePanel::saveCsv(const std::filesystem::path& target)
{
    if (!isCurrent())
        return;
    const std::string text = format(methodCsv(*m_session.snapshot().methods), TableFormat::Csv);
    if (const QString problem = saveText(target, text, m_session.snapshot().document->inputs);
        !problem.isEmpty())
        Q_EMIT failed(problem);
}

void MethodTablePanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fitTable(m_view);
}

} // namespace monotail
