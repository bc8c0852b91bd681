// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/why_panel.h"

#include <QAction>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>

#include "base/text.h"
#include "models/sample_causes_model.h"
#include "models/sample_parts.h"
#include "models/sample_words.h"
#include "session/session.h"
#include "views/copy.h"
#include "views/hint_stack.h"
#include "views/table_look.h"
#include "views/why_figure.h"
#include "views/why_picture.h"
#include "words/terms.h"

namespace monotail {

namespace {

constexpr int sideBySide = 760; ///< pixels from which on the story stands beside the classes
constexpr int widestName = 20;  // characters
constexpr int leastRows = 5;    // of the classes

QLabel* wrapping(QWidget* parent, const QString& name)
{
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

QString grouped(std::int64_t value)
{
    return QString::fromStdString(toGroupedText(value));
}

} // namespace

WhyPanel::WhyPanel(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_partsModel(new TextTableModel(this)),
      m_causesModel(new SampleCausesModel(this))
{
    layOut();
    for (const auto signal :
         {&Session::documentChanged, &Session::accuracyChanged, &Session::storyChanged})
        connect(&session, signal, this, &WhyPanel::refresh);
    connect(&session.jobs(), &JobRunner::cancelled, this, &WhyPanel::refresh);
    connect(m_side, &QComboBox::activated, this, [this] {
        m_causesModel->setSide(m_side->currentIndex() == 0 ? CauseSide::Before : CauseSide::After);
        showCauses();
    });
    connect(m_causes, &QTableView::clicked, this, &WhyPanel::selectClass);
    connect(m_causes, &QTableView::activated, this, &WhyPanel::selectClass);
    refresh();
}

QWidget* WhyPanel::makeStory()
{
    m_story = new QWidget(this);
    m_picture = new WhyPicture(m_story);
    m_title = wrapping(m_story, QStringLiteral("whyTitle"));
    m_title->setToolTip(tr("The sample, and the class that it is of."));
    m_words = wrapping(m_story, QStringLiteral("whyWords"));
    m_words->setToolTip(definition(Term::ErrorCause));
    m_parts = new QTableView(m_story);
    m_parts->setModel(m_partsModel);
    m_parts->setSelectionMode(QAbstractItemView::SingleSelection);
    m_parts->setAccessibleName(tr("What the scores are made of"));
    lookLikeATable(m_parts);
    addCopyActions(m_parts, [this] { return m_partsModel->table().table; });
    m_figureTitle = wrapping(m_story, QStringLiteral("whyFigureTitle"));
    m_figure = new WhyFigure(m_story);
    auto* column = new QVBoxLayout(m_story);
    column->setContentsMargins(0, 0, 0, 0);
    for (QWidget* part : {static_cast<QWidget*>(m_title), static_cast<QWidget*>(m_picture),
                          static_cast<QWidget*>(m_words), static_cast<QWidget*>(m_parts),
                          static_cast<QWidget*>(m_figureTitle), static_cast<QWidget*>(m_figure)})
        column->addWidget(part);
    column->addStretch(1);
    return m_story;
}

QWidget* WhyPanel::makeSide()
{
    m_side = new QComboBox(this);
    m_side->addItems({tr("before"), tr("after")});
    m_side->setObjectName(QStringLiteral("causesSide"));
    m_side->setAccessibleName(tr("Classes before or after the rescaling"));
    m_side->setToolTip(tr("Counts of the head as it is, or as rescaled."));
    return m_side;
}

QWidget* WhyPanel::makeCauses()
{
    auto* causes = new QWidget(this);
    m_causesWords = wrapping(causes, QStringLiteral("causesWords"));
    m_causesWords->setToolTip(definition(Term::ErrorCause));
    m_causes = new QTableView(causes);
    m_causes->setModel(m_causesModel);
    m_causes->setSelectionMode(QAbstractItemView::SingleSelection);
    m_causes->setAccessibleName(tr("What the classes' wrong samples are lost by"));
    lookLikeATable(m_causes);
    m_causes->setSortingEnabled(true);
    m_causes->horizontalHeader()->setSortIndicator(1, Qt::DescendingOrder);
    addCopyActions(m_causes, [this] { return m_causesModel->table(); });
    auto* save = new QAction(tr("Save as CSV\u2026"), m_causes);
    connect(save, &QAction::triggered, this, &WhyPanel::askAndSave);
    m_causes->addAction(save);
    auto* head = new QHBoxLayout;
    head->addWidget(m_causesWords, 1);
    head->addWidget(makeSide());
    auto* column = new QVBoxLayout(causes);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(head);
    column->addWidget(m_causes, 1);
    return causes;
}

void WhyPanel::layOut()
{
    auto* content = new QWidget(this);
    m_halves = new QBoxLayout(QBoxLayout::TopToBottom, content);
    m_halves->setContentsMargins(6, 4, 6, 4);
    m_chooseOne = wrapping(this, QStringLiteral("whyChoose"));
    m_chooseOne->setText(tr("Choose a sample in the list of samples (View > Samples) to see why it "
                            "is classified as it is."));
    m_halves->addWidget(m_chooseOne);
    m_halves->addWidget(makeStory());
    m_halves->addWidget(makeCauses(), 1);
    m_all = new HintStack(content, this);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins({});
    outer->addWidget(m_all);
}

QString WhyPanel::hint() const
{
    const Snapshot& now = m_session.snapshot();
    if (const QString missing = missingHead(m_session); !missing.isEmpty())
        return missing;
    if (now.hasData())
        return {};
    if (m_session.isReadingData() || (now.document && now.document->hasData()))
        return tr("Reading the features and scoring them\u2026");
    return tr("No data yet. Add features and labels (File > Add data) to see why a sample is "
              "classified as it is.");
}

void WhyPanel::refresh()
{
    m_all->setHint(hint());
    if (!isVisible() || !m_all->hint().isEmpty())
        return;
    showStory();
    showCauses();
}

void WhyPanel::showStory()
{
    const Snapshot& now = m_session.snapshot();
    m_chooseOne->setVisible(!now.sample);
    m_story->setVisible(now.sample && now.story);
    if (!now.story || m_shownStory == now.story)
        return;
    m_shownStory = now.story;
    const StoryStudy& study = *now.story;
    const Document& document = *now.document;
    m_title->setText(tr("%1, of class %2")
                         .arg(sampleName(*document.features, study.story.sample),
                              document.names[static_cast<std::size_t>(study.story.label)]));
    QString instead = tr("These features came without their images; open the image source instead "
                         "to see them.");
    if (document.features->images)
        instead = study.imageProblem;
    m_picture->setImage(study.image, instead);
    m_picture->setToolTip(study.image.isNull()
                              ? instead
                              : tr("%1 x %2 pixels%3")
                                    .arg(study.size.width())
                                    .arg(study.size.height())
                                    .arg(study.conversion.isEmpty()
                                             ? QString()
                                             : tr("; was %1").arg(study.conversion)));
    m_words->setText(storyText(now));
    m_partsModel->setTable(partsTable(now));
    m_figureTitle->setText(gapTitle(now));
    m_figure->setBars(gapBars(now));
    fitTables();
}

void WhyPanel::showCauses()
{
    const Snapshot& now = m_session.snapshot();
    if (m_shownCauses != now.causes) {
        m_shownCauses = now.causes;
        m_causesModel->setCauses(now.causes ? now.document : nullptr, now.causes);
        fitTables();
    }
    if (!now.causes)
        return m_causesWords->setText(m_session.isExplaining()
                                          ? tr("Finding what samples are lost by\u2026")
                                          : tr("What samples are lost by was not found out."));
    const CauseCounts all = m_causesModel->total();
    m_causesWords->setText(
        tr("%1 of %2 samples are wrong %3: %4 by norm, %5 by bias, %6 by both, %7 by direction.")
            .arg(grouped(all.wrong()), grouped(all.samples), m_side->currentText(),
                 grouped(all.norm), grouped(all.bias), grouped(all.normAndBias),
                 grouped(all.direction)));
}

void WhyPanel::selectClass()
{
    if (const int row = selectedRow(m_causes); row >= 0)
        m_session.selection().set({m_causesModel->classAt(row)});
}

void WhyPanel::fitTables()
{
    fitTable(m_parts);
    for (int column = 0; column < m_partsModel->columnCount(); ++column)
        limitColumn(m_parts, column, widestName);
    fitHeight(m_parts, m_partsModel->rowCount(), m_partsModel->rowCount());
    fitTable(m_causes);
    limitColumn(m_causes, 0, widestName);
    m_causes->setMinimumHeight(m_causes->horizontalHeader()->sizeHint().height() +
                               leastRows * m_causes->verticalHeader()->defaultSectionSize());
}

void WhyPanel::arrange()
{
    m_halves->setDirection(width() >= sideBySide ? QBoxLayout::LeftToRight
                                                 : QBoxLayout::TopToBottom);
}

void WhyPanel::askAndSave()
{
    const auto target =
        askWhereToSave(this, tr("Save the Causes as CSV"), QStringLiteral("causes.csv"));
    if (!target.empty())
        saveCsv(target);
}

void WhyPanel::saveCsv(const std::filesystem::path& target)
{
    const Snapshot& now = m_session.snapshot();
    if (!now.causes)
        return;
    if (const QString problem = saveText(target, format(m_causesModel->table(), TableFormat::Csv),
                                         now.document->inputs);
        !problem.isEmpty())
        Q_EMIT failed(problem);
}

void WhyPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_session.setStoryWanted(true);
    refresh();
}

void WhyPanel::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_session.setStoryWanted(false);
}

void WhyPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void WhyPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (m_all && (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange))
        fitTables();
}

} // namespace monotail
