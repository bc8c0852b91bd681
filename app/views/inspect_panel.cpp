// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/inspect_panel.h"

#include <QAction>
#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QSortFilterProxyModel>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "base/text.h"
#include "models/file_contents.h"
#include "session/head_query.h"
#include "views/head_box.h"
#include "views/hint_stack.h"
#include "views/inspect_parts.h"
#include "views/table_look.h"

namespace monotail {

namespace {

constexpr int widestText = 56; // characters of a column

enum Tab { Heads, Tensors, Others, Remarks };

QString number(int count)
{
    return QString::fromStdString(toGroupedText(count));
}

/// "12 of 340", or "340" where nothing is searched for.
QString share(int shown, int all, bool searching)
{
    return searching ? InspectPanel::tr("%1 of %2").arg(number(shown), number(all)) : number(all);
}

QWidget* scrolling(QWidget* content)
{
    auto* area = new QScrollArea(content->parentWidget());
    area->setWidget(content);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    return area;
}

} // namespace

InspectPanel::InspectPanel(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_tensors(new TensorModel(this)),
      m_searchedTensors(makeSearched(m_tensors, this)), m_others(new TextTableModel(this)),
      m_searchedOthers(makeSearched(m_others, this)), m_search(new QLineEdit(this)),
      m_counts(new QLabel(this)), m_name(makeText(this, QStringLiteral("fileName"))),
      m_summary(makeText(this, QStringLiteral("fileSummary"))),
      m_warnings(makeText(this, QStringLiteral("fileWarnings"))),
      m_head(new HeadBox(session, this)),
      m_tensorView(makeTable(this, m_searchedTensors, tr("Tensors"))),
      m_otherView(makeTable(this, m_searchedOthers, tr("Other contents"))),
      m_tabs(new QTabWidget(this))
{
    setFocusPolicy(Qt::ClickFocus); // a click anywhere makes the panel the one that Ctrl+F means
    m_all = new HintStack(makeContent(), this);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins({});
    outer->addWidget(m_all);
    connect(&session, &Session::documentChanged, this, &InspectPanel::refresh);
    refresh();
}

QWidget* InspectPanel::makeContent()
{
    makeSearch();
    makeTensorView();
    m_otherView->horizontalHeader()->setStretchLastSection(true);
    m_warnings->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_warnings->setMargin(8);
    m_tabs->addTab(scrolling(m_head), QString());
    m_tabs->addTab(m_tensorView, QString());
    m_tabs->addTab(m_otherView, QString());
    m_tabs->addTab(scrolling(m_warnings), QString());
    auto* bar = new QHBoxLayout;
    bar->addWidget(m_search, 1);
    bar->addWidget(m_counts);
    auto* content = new QWidget(this);
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(6, 4, 6, 4);
    layout->addLayout(bar);
    layout->addWidget(m_name);
    layout->addWidget(m_summary);
    layout->addWidget(m_tabs, 1);
    return content;
}

void InspectPanel::makeSearch()
{
    m_search->setObjectName(QStringLiteral("search"));
    m_search->setPlaceholderText(tr("Search by name, type or shape (Ctrl+F)"));
    m_search->setAccessibleName(tr("Search by name, type or shape"));
    m_search->setToolTip(tr("Shows the tensors, heads and other contents that have this in their "
                            "name, type or shape."));
    m_search->setClearButtonEnabled(true);
    m_counts->setObjectName(QStringLiteral("searchCounts"));
    m_counts->setToolTip(tr("Of heads and other contents the tabs say as much."));
    auto* clear = new QAction(m_search);
    clear->setShortcut(QKeySequence(Qt::Key_Escape));
    clear->setShortcutContext(Qt::WidgetShortcut);
    m_search->addAction(clear);
    connect(clear, &QAction::triggered, m_search, &QLineEdit::clear);
    connect(m_search, &QLineEdit::textChanged, this, &InspectPanel::search);
}

void InspectPanel::makeTensorView()
{
    m_searchedTensors->setSortRole(TensorModel::sortRole);
    m_tensorView->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder); // file order
    m_tensorView->setSortingEnabled(true);
    m_useTensor = new QAction(tr("Use as Classifier Head"), m_tensorView);
    connect(m_useTensor, &QAction::triggered, this, &InspectPanel::useTensor);
    m_tensorView->addAction(m_useTensor);
    m_tensorView->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(m_tensorView->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &InspectPanel::offer);
}

void InspectPanel::refresh()
{
    const Document* document = m_session.snapshot().document.get();
    m_all->setHint(document ? QString() : missingHead(m_session));
    m_tensors->setCheckpoint(document ? document->checkpoint : nullptr);
    m_others->setTable(document ? otherContents(*document->checkpoint) : TextTable());
    if (document) {
        const std::filesystem::path& path = document->checkpoint->path;
        m_name->setText(QString::fromStdString(printable(path.filename().string(), 200)));
        m_name->setToolTip(QString::fromStdString(printable(path.string(), 400)));
        m_summary->setText(summaryOf(*document));
        showWarnings(*document);
        if (!document->head) // there it is said what to do
            m_tabs->setCurrentIndex(Heads);
    }
    fitToFont();
    showCounts();
    offer();
}

void InspectPanel::showWarnings(const Document& document)
{
    Warnings all = document.warnings;
    if (document.head)
        all.insert(all.end(), document.head->warnings.begin(), document.head->warnings.end());
    m_tabs->setTabText(Remarks,
                       all.empty() ? tr("No warnings") : tr("⚠ Warnings (%1)").arg(all.size()));
    m_warnings->setText(all.empty() ? tr("Reading the file gave no warnings.") : warningLines(all));
}

void InspectPanel::search(const QString& text)
{
    const QString wanted = text.trimmed();
    m_searchedTensors->setFilterFixedString(wanted);
    m_searchedOthers->setFilterFixedString(wanted);
    m_head->setSearch(wanted);
    showCounts();
    offer();
}

void InspectPanel::showCounts()
{
    const bool searching = !m_search->text().trimmed().isEmpty();
    const QString tensors = share(m_searchedTensors->rowCount(), m_tensors->rowCount(), searching);
    const QString others = share(m_searchedOthers->rowCount(), m_others->rowCount(), searching);
    m_tabs->setTabText(Tensors, tr("Tensors (%1)").arg(tensors));
    m_tabs->setTabText(Others, tr("Other contents (%1)").arg(others));
    m_tabs->setTabText(Heads,
                       tr("Heads (%1)").arg(share(m_head->shown(), m_head->all(), searching)));
    m_counts->setText(tr("%1 tensors").arg(tensors));
}

int InspectPanel::selectedTensor() const
{
    const QModelIndex index = m_searchedTensors->index(selectedRow(m_tensorView), 0);
    return index.isValid() ? m_searchedTensors->mapToSource(index).row() : -1;
}

/// Enables what the selected tensor allows.
void InspectPanel::offer()
{
    const int row = selectedTensor();
    m_useTensor->setEnabled(row >= 0 && m_tensors->tensor(row).shape.size() >= 2);
}

void InspectPanel::fitToFont()
{
    QFont bold = font();
    bold.setBold(true);
    m_name->setFont(bold);
    for (QTableView* view : {m_tensorView, m_otherView}) {
        fitTable(view);
        for (int column = 0; column < view->model()->columnCount(); ++column)
            limitColumn(view, column, widestText);
    }
    m_head->fitToFont();
}

void InspectPanel::useTensor()
{
    const int row = selectedTensor();
    if (row < 0)
        return;
    HeadQuery query;
    query.name = m_tensors->tensor(row).name;
    m_head->useHead(query);
}

void InspectPanel::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void InspectPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fitToFont();
}

} // namespace monotail
