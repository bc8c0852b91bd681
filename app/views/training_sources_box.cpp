// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/training_sources_box.h"

#include <QGridLayout>
#include <QLabel>
#include <QToolButton>

#include "base/text.h"
#include "session/session.h"
#include "session/training.h"
#include "words/words.h"

namespace monotail {

TrainingSourcesBox::TrainingSourcesBox(Session& session, QWidget* parent)
    : QGroupBox(tr("Data"), parent), m_session(session), m_rows(new QGridLayout(this)),
      m_words(new QLabel(this))
{
    m_rows->setVerticalSpacing(2);
    m_rows->setColumnStretch(1, 1);
    addRow(tr("Training"),
           tr("Features of the training split with their labels, or its images: a file or folder "
              "as for evaluation data."),
           Source::Features, m_features, m_noFeatures);
    addRow(tr("Further views"),
           tr("Features of the same training images, in the same order, cropped or flipped "
              "otherwise. Every epoch draws one view of each image."),
           Source::View, m_views, m_noViews);
    addRow(tr("Validation"),
           tr("Samples that had no part in training and are not reported on. The epoch with the "
              "best class-mean accuracy on them is kept; without them the last one is."),
           Source::Validation, m_validation, m_noValidation);
    m_words->setWordWrap(true);
    m_words->setObjectName(QStringLiteral("trainingData"));
    m_words->setToolTip(wrapped(tr("Cached features: the backbone is frozen and each image has "
                                   "gone through it once. Published code augments images anew and "
                                   "lets batch-norm statistics drift, so its figures differ "
                                   "somewhat.")));
    m_rows->addWidget(m_words, m_rows->rowCount(), 0, 1, 4);
    connect(&session.training(), &Training::planChanged, this, &TrainingSourcesBox::refresh);
    refresh();
}

void TrainingSourcesBox::addRow(const QString& title, const QString& tip, Source source,
                                QLabel*& name, QToolButton*& none)
{
    const int row = m_rows->rowCount();
    auto* label = new QLabel(title, this);
    name = new QLabel(this);
    name->setTextFormat(Qt::PlainText);
    name->setMinimumWidth(40);
    name->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* choose = new QToolButton(this);
    choose->setText(QStringLiteral("\u2026"));
    choose->setAccessibleName(tr("%1: choose").arg(title));
    none = new QToolButton(this);
    none->setText(QStringLiteral("\u2715"));
    none->setAutoRaise(true);
    none->setAccessibleName(tr("%1: none").arg(title));
    none->setToolTip(tr("None"));
    for (QWidget* widget : {static_cast<QWidget*>(label), static_cast<QWidget*>(choose)})
        widget->setToolTip(wrapped(tip));
    connect(choose, &QToolButton::clicked, this, [this, source] { Q_EMIT asked(source); });
    connect(none, &QToolButton::clicked, this, [this, source] { clear(source); });
    m_rows->addWidget(label, row, 0);
    m_rows->addWidget(name, row, 1);
    m_rows->addWidget(choose, row, 2);
    m_rows->addWidget(none, row, 3);
}

void TrainingSourcesBox::resizeEvent(QResizeEvent* event)
{
    QGroupBox::resizeEvent(event);
    m_rows->activate(); // the names are as wide as they will be
    refresh();
}

void TrainingSourcesBox::clear(Source source)
{
    TrainingPlan plan = m_session.training().plan();
    if (source == Source::Features)
        plan.sources.features.clear();
    else if (source == Source::View)
        plan.sources.views.clear();
    else
        plan.sources.validation.clear();
    m_session.training().setPlan(plan);
}

void TrainingSourcesBox::refresh()
{
    const Training& training = m_session.training();
    const TrainingSources& sources = training.plan().sources;
    const auto put = [](QLabel* name, QToolButton* none, const QStringList& paths,
                        const QString& absent) {
        QStringList names;
        for (const QString& path : paths)
            names << fileName(path.toStdString());
        const QString text = paths.isEmpty() ? absent : names.join(QStringLiteral(", "));
        name->setText(name->fontMetrics().elidedText(text, Qt::ElideMiddle, name->width()));
        name->setToolTip(paths.isEmpty() ? absent : paths.join(QLatin1Char('\n')));
        name->setEnabled(!paths.isEmpty());
        none->setVisible(!paths.isEmpty());
    };
    const auto listed = [](const std::string& path) {
        return path.empty() ? QStringList() : QStringList(QString::fromStdString(path));
    };
    QStringList views;
    for (const std::string& view : sources.views)
        views << QString::fromStdString(view);
    put(m_features, m_noFeatures, listed(sources.features), tr("none yet"));
    put(m_views, m_noViews, views, tr("none"));
    put(m_validation, m_noValidation, listed(sources.validation), tr("none: the last epoch"));
    QString words;
    if (training.isReading())
        words = tr("Reading\u2026");
    else if (const auto opened = training.opened())
        words = tr("%1 images as cached features, on %2.")
                    .arg(QString::fromStdString(toGroupedText(opened->problem.data.samples())),
                         QString::fromStdString(opened->trainer->device()));
    m_words->setText(words);
    m_words->setVisible(!words.isEmpty());
}

} // namespace monotail
