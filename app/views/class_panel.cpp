// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/class_panel.h"

#include <QVBoxLayout>

#include "models/class_csv.h"
#include "session/session.h"
#include "views/class_list.h"
#include "views/copy.h"
#include "views/hint_stack.h"

namespace monotail {

ClassPanel::ClassPanel(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_list(new ClassList(session, tr("Classes"), this)),
      m_all(new HintStack(m_list, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_all);
    for (const auto signal :
         {&Session::documentChanged, &Session::choicesChanged, &Session::accuracyChanged})
        connect(&session, signal, this, &ClassPanel::refresh);
    connect(m_list, &ClassList::saveAsked, this, &ClassPanel::askAndSave);
    refresh();
}

void ClassPanel::refresh()
{
    const Snapshot& snapshot = m_session.snapshot();
    m_list->setRows(snapshot, classRows(snapshot), classColumns(snapshot));
    m_all->setHint(missingHead(m_session));
}

void ClassPanel::askAndSave()
{
    const auto target =
        askWhereToSave(this, tr("Save All Classes as CSV"), QStringLiteral("classes.csv"));
    if (!target.empty())
        saveCsv(target);
}

void ClassPanel::saveCsv(const std::filesystem::path& target)
{
    const Table table = classCsv(m_session.snapshot());
    if (const QString problem = saveText(target, format(table, TableFormat::Csv),
                                         m_session.snapshot().document->inputs);
        !problem.isEmpty())
        Q_EMIT failed(problem);
}

void ClassPanel::focusFilter()
{
    m_list->focusFilter();
}

} // namespace monotail
