// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/compare_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "models/pair_data.h"
#include "session/session.h"
#include "views/class_list.h"
#include "views/copy.h"
#include "views/hint_stack.h"
#include "words/terms.h"
#include "words/words.h"

namespace monotail {

namespace {

constexpr int leastCharacters = 14; // of a side's name; the rest is in the list
constexpr int wordsWidth = 30;      // characters, of the words beside the table

QLabel* words(QWidget* parent, const QString& name, const QString& tip)
{
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setTextFormat(Qt::RichText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setToolTip(tip);
    return label;
}

} // namespace

ComparePanel::ComparePanel(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session),
      m_summary(words(this, QStringLiteral("pairSummary"), definition(Term::McNemar))),
      m_overall(words(this, QStringLiteral("pairOverall"), definition(Term::Interval))),
      m_list(new ClassList(session, tr("Classes compared"), this)), m_all(nullptr)
{
    layOut();
    m_list->showLargestFirst();
    for (const auto signal :
         {&Session::documentChanged, &Session::choicesChanged, &Session::accuracyChanged,
          &Session::methodsChanged, &Session::pairChanged})
        connect(&session, signal, this, &ComparePanel::refresh);
    connect(&session.jobs(), &JobRunner::cancelled, this, &ComparePanel::refresh);
    connect(&session.jobs(), &JobRunner::idle, this, &ComparePanel::refresh);
    connect(m_list, &ClassList::saveAsked, this, &ComparePanel::askAndSave);
    refresh();
}

QComboBox* ComparePanel::addSide(const QString& name)
{
    auto* side = new QComboBox(this);
    side->setAccessibleName(name);
    side->setToolTip(
        tr("%1: this head as it is, under a rescaling, or another checkpoint.").arg(name));
    side->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    side->setMinimumContentsLength(leastCharacters);
    connect(side, &QComboBox::activated, this, &ComparePanel::chooseSides);
    return side;
}

void ComparePanel::layOut()
{
    m_before = addSide(tr("Before"));
    m_after = addSide(tr("After"));
    m_before->setObjectName(QStringLiteral("sideBefore"));
    m_after->setObjectName(QStringLiteral("sideAfter"));
    auto* other = new QPushButton(tr("Other checkpoint\u2026"), this);
    other->setToolTip(tr("Opens another checkpoint beside this one, on the same samples."));
    connect(other, &QPushButton::clicked, this, &ComparePanel::otherAsked);
    auto* sides = new QHBoxLayout;
    sides->addWidget(new QLabel(tr("Before"), this));
    sides->addWidget(m_before, 1);
    sides->addWidget(new QLabel(tr("After"), this));
    sides->addWidget(m_after, 1);
    sides->addWidget(other);
    auto* content = new QWidget(this);
    auto* inner = new QVBoxLayout(content);
    inner->setContentsMargins(6, 4, 6, 0);
    inner->setSpacing(2);
    inner->addLayout(sides);
    auto* both = new QHBoxLayout; // words beside the table: docks are wide and low
    both->addWidget(makeWords(), 1);
    m_list->layout()->setContentsMargins(0, 2, 0, 4);
    both->addWidget(m_list, 2);
    inner->addLayout(both, 1);
    m_all = new HintStack(content, this);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins({});
    outer->addWidget(m_all);
}

QWidget* ComparePanel::makeWords()
{
    auto* text = new QWidget(this);
    auto* lines = new QVBoxLayout(text);
    lines->setContentsMargins(0, 2, 4, 0);
    lines->addWidget(m_overall);
    lines->addWidget(m_summary);
    lines->addStretch(1);
    auto* area = new QScrollArea(this);
    area->setWidget(text);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setMinimumWidth(wordsWidth * fontMetrics().averageCharWidth());
    return area;
}

QString ComparePanel::hint() const
{
    const Snapshot& now = m_session.snapshot();
    if (const QString missing = missingHead(m_session); !missing.isEmpty())
        return missing;
    if (!now.hasCounts())
        return tr("To compare two rescalings or two checkpoints, add the training counts and the "
                  "evaluation data.");
    if (!now.document->hasData())
        return m_session.isReadingData()
                   ? tr("Reading the features and scoring them\u2026")
                   : tr("To compare two rescalings or two checkpoints, add the evaluation data: "
                        "features with their labels (File > Add data).");
    return {};
}

void ComparePanel::refresh()
{
    m_all->setHint(hint());
    if (!isVisible() || !m_all->hint().isEmpty())
        return;
    const Snapshot& now = m_session.snapshot();
    showSides();
    if (!now.pair) {
        m_summary->setText(m_session.isPairing() ? tr("Comparing\u2026")
                                                 : tr("Nothing is compared: choose two sides."));
        m_overall->hide();
        m_list->hide();
        m_shown.reset();
        return;
    }
    QString summary = pairSummary(now);
    if (m_session.isPairing())
        summary += tr(" Being compared anew\u2026");
    m_summary->setText(summary);
    if (m_shown == now.pair)
        return;
    m_shown = now.pair;
    m_overall->setText(pairOverall(now));
    m_overall->show();
    m_list->show();
    m_list->setRows(now, pairRows(now), pairColumns(now));
}

void ComparePanel::showSides()
{
    const Snapshot& now = m_session.snapshot();
    const std::vector<Side> sides = possibleSides(now);
    for (const auto& [box, chosen] :
         {std::pair(m_before, now.sides.before), std::pair(m_after, now.sides.after)}) {
        QStringList names;
        for (const Side& side : sides)
            names << sideName(now, side);
        const QSignalBlocker quiet(box);
        QStringList shown;
        for (int i = 0; i < box->count(); ++i)
            shown << box->itemText(i);
        if (shown != names) {
            box->clear();
            box->addItems(names);
        }
        const auto at = std::find(sides.begin(), sides.end(), chosen);
        box->setCurrentIndex(at == sides.end() ? -1 : static_cast<int>(at - sides.begin()));
    }
}

void ComparePanel::chooseSides()
{
    const std::vector<Side> sides = possibleSides(m_session.snapshot());
    const auto chosen = [&](const QComboBox* box, const Side& now) {
        const auto at = static_cast<std::size_t>(box->currentIndex());
        return box->currentIndex() >= 0 && at < sides.size() ? sides[at] : now;
    };
    const Sides& now = m_session.snapshot().sides;
    m_session.setSides({chosen(m_before, now.before), chosen(m_after, now.after)});
}

void ComparePanel::askAndSave()
{
    const auto target =
        askWhereToSave(this, tr("Save the Comparison as CSV"), QStringLiteral("compared.csv"));
    if (!target.empty())
        saveCsv(target);
}

void ComparePanel::saveCsv(const std::filesystem::path& target)
{
    const Snapshot& now = m_session.snapshot();
    if (!now.pair)
        return;
    if (const QString problem =
            saveText(target, format(pairCsv(now), TableFormat::Csv), now.document->inputs);
        !problem.isEmpty())
        Q_EMIT failed(problem);
}

void ComparePanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_session.setPairWanted(true);
    refresh();
}

void ComparePanel::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_session.setPairWanted(false);
}

} // namespace monotail
