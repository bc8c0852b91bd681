// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/accuracy_words.h"

#include <QCoreApplication>
#include <QStringList>
#include <cmath>

#include "base/text.h"
#include "report/text.h"
#include "words/words.h"

namespace monotail {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("AccuracyWords", text);
}

QString rated(const Rate& rate)
{
    return rate ? QString::fromStdString(rateText(rate)) : tr("n/a");
}

QString arrow(const QString& before, const QString& after)
{
    return before + QStringLiteral(" \u2192 ") + after;
}

QString number(double value)
{
    return QString::fromStdString(toText(value, 2));
}

/// One temperature, or both where the halves disagree.
QString temperatures(const CalibrationStudy::Errors& errors)
{
    const QString first = number(errors.temperatures[0]), second = number(errors.temperatures[1]);
    return first == second ? first : tr("%1 and %2").arg(first, second);
}

QString byGroup(const QString& name, const Calibration& before, const Calibration& after)
{
    QStringList parts;
    for (std::size_t g = 0; g < 3; ++g)
        parts << tr("%1 %2").arg(groupName(static_cast<Shot>(g)),
                                 arrow(rated(before.groups[g]), rated(after.groups[g])));
    return tr("%1: %2").arg(name, parts.join(QStringLiteral("; ")));
}

} // namespace

QString priorName(double strength)
{
    if (strength == 0)
        return tr("a uniform test prior");
    if (strength == 1)
        return tr("the training prior (head-heavy)");
    const QString power = signedText(strength, 2);
    return strength > 0 ? tr("a head-heavy test prior (n to the power %1)").arg(power)
                        : tr("a tail-heavy test prior (n to the power %1)").arg(power);
}

QString priorText(const Snapshot& snapshot)
{
    if (!snapshot.hasData())
        return {};
    const LiveAccuracy& live = *snapshot.accuracy;
    const std::vector<std::int64_t>& counts = snapshot.document->classes->counts;
    const double strength = snapshot.choices.testPrior;
    const Rate before = accuracyUnderPrior(live.before, counts, strength);
    const Rate after = accuracyUnderPrior(live.after, counts, strength);
    QString text =
        tr("Top-1 under %1: %2 %").arg(priorName(strength), arrow(rated(before), rated(after)));
    if (before && after)
        text += tr(" (%1)").arg(signedText(*after - *before, 1));
    return text;
}

QString calibrationText(const Snapshot& snapshot)
{
    if (!snapshot.hasData())
        return {};
    if (!snapshot.calibration)
        return tr("Calibration error (ECE): \u2026");
    const CalibrationStudy& study = *snapshot.calibration;
    QString text = tr("Calibration error (ECE): %1 %")
                       .arg(arrow(rated(study.before.own.ece), rated(study.after.own.ece)));
    if (study.before.fitted && study.after.fitted)
        text += tr("; after one temperature: %1 %")
                    .arg(arrow(rated(study.before.fitted->ece), rated(study.after.fitted->ece)));
    return text;
}

QString calibrationDetail(const Snapshot& snapshot)
{
    if (!snapshot.hasData() || !snapshot.calibration)
        return {};
    const CalibrationStudy& study = *snapshot.calibration;
    QStringList lines{byGroup(tr("By true group"), study.before.own, study.after.own)};
    if (!study.before.fitted || !study.after.fitted)
        return lines.front();
    lines
        << byGroup(tr("After one temperature"), *study.before.fitted, *study.after.fitted)
        << tr("Temperatures: %1").arg(arrow(temperatures(study.before), temperatures(study.after)));
    return lines.join(QLatin1Char('\n'));
}

} // namespace monotail
