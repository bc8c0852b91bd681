// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/curve_data.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "report/text.h"
#include "words/words.h"

namespace monotail {

namespace {

constexpr double notKnown = std::numeric_limits<double>::quiet_NaN();

QString tr(const char* text)
{
    return QCoreApplication::translate("CurveData", text);
}

QString rated(const Rate& rate)
{
    return rate ? QString::fromStdString(rateText(rate)) : tr("n/a");
}

QString number(double value)
{
    return QString::fromStdString(toText(value));
}

QString parameterName(MethodKind kind)
{
    return kind == MethodKind::MaxNorm ? tr("radius") : tr("tau");
}

template <typename Value>
std::vector<double> along(const Sweep& sweep, Value value)
{
    std::vector<double> out;
    for (const SweepPoint& point : sweep.points)
        out.push_back(value(point.accuracy).value_or(notKnown));
    return out;
}

/// Between the points of the grid on a straight line.
std::optional<double> interpolated(const CurveChartData& data, double x)
{
    const auto right = std::lower_bound(data.xs.begin(), data.xs.end(), x);
    if (right == data.xs.end() || (right == data.xs.begin() && *right > x))
        return std::nullopt;
    const auto at = static_cast<std::size_t>(right - data.xs.begin());
    const std::vector<double>& ys = data.lines.front().values;
    if (*right == x)
        return ys[at];
    const double share = (x - data.xs[at - 1]) / (data.xs[at] - data.xs[at - 1]);
    return ys[at - 1] + share * (ys[at] - ys[at - 1]);
}

/// As measured; for the moment until it is, by the curve.
std::optional<double> classMeanNow(const Snapshot& snapshot, const CurveChartData& data, double x)
{
    const LiveAccuracy& live = *snapshot.accuracy;
    if (live.rescaling.scale == snapshot.rescaling->scale &&
        live.rescaling.bias == snapshot.rescaling->bias)
        return live.after.classMean;
    return interpolated(data, x);
}

void addLines(CurveChartData& data, const Sweep& sweep, CurveLines lines)
{
    using Kind = CurveLine::Kind;
    data.lines.push_back({Kind::Main, tr("class-mean"),
                          along(sweep, [](const AccuracyReport& r) { return r.classMean; })});
    if (lines == CurveLines::ClassMean)
        return;
    const Kind kinds[] = {Kind::Many, Kind::Medium, Kind::Few};
    for (std::size_t g = 0; g < 3; ++g)
        data.lines.push_back({kinds[g], groupName(static_cast<Shot>(g)),
                              along(sweep, [g](const AccuracyReport& r) { return r.groups[g]; })});
}

void addMarks(CurveChartData& data, const Snapshot& snapshot, const Sweep& sweep)
{
    const QString name = parameterName(sweep.query.range.kind);
    if (sweep.projection && sweep.projection->classMean) {
        const Rate& level = sweep.projection->classMean;
        data.levels = {{*level, tr("SAMN projection, no parameter: %1").arg(rated(level)), {}}};
    }
    QStringList values;
    for (const double value : sweep.chosen.values) {
        values << number(value);
        if (const auto y = interpolated(data, value); y && std::isfinite(*y))
            data.chosen.push_back({value, *y});
    }
    values.removeDuplicates();
    data.chosenLabel = tr("chosen: %1 = %2").arg(name, values.join(tr(" and ")));
    const double x =
        methodOf(snapshot.choices, snapshot.choices.method, snapshot.document->head->norms)
            .parameter;
    const auto y = classMeanNow(snapshot, data, x);
    if (!y || !std::isfinite(*y))
        return;
    data.now = QPointF(x, *y);
    data.nowLabel = tr("now: %1 = %2, %3").arg(name, number(x), rated(*y));
}

} // namespace

CurveChartData curveChartData(const Snapshot& snapshot, CurveLines lines)
{
    CurveChartData data;
    if (!snapshot.sweep || !snapshot.hasData())
        return data;
    const Sweep& sweep = snapshot.sweep->sweep;
    for (const SweepPoint& point : sweep.points)
        data.xs.push_back(point.value);
    if (data.xs.empty())
        return data;
    addLines(data, sweep, lines);
    addMarks(data, snapshot, sweep);
    data.xTitle = sweep.query.range.kind == MethodKind::MaxNorm ? tr("radius") : tr("tau");
    data.yTitle =
        lines == CurveLines::ClassMean ? tr("class-mean accuracy, %") : tr("mean of recalls, %");
    data.title = tr("%1: accuracy against its parameter").arg(methodName(sweep.query.range.kind));
    data.caption =
        tr("%1; %2; %3 samples; %4\n%5")
            .arg(headName(*snapshot.document),
                 fileName(snapshot.document->inputs.data),
                 QString::fromStdString(toGroupedText(sweep.samples)),
                 QString::fromStdString(describe(sweep.groups.rule)), sweepSummary(snapshot));
    return data;
}

QString sweepSummary(const Snapshot& snapshot)
{
    if (!snapshot.sweep)
        return {};
    const Sweep& sweep = snapshot.sweep->sweep;
    QStringList values;
    for (const double value : sweep.chosen.values)
        values << number(value);
    values.removeDuplicates();
    if (values.isEmpty()) // nothing to choose on
        values << rated(std::nullopt);
    QString text = tr("Chosen on %1: %2 = %3, class-mean %4.")
                       .arg(QString::fromStdString(printable(sweep.chosen.on, 300)),
                            parameterName(sweep.query.range.kind), values.join(tr(" and ")),
                            rated(sweep.chosen.accuracy.classMean));
    const auto& gap = sweep.chosen.fromProjection;
    if (gap && gap->classMean)
        text += tr(" Against the projection: %1 points.")
                    .arg(QString::fromStdString(changeText(gap->classMean)));
    if (sweep.sensitivity.difference)
        text += tr(" Best less worst: %1 points; %2 % of the grid is within 0.5 of the best.")
                    .arg(rated(sweep.sensitivity.difference), rated(sweep.sensitivity.nearBest));
    return text;
}

} // namespace monotail
