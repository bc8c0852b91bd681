// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/class_filter_bar.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <QToolButton>

#include "base/text.h"
#include "words/terms.h"

namespace monotail {

namespace {

QString grouped(std::size_t number)
{
    return QString::fromStdString(toGroupedText(static_cast<std::int64_t>(number)));
}

template <typename Value>
void addItem(QComboBox* box, const QString& text, Value value)
{
    box->addItem(text, static_cast<int>(value));
}

/// A control names itself to those who do not see it, and explains itself to those who do.
void describe(QWidget* control, const QString& name, const QString& tip)
{
    control->setAccessibleName(name);
    control->setToolTip(tip);
}

} // namespace

ClassFilterBar::ClassFilterBar(QWidget* parent)
    : QWidget(parent), m_text(new QLineEdit(this)), m_group(new QComboBox(this)),
      m_block(new QSpinBox(this)), m_trend(new QComboBox(this)),
      m_selectedOnly(new QCheckBox(tr("Selected only"), this)),
      m_largestFirst(new QToolButton(this)), m_counts(new QLabel(this))
{
    addControls();
    nameControls();
    connect(m_text, &QLineEdit::textChanged, this, &ClassFilterBar::changed);
    connect(m_group, &QComboBox::currentIndexChanged, this, &ClassFilterBar::changed);
    connect(m_block, &QSpinBox::valueChanged, this, &ClassFilterBar::changed);
    connect(m_trend, &QComboBox::currentIndexChanged, this, &ClassFilterBar::changed);
    connect(m_selectedOnly, &QCheckBox::toggled, this, &ClassFilterBar::changed);
    connect(m_largestFirst, &QToolButton::clicked, this, &ClassFilterBar::largestFirstAsked);
}

void ClassFilterBar::addControls()
{
    m_text->setPlaceholderText(tr("Filter by name or index"));
    m_text->setClearButtonEnabled(true);
    addItem(m_group, tr("All groups"), -1);
    addItem(m_group, tr("Many-shot"), Shot::Many);
    addItem(m_group, tr("Medium-shot"), Shot::Medium);
    addItem(m_group, tr("Few-shot"), Shot::Few);
    m_block->setSpecialValueText(tr("All blocks"));
    m_block->setPrefix(tr("Block "));
    m_block->setRange(0, 0);
    addItem(m_trend, tr("Any change"), Trend::Any);
    addItem(m_trend, tr("Got worse"), Trend::Worse);
    addItem(m_trend, tr("Got worse beyond noise"), Trend::WorseBeyondNoise);
    addItem(m_trend, tr("Improved"), Trend::Better);
    addItem(m_trend, tr("Improved beyond noise"), Trend::BetterBeyondNoise);
    for (QComboBox* box : {m_group, m_trend})
        box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_largestFirst->setText(tr("Largest change first"));
    m_largestFirst->setCheckable(true);

    auto* upper = new QHBoxLayout;
    upper->addWidget(m_text, 1);
    upper->addWidget(m_group);
    upper->addWidget(m_block);
    auto* lower = new QHBoxLayout;
    lower->addWidget(m_trend);
    lower->addWidget(m_largestFirst);
    lower->addWidget(m_selectedOnly);
    lower->addStretch(1);
    lower->addWidget(m_counts);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins({});
    all->addLayout(upper);
    all->addLayout(lower);
}

void ClassFilterBar::nameControls()
{
    describe(m_text, tr("Filter by class name or index"),
             tr("Shows the classes whose name has this in it, or whose index begins with it."));
    describe(m_group, tr("Filter by group"), definition(Term::Groups));
    describe(m_block, tr("Filter by pooled block"), definition(Term::Block));
    describe(m_trend, tr("Filter by change"),
             definition(Term::Change) + QLatin1Char(' ') +
                 tr("Beyond noise: p (adjusted) is below 0.05."));
    describe(m_selectedOnly, tr("Show selected classes only"),
             tr("Shows the classes that are selected.") + QLatin1Char(' ') +
                 definition(Term::Selection));
    describe(m_largestFirst, tr("Largest change first"),
             tr("Sorts by how much a class changed, better or worse."));
    m_counts->setObjectName(QStringLiteral("classCounts"));
}

void ClassFilterBar::showState(const Snapshot& snapshot)
{
    m_group->setVisible(snapshot.hasCounts());
    m_block->setVisible(snapshot.hasCounts());
    m_trend->setVisible(snapshot.hasData());
    m_largestFirst->setVisible(snapshot.hasData());
    if (!snapshot.hasCounts())
        return;
    const int blocks = static_cast<int>(snapshot.profile->fit.blocks.size());
    if (m_block->value() > blocks)
        m_block->setValue(0); // not the last one, which nobody asked for
    m_block->setMaximum(blocks);
}

ClassFilter ClassFilterBar::filter() const
{
    ClassFilter filter;
    filter.text = m_text->text();
    if (!m_group->isHidden() && m_group->currentIndex() > 0)
        filter.group = static_cast<Shot>(m_group->currentData().toInt());
    if (!m_block->isHidden() && m_block->value() > 0)
        filter.block = m_block->value() - 1;
    if (!m_trend->isHidden())
        filter.trend = static_cast<Trend>(m_trend->currentData().toInt());
    return filter;
}

bool ClassFilterBar::selectedOnly() const
{
    return m_selectedOnly->isChecked();
}

void ClassFilterBar::setLargestFirst(bool largestFirst)
{
    m_largestFirst->setChecked(largestFirst);
}

void ClassFilterBar::setCounts(std::size_t shown, std::size_t all, std::size_t selected)
{
    QString text = tr("%1 of %2 classes").arg(grouped(shown), grouped(all));
    if (selected > 0)
        text += tr(", %1 selected").arg(grouped(selected));
    m_counts->setText(text);
}

void ClassFilterBar::focusText()
{
    m_text->setFocus(Qt::ShortcutFocusReason);
    m_text->selectAll();
}

} // namespace monotail
