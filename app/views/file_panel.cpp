// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/file_panel.h"

#include <QAction>
#include <QEvent>
#include <QGroupBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSortFilterProxyModel>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "base/text.h"
#include "models/file_contents.h"
#include "views/hint_stack.h"
#include "views/table_look.h"

namespace monotail {

namespace {

constexpr int mostHeadRows = 5; // in view at once
constexpr int widestText = 56;  // characters of a column

enum Tab { Tensors, Others, Remarks };

QLabel* makeText(QWidget* parent, const QString& name)
{
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText); // names come from the file
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

QTableView* makeTable(QWidget* parent, QAbstractItemModel* model, const QString& name)
{
    auto* view = new QTableView(parent);
    view->setModel(model);
    view->setSelectionMode(QAbstractItemView::SingleSelection);
    view->setAccessibleName(name);
    view->setTextElideMode(Qt::ElideMiddle); // names differ at their ends
    lookLikeATable(view);
    return view;
}

} // namespace

FilePanel::FilePanel(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_heads(new TextTableModel(this)),
      m_tensors(new TensorModel(this)), m_sortedTensors(new QSortFilterProxyModel(this)),
      m_others(new TextTableModel(this)), m_name(makeText(this, QStringLiteral("fileName"))),
      m_summary(makeText(this, QStringLiteral("fileSummary"))),
      m_head(makeText(this, QStringLiteral("headInUse"))),
      m_warnings(makeText(this, QStringLiteral("fileWarnings"))),
      m_headView(makeTable(this, m_heads, tr("Candidate heads"))),
      m_tensorView(makeTable(this, m_sortedTensors, tr("Tensors"))),
      m_otherView(makeTable(this, m_others, tr("Other contents"))),
      m_useHead(new QPushButton(tr("Use the Selected Head"), this)), m_tabs(new QTabWidget(this))
{
    layOut();
    connect(&session, &Session::documentChanged, this, &FilePanel::refresh);
    refresh();
}

void FilePanel::layOut()
{
    auto* content = new QWidget(this);
    auto* inner = new QVBoxLayout(content);
    inner->addWidget(m_name);
    inner->addWidget(m_summary);
    inner->addWidget(makeHeadBox());
    inner->addWidget(m_tabs, 1);
    m_tabs->addTab(makeTensorPage(), QString());
    m_tabs->addTab(m_otherView, QString());
    auto* remarks = new QScrollArea(this);
    remarks->setWidget(m_warnings);
    remarks->setWidgetResizable(true);
    remarks->setFrameShape(QFrame::NoFrame);
    m_warnings->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_warnings->setMargin(8);
    m_tabs->addTab(remarks, QString());
    m_all = new HintStack(content, this);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins({});
    outer->addWidget(m_all);
}

QWidget* FilePanel::makeHeadBox()
{
    auto* box = new QGroupBox(tr("Classifier head"), this);
    auto* layout = new QVBoxLayout(box);
    layout->addWidget(m_head);
    layout->addWidget(m_headView);
    layout->addWidget(m_useHead, 0, Qt::AlignLeft);
    m_useHead->setToolTip(tr("Opens the file again with the selected tensor as the classifier's "
                             "weight."));
    m_headView->horizontalHeader()->setStretchLastSection(true);
    m_otherView->horizontalHeader()->setStretchLastSection(true);
    const auto use = [this] { useCandidate(selectedRow(m_headView)); };
    auto* enter = new QAction(m_useHead->text(), m_headView);
    enter->setShortcuts({QKeySequence(Qt::Key_Return), QKeySequence(Qt::Key_Enter)});
    enter->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    m_headView->addAction(enter);
    m_headView->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(enter, &QAction::triggered, this, use);
    connect(m_useHead, &QPushButton::clicked, this, use);
    connect(m_headView, &QTableView::doubleClicked, this,
            [this](const QModelIndex& index) { useCandidate(index.row()); });
    connect(m_headView->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &FilePanel::offer);
    return box;
}

QWidget* FilePanel::makeTensorPage()
{
    m_sortedTensors->setSourceModel(m_tensors);
    m_sortedTensors->setSortRole(TensorModel::sortRole);
    m_sortedTensors->setFilterKeyColumn(-1);
    m_sortedTensors->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_tensorView->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder); // file order
    m_tensorView->setSortingEnabled(true);
    m_useTensor = new QAction(tr("Use as Classifier Head"), m_tensorView);
    connect(m_useTensor, &QAction::triggered, this, &FilePanel::useTensor);
    m_tensorView->addAction(m_useTensor);
    m_tensorView->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(m_tensorView->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &FilePanel::offer);

    auto* filter = new QLineEdit(this);
    filter->setPlaceholderText(tr("Filter by name, type or shape"));
    filter->setAccessibleName(tr("Filter tensors by name, type or shape"));
    filter->setClearButtonEnabled(true);
    connect(filter, &QLineEdit::textChanged, m_sortedTensors,
            &QSortFilterProxyModel::setFilterFixedString);
    auto* page = new QWidget(this);
    auto* layout = new QVBoxLayout(page);
    layout->addWidget(filter);
    layout->addWidget(m_tensorView, 1);
    return page;
}

void FilePanel::refresh()
{
    const Document* document = m_session.snapshot().document.get();
    m_all->setHint(document ? QString() : missingHead(m_session));
    m_tensors->setCheckpoint(document ? document->checkpoint : nullptr);
    m_heads->setTable(document ? headTable(*document) : TextTable());
    m_others->setTable(document ? otherContents(*document->checkpoint) : TextTable());
    if (!document)
        return offer();
    const std::filesystem::path& path = document->checkpoint->path;
    m_name->setText(QString::fromStdString(printable(path.filename().string(), 200)));
    m_name->setToolTip(QString::fromStdString(printable(path.string(), 400)));
    m_summary->setText(summaryOf(*document));
    m_head->setText(headInWords(*document));
    const auto count = [](int number) { return QString::number(number); };
    m_tabs->setTabText(Tensors, tr("Tensors (%1)").arg(count(m_tensors->rowCount())));
    m_tabs->setTabText(Others, tr("Other contents (%1)").arg(count(m_others->rowCount())));
    const QString warnings = warningLines(document->warnings);
    m_tabs->setTabText(Remarks, warnings.isEmpty()
                                    ? tr("No warnings")
                                    : tr("⚠ Warnings (%1)").arg(document->warnings.size()));
    m_warnings->setText(warnings.isEmpty() ? tr("Reading the file gave no warnings.") : warnings);
    fitToFont();
    offer();
}

/// Enables what the selected rows allow.
void FilePanel::offer()
{
    const int head = selectedRow(m_headView);
    m_useHead->setEnabled(head >= 0 && head != m_heads->table().marked);
    const QModelIndex tensor =
        m_sortedTensors->mapToSource(m_sortedTensors->index(selectedRow(m_tensorView), 0));
    m_useTensor->setEnabled(tensor.isValid() && m_tensors->tensor(tensor.row()).shape.size() >= 2);
}

void FilePanel::fitToFont()
{
    QFont bold = font();
    bold.setBold(true);
    m_name->setFont(bold);
    for (QTableView* view : {m_headView, m_tensorView, m_otherView}) {
        fitTable(view);
        for (int column = 0; column < view->model()->columnCount(); ++column)
            limitColumn(view, column, widestText);
    }
    fitHeight(m_headView, mostHeadRows);
    m_headView->setVisible(m_heads->rowCount() > 0);
    m_useHead->setVisible(m_heads->rowCount() > 1 || m_heads->table().marked < 0);
}

void FilePanel::useHead(const std::string& weight)
{
    Inputs inputs = m_session.snapshot().document->inputs;
    inputs.head.name = weight;
    m_session.open(inputs);
}

void FilePanel::useCandidate(int row)
{
    const Document* document = m_session.snapshot().document.get();
    if (document && row >= 0 && row < m_heads->rowCount() && row != m_heads->table().marked)
        useHead(document->heads.candidates[static_cast<std::size_t>(row)].weight);
}

void FilePanel::useTensor()
{
    const QModelIndex index =
        m_sortedTensors->mapToSource(m_sortedTensors->index(selectedRow(m_tensorView), 0));
    if (index.isValid())
        useHead(m_tensors->tensor(index.row()).name);
}

void FilePanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fitToFont();
}

} // namespace monotail
