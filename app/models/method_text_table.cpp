// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/method_text_table.h"

#include <QCoreApplication>
#include <algorithm>

#include "models/method_choices.h"
#include "report/text.h"
#include "session/measuring.h"
#include "words/terms.h"
#include "words/words.h"

namespace monotail {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("MethodTextTable", text);
}

/// What the columns of methodTable() mean.
std::vector<QString> columnExplanations(const ShotRule& rule)
{
    const QString groups = QStringLiteral("\n") + definition(Term::Groups) + QLatin1Char(' ') +
                           QString::fromStdString(describe(rule)) + QLatin1Char('.');
    const QString change = QStringLiteral("\n") + definition(Term::Change) + QLatin1Char(' ') +
                           definition(Term::Interval);
    return {tr("Rescalings of the head. The marked one is shown everywhere; "
               "double click another, or press Enter, to apply it."),
            definition(Term::Many) + groups,
            definition(Term::Medium) + groups,
            definition(Term::Few) + groups,
            definition(Term::Top1),
            definition(Term::ClassMean),
            definition(Term::Top1) + change,
            definition(Term::ClassMean) + change};
}

Term termOf(MethodKind kind)
{
    switch (kind) {
    case MethodKind::None:
        return Term::NoMethod;
    case MethodKind::Samn:
        return Term::SamnProjection;
    case MethodKind::Tau:
        return Term::Tau;
    case MethodKind::MaxNorm:
        return Term::MaxNorm;
    case MethodKind::LogitAdjust:
        return Term::LogitAdjustment;
    case MethodKind::EqualNorms:
        return Term::EqualNorms;
    case MethodKind::Scales:
        return Term::Manual;
    }
    return Term::NoMethod;
}

QString explanationOf(const MethodResult* result)
{
    if (!result)
        return definition(Term::NoMethod);
    QString text = definition(termOf(methodBehind(result->rescaling).kind));
    if (!result->harm.empty())
        text += QLatin1Char('\n') + QString::fromStdString(result->harm);
    return text;
}

/// The row of the rescaling that is shown now; -1 if it is not measured yet.
int shownRow(const Snapshot& snapshot, const std::vector<const MethodResult*>& rows)
{
    if (snapshot.rescaling->method == "none")
        return 0;
    const MethodResult* shown = findResult(*snapshot.methods, *snapshot.rescaling);
    const auto at = std::find(rows.begin(), rows.end(), shown);
    return !shown || at == rows.end() ? -1 : static_cast<int>(at - rows.begin());
}

/// The rows of the headroom, which follow those of the methods: explained if they are there, dots
/// or "n/a" if not.
void addHeadroom(TextTable& table, const Snapshot& snapshot, std::size_t methods)
{
    const std::optional<HeadroomResult>& there = snapshot.methods->headroom;
    table.minor = static_cast<int>(methods);
    if (there) {
        if (there->scale)
            table.rowExplanations.push_back(definition(Term::ScaleHeadroom));
        if (there->bias)
            table.rowExplanations.push_back(definition(Term::BiasHeadroom));
        return;
    }
    const bool failed = snapshot.headroom && !snapshot.headroom->problem.empty();
    table.pending = table.minor;
    const std::pair<QString, Term> rows[] = {
        {tr("headroom: best per-class scale (cross-fitted)"), Term::ScaleHeadroom},
        {tr("headroom: best per-class bias (cross-fitted)"), Term::BiasHeadroom}};
    for (const auto& [name, term] : rows) {
        std::vector<std::string> cells(table.table.header.size(),
                                       failed ? tr("n/a").toStdString() : std::string("\u2026"));
        cells.front() = name.toStdString();
        table.table.rows.push_back(std::move(cells));
        QString tip = definition(term);
        if (failed)
            tip += QLatin1Char('\n') + inWindow(snapshot.headroom->problem);
        table.rowExplanations.push_back(tip);
    }
}

} // namespace

TextTable methodTextTable(const Snapshot& snapshot)
{
    const Evaluation& methods = *snapshot.methods;
    const std::vector<const MethodResult*> rows = methodRows(methods);
    TextTable table{methodTable(methods),
                    shownRow(snapshot, rows),
                    columnExplanations(methods.groups.rule),
                    {}};
    for (const MethodResult* result : rows)
        table.rowExplanations.push_back(explanationOf(result));
    addHeadroom(table, snapshot, rows.size());
    return table;
}

} // namespace monotail
