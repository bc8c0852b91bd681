// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/runs_panel.h"

#include <QAction>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QTableView>
#include <QTimer>

#include "charts/curve_chart.h"
#include "models/run_model.h"
#include "models/training_charts.h"
#include "session/session.h"
#include "session/training.h"
#include "views/copy.h"
#include "views/hint_stack.h"
#include "views/table_look.h"
#include "words/terms.h"
#include "words/words.h"

namespace monotail {

namespace {

constexpr int restMilliseconds = 250;
constexpr int widestName = 30;  // characters
constexpr int leastSweep = 100; // pixels: a low dock keeps room for the norm chart above it

} // namespace

RunsPanel::RunsPanel(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_model(new RunModel(this)),
      m_view(new QTableView(this)), m_sweep(new CurveChart(this)), m_sweepWords(new QLabel(this)),
      m_rest(new QTimer(this))
{
    layOut();
    addActions();
    m_rest->setSingleShot(true);
    m_rest->setInterval(restMilliseconds);
    connect(m_rest, &QTimer::timeout, this, &RunsPanel::refresh);
    const Training& training = session.training();
    connect(&training, &Training::runsChanged, this, &RunsPanel::refresh);
    connect(&training, &Training::epochsChanged, this, [this] {
        if (!m_rest->isActive())
            m_rest->start();
    });
    connect(&session, &Session::documentChanged, this, &RunsPanel::refresh);
    connect(&session, &Session::choicesChanged, this, &RunsPanel::refresh);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        offer();
        showSweep();
        const std::vector<int> runs = selectedRuns();
        if (runs.size() == 1 && runs.front() > 0)
            Q_EMIT shown(runs.front());
    });
    connect(m_view, &QTableView::doubleClicked, this, &RunsPanel::use);
    refresh();
}

void RunsPanel::layOut()
{
    m_view->setModel(m_model);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setAccessibleName(tr("Runs"));
    lookLikeATable(m_view);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(0, Qt::AscendingOrder);
    m_sweep->setAccessibleName(tr("Accuracy of the runs against the number swept"));
    m_sweep->setMinimumHeight(leastSweep);
    m_sweep->setToolTip(definition(Term::Sweep));
    m_sweepWords->setWordWrap(true);
    m_sweepWords->setObjectName(QStringLiteral("runSweepWords"));
    m_sweepWords->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_sweepWords->setToolTip(wrapped(tr("How much hangs on a number that has to be chosen. Runs "
                                        "without such a number are lines across.")));
    m_sweepBox = new QWidget(this);
    auto* column = new QVBoxLayout(m_sweepBox);
    column->setContentsMargins({});
    column->addWidget(m_sweep, 1);
    column->addWidget(m_sweepWords);
    auto* both = new QSplitter(this);
    both->addWidget(m_view);
    both->addWidget(m_sweepBox);
    both->setStretchFactor(0, 3);
    both->setStretchFactor(1, 2);
    both->setChildrenCollapsible(false);
    auto* content = new QWidget(this);
    auto* inner = new QVBoxLayout(content);
    inner->setContentsMargins(6, 4, 6, 4);
    inner->addWidget(both, 1);
    inner->addWidget(makeButtons());
    m_all = new HintStack(content, this);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins({});
    outer->addWidget(m_all);
}

QWidget* RunsPanel::makeButtons()
{
    auto* buttons = new QWidget(this);
    auto* row = new QHBoxLayout(buttons);
    row->setContentsMargins({});
    const auto add = [&](const QString& text, const QString& tip, auto work) {
        auto* button = new QPushButton(text, buttons);
        button->setToolTip(wrapped(tip));
        connect(button, &QPushButton::clicked, this, work);
        row->addWidget(button);
        return button;
    };
    m_use = add(tr("Use this head"),
                tr("The run's head takes the place of the checkpoint's in every chart and table, "
                   "with any method on top. The checkpoint's own head is the first row: use it to "
                   "go back."),
                [this] { use(); });
    m_compare = add(tr("Compare"),
                    tr("Class by class: the two runs that are selected, or one run and the "
                       "checkpoint's own head."),
                    [this] { compare(); });
    row->addStretch(1);
    add(tr("Copy as CSV"), tr("Every run and mean, numbers in full."),
        [this] { copyTable(m_model->csv(), TableFormat::Csv); });
    add(tr("Save as CSV..."), tr("Every run and mean, numbers in full."), [this] { askAndSave(); });
    m_use->setObjectName(QStringLiteral("useHead"));
    m_compare->setObjectName(QStringLiteral("compareRuns"));
    return buttons;
}

QAction* RunsPanel::addAction(const QString& text, void (RunsPanel::*work)())
{
    auto* action = new QAction(text, m_view);
    connect(action, &QAction::triggered, this, work);
    m_view->addAction(action);
    return action;
}

void RunsPanel::addActions()
{
    addCopyActions(m_view, [this] { return m_model->table(); });
    QAction* enter = addAction(tr("Use this head"), &RunsPanel::use);
    enter->setShortcuts({QKeySequence(Qt::Key_Return), QKeySequence(Qt::Key_Enter)});
    enter->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(tr("Compare"), &RunsPanel::compare);
    m_cancel = addAction(tr("Cancel the run"), &RunsPanel::cancel);
    m_remove = addAction(tr("Remove the run"), &RunsPanel::remove);
    m_remove->setShortcut(QKeySequence::Delete);
    m_remove->setShortcutContext(Qt::WidgetWithChildrenShortcut);
}

void RunsPanel::refresh()
{
    const Snapshot& now = m_session.snapshot();
    const auto own = ownOf(now.document);
    const std::vector<KeptRun>& runs = m_session.training().runs();
    m_all->setHint(runs.empty() ? tr("No run yet. Start one in Retrain: every run is kept here, "
                                     "with its head and its accuracies.")
                                : QString());
    m_model->setRows(runRows(own.get(), now.choices.groups, runs),
                     now.document ? now.document->run : 0);
    if (std::exchange(m_rows, m_model->rowCount()) != m_model->rowCount()) {
        // Room for the arrow in every column would take as much as five columns.
        m_view->horizontalHeader()->setSortIndicatorShown(false);
        fitTable(m_view);
        m_view->horizontalHeader()->setSortIndicatorShown(true);
        limitColumn(m_view, static_cast<int>(RunColumn::Name), widestName);
    }
    offer();
    showSweep();
}

/// Of the run that is selected; else the newest.
void RunsPanel::showSweep()
{
    const Training& training = m_session.training();
    const std::vector<int> selected = selectedRuns();
    int request = 0;
    for (const KeptRun& run : training.runs())
        if (run.swept && (selected.empty() || run.number == selected.front()))
            request = run.request;
    const CurveChartData curve =
        request > 0 ? runSweepCurve(training.runs(), request) : CurveChartData();
    m_sweepBox->setVisible(!curve.isEmpty());
    m_sweep->setData(curve);
    m_sweepWords->setText(curve.isEmpty() ? QString() : runSweepSummary(training.runs(), request));
}

std::vector<int> RunsPanel::selectedRuns() const
{
    std::vector<int> runs;
    for (const QModelIndex& index : m_view->selectionModel()->selectedRows())
        if (const RunRow& row = m_model->rowAt(index.row()); row.kind != RunRow::Kind::Spread)
            runs.push_back(row.run);
    std::sort(runs.begin(), runs.end());
    return runs;
}

void RunsPanel::offer()
{
    const Training& training = m_session.training();
    const std::vector<int> runs = selectedRuns();
    const auto has = [&](int number, auto holds) {
        const KeptRun* run = training.find(number);
        return run && holds(*run);
    };
    const auto measured = [&](int number) {
        return number == 0 || has(number, [](const KeptRun& run) { return isMeasured(run); });
    };
    const Snapshot& now = m_session.snapshot();
    m_use->setEnabled(runs.size() == 1 && now.document && runs.front() != now.document->run &&
                      (runs.front() == 0 || has(runs.front(), [](const KeptRun& run) {
                           return run.result != nullptr;
                       })));
    const bool two = runs.size() == 2 || (runs.size() == 1 && runs.front() != 0);
    m_compare->setEnabled(two && std::all_of(runs.begin(), runs.end(), measured));
    const auto isOver = [](const KeptRun& run) {
        return run.state != RunState::Waiting && run.state != RunState::Running;
    };
    const bool one = runs.size() == 1;
    m_remove->setEnabled(one && has(runs.front(), isOver));
    m_cancel->setEnabled(one && training.find(runs.front()) && !has(runs.front(), isOver));
}

void RunsPanel::use()
{
    if (m_use->isEnabled())
        m_session.useHead(selectedRuns().front());
}

void RunsPanel::compare()
{
    if (!m_compare->isEnabled())
        return;
    std::vector<int> runs = selectedRuns();
    if (runs.size() == 1)
        runs.insert(runs.begin(), 0);
    const bool isOwn = m_session.snapshot().document->run == 0;
    const auto side = [&](int run) {
        const Side::Kind own = isOwn ? Side::Kind::AsItIs : Side::Kind::Own;
        return Side{run == 0 ? own : Side::Kind::Run, {}, run};
    };
    m_session.setSides({side(runs[0]), side(runs[1])});
    Q_EMIT compared();
}

void RunsPanel::cancel()
{
    m_session.training().cancel(selectedRuns().front());
}

void RunsPanel::remove()
{
    m_session.training().remove(selectedRuns().front());
}

void RunsPanel::askAndSave()
{
    const auto target =
        askWhereToSave(this, tr("Save the Runs as CSV"), QStringLiteral("runs.csv"));
    if (!target.empty())
        saveCsv(target);
}

void RunsPanel::saveCsv(const std::filesystem::path& target)
{
    const std::string text = format(m_model->csv(), TableFormat::Csv);
    if (const QString problem = saveText(target, text, m_session.snapshot().document->inputs);
        !problem.isEmpty())
        Q_EMIT failed(problem);
}

} // namespace monotail
