// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/class_cell.h"

#include <QCoreApplication>
#include <cmath>

#include "base/text.h"
#include "report/text.h"

namespace monotail {

namespace {

constexpr double significance = 0.05;
constexpr int decimals = 3; // of norms, scales, biases and p

QString tr(const char* text)
{
    return QCoreApplication::translate("ClassCell", text);
}

QString notAvailable()
{
    return tr("n/a");
}

QString fixed(double value)
{
    return QString::fromStdString(toText(value, decimals));
}

QString whole(const std::optional<std::int64_t>& value)
{
    return value ? QString::number(*value) : notAvailable();
}

QString grouped(const std::optional<std::int64_t>& value)
{
    return value ? QString::fromStdString(toGroupedText(*value)) : notAvailable();
}

QString percent(const Rate& rate)
{
    return rate ? QString::fromStdString(rateText(rate)) : notAvailable();
}

QString pText(const std::optional<double>& p)
{
    if (!p)
        return notAvailable();
    return *p < 0.001 ? QStringLiteral("< 0.001") : fixed(*p);
}

QString intervalText(const ClassRow& row)
{
    if (!row.afterLow || !row.afterHigh)
        return notAvailable();
    return percent(row.afterLow) + QStringLiteral(" - ") + percent(row.afterHigh);
}

/// Blocks are counted from 1 for people.
std::optional<std::int64_t> blockNumber(const ClassRow& row)
{
    return row.block ? std::optional(*row.block + 1) : std::nullopt;
}

QString changeSign(const ClassRow& row)
{
    if (*row.change > 0)
        return isBeyondNoise(row) ? QStringLiteral("▲ ") : QStringLiteral("△ ");
    return isBeyondNoise(row) ? QStringLiteral("▼ ") : QStringLiteral("▽ ");
}

template <typename Number>
std::optional<double> asNumber(const std::optional<Number>& value)
{
    if (!value || std::isnan(static_cast<double>(*value)))
        return std::nullopt;
    return static_cast<double>(*value);
}

} // namespace

QString shownText(const ClassRow& row, ClassColumn column)
{
    if (column == ClassColumn::Images)
        return grouped(row.count);
    if (column == ClassColumn::Samples)
        return grouped(row.samples);
    if (column == ClassColumn::Change && row.change == 0.0)
        return QStringLiteral("= 0.0");
    if (column == ClassColumn::Change && row.change)
        return changeSign(row) + plainText(row, column);
    return plainText(row, column);
}

QString plainText(const ClassRow& row, ClassColumn column)
{
    switch (column) {
    case ClassColumn::Name:
        return row.name;
    case ClassColumn::Index:
        return whole(row.index);
    case ClassColumn::Rank:
        return whole(row.rank);
    case ClassColumn::Images:
        return whole(row.count);
    case ClassColumn::Group:
        return row.group ? nameOf(*row.group) : notAvailable();
    case ClassColumn::Block:
        return whole(blockNumber(row));
    case ClassColumn::Samples:
        return whole(row.samples);
    case ClassColumn::RecallBefore:
        return percent(row.before);
    case ClassColumn::RecallAfter:
        return percent(row.after);
    case ClassColumn::IntervalAfter:
        return intervalText(row);
    case ClassColumn::Change:
        return row.change ? QString::fromStdString(differenceText(*row.change)) : notAvailable();
    case ClassColumn::AdjustedP:
        return pText(row.p);
    case ClassColumn::Verdict:
        return verdictOf(row);
    default:
        const std::optional<double> value = sortValue(row, column);
        return value ? fixed(*value) : notAvailable();
    }
}

std::optional<double> sortValue(const ClassRow& row, ClassColumn column)
{
    switch (column) {
    case ClassColumn::Name:
        return std::nullopt;
    case ClassColumn::Index:
        return static_cast<double>(row.index);
    case ClassColumn::Rank:
        return asNumber(row.rank);
    case ClassColumn::Images:
        return asNumber(row.count);
    case ClassColumn::Group:
        return row.group ? std::optional(static_cast<double>(*row.group)) : std::nullopt;
    case ClassColumn::Block:
        return asNumber(row.block);
    case ClassColumn::NormBefore:
        return asNumber(std::optional(row.normBefore));
    case ClassColumn::NormAfter:
        return asNumber(std::optional(row.normAfter));
    case ClassColumn::Scale:
        return asNumber(std::optional(row.scale));
    case ClassColumn::BiasBefore:
        return asNumber(std::optional(row.biasBefore));
    case ClassColumn::BiasAfter:
        return asNumber(std::optional(row.biasAfter));
    case ClassColumn::Samples:
        return static_cast<double>(row.samples);
    case ClassColumn::RecallBefore:
        return asNumber(row.before);
    case ClassColumn::RecallAfter:
        return asNumber(row.after);
    case ClassColumn::IntervalAfter:
        return asNumber(row.afterLow);
    case ClassColumn::Change:
        return asNumber(row.change);
    case ClassColumn::AdjustedP:
        return asNumber(row.p);
    case ClassColumn::Verdict:
        return row.change
                   ? std::optional(isBeyondNoise(row) ? std::copysign(1.0, *row.change) : 0.0)
                   : std::nullopt;
    }
    return std::nullopt;
}

bool isBeyondNoise(const ClassRow& row)
{
    return row.change && *row.change != 0 && row.p && *row.p < significance;
}

QString changeInWords(const ClassRow& row)
{
    if (!row.change)
        return {};
    if (*row.change == 0)
        return tr("No change.");
    const QString size = QString::fromStdString(toText(std::abs(*row.change), 1));
    const QString what =
        *row.change > 0 ? tr("Better by %1 points").arg(size) : tr("Worse by %1 points").arg(size);
    const QString worth = isBeyondNoise(row)
                              ? tr("more than noise: p (adjusted) %1")
                              : tr("but that cannot be told from noise: p (adjusted) %1");
    return what + QStringLiteral(", ") + worth.arg(pText(row.p)) + QLatin1Char('.');
}

QString verdictOf(const ClassRow& row)
{
    if (!row.change)
        return notAvailable();
    if (*row.change == 0)
        return tr("no change");
    if (!isBeyondNoise(row))
        return tr("cannot be told");
    return *row.change > 0 ? tr("better") : tr("worse");
}

QString nameOf(Shot group)
{
    switch (group) {
    case Shot::Many:
        return tr("many");
    case Shot::Medium:
        return tr("medium");
    case Shot::Few:
        return tr("few");
    }
    return {};
}

} // namespace monotail
