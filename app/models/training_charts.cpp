// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/training_charts.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/text.h"
#include "report/text.h"
#include "words/words.h"

namespace monotail {

namespace {

constexpr double notKnown = std::numeric_limits<double>::quiet_NaN();

QString tr(const char* text)
{
    return QCoreApplication::translate("TrainingCharts", text);
}

std::size_t at(std::int64_t c)
{
    return static_cast<std::size_t>(c);
}

/// Ranks as an epoch's blocks are in: equal counts in class order, and, of a head whose norms are
/// free, rows of norm 0 after all others.
Slots ranked(const Document& document, const EpochRecord& record)
{
    const std::vector<std::int64_t>& counts = document.classes->counts;
    Slots classes;
    classes.classOf.resize(counts.size());
    std::iota(classes.classOf.begin(), classes.classOf.end(), std::int64_t(0));
    const auto isOut = [&](std::int64_t c) {
        return record.raw.empty() && record.norms[at(c)] == 0;
    };
    std::stable_sort(classes.classOf.begin(), classes.classOf.end(),
                     [&](std::int64_t a, std::int64_t b) {
                         return isOut(a) != isOut(b) ? isOut(b) : counts[at(a)] > counts[at(b)];
                     });
    for (const std::int64_t c : classes.classOf) {
        classes.names.push_back(document.names[at(c)]);
        classes.counts.push_back(static_cast<double>(counts[at(c)]));
    }
    classes.title = tr("classes by frequency rank, most frequent first");
    return classes;
}

std::vector<double> bySlot(const Slots& classes, const std::vector<double>& values)
{
    std::vector<double> out;
    for (const std::int64_t c : classes.classOf)
        out.push_back(values[at(c)]);
    return out;
}

/// A pooled block lies at the value that PAVA gave it: of raw, or the norm that this becomes.
void addBlocks(NormChartData& data, const EpochRecord& record, NormSpace space)
{
    for (const Block& block : record.blocks) {
        const bool folded = space == NormSpace::Norms && !record.raw.empty();
        data.blocks.push_back({static_cast<std::int64_t>(block.begin),
                               static_cast<std::int64_t>(block.end),
                               folded ? data.after[block.begin] : block.value});
    }
}

void fixScale(NormChartData& data, const KeptRun& run, NormSpace space)
{
    double low = std::numeric_limits<double>::infinity(), high = -low;
    const auto take = [&](const std::vector<double>& values) {
        for (const double value : values) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    };
    for (const EpochRecord& record : run.epochs) {
        take(space == NormSpace::Norms ? record.norms : record.raw);
        if (space == NormSpace::Raw)
            take(record.pooledRaw);
    }
    data.least = low;
    data.most = high;
}

QString epochName(std::size_t epoch)
{
    return epoch == 0 ? tr("epoch 0, as initialised") : tr("epoch %1").arg(epoch);
}

QString captionOf(const KeptRun& run)
{
    return tr("%1; cached features: %2\n%3")
        .arg(headName(*run.on->document), fileName(run.on->sources.features),
             QString::fromStdString(describe(run.recipe)));
}

/// Epochs along x: all there will be, so that the axis stands still.
CurveChartData overEpochs(const KeptRun& run)
{
    CurveChartData data;
    const auto last = static_cast<std::size_t>(run.recipe.epochs);
    for (std::size_t epoch = 0; epoch <= std::max(last, run.epochs.size() - 1); ++epoch) {
        data.xs.push_back(static_cast<double>(epoch));
        data.xNames.push_back(QString::number(epoch));
    }
    data.xTitle = tr("epoch");
    data.title = runLabel(run);
    data.caption = captionOf(run);
    return data;
}

template <typename Value>
std::vector<double> along(const CurveChartData& data, const KeptRun& run, Value value)
{
    std::vector<double> out(data.xs.size(), notKnown);
    for (std::size_t i = 0; i < run.epochs.size(); ++i)
        out[i] = value(run.epochs[i]);
    return out;
}

void markEpochs(CurveChartData& data, const KeptRun& run, std::size_t epoch)
{
    const std::vector<double>& values = data.lines.front().values;
    if (epoch < values.size() && std::isfinite(values[epoch])) {
        data.now = QPointF(static_cast<double>(epoch), values[epoch]);
        const bool percent = data.unit == CurveUnit::Percent;
        data.nowLabel = tr("epoch %1: %2")
                            .arg(epoch)
                            .arg(QString::fromStdString(toText(values[epoch], percent ? 1 : 4)));
    }
    const int chosen = run.chosenEpoch;
    if (chosen >= 0 && std::isfinite(values[at(chosen)])) {
        data.chosen = {{static_cast<double>(chosen), values[at(chosen)]}};
        data.chosenLabel = tr("kept: epoch %1").arg(chosen);
    }
}

} // namespace

bool hasRaw(const KeptRun& run)
{
    return !run.epochs.empty() && !run.epochs.front().raw.empty();
}

NormChartData epochNormData(const Document& document, const KeptRun& run, std::size_t epoch,
                            NormSpace space)
{
    NormChartData data;
    if (epoch >= run.epochs.size() || (space == NormSpace::Raw && !hasRaw(run)))
        return data;
    const EpochRecord &record = run.epochs[epoch], &start = run.epochs.front();
    data.classes = ranked(document, record);
    data.levels = NormChartData::Levels::Fixed;
    data.title = tr("Run %1, %2").arg(run.number).arg(epochName(epoch));
    data.caption = captionOf(run);
    if (space == NormSpace::Raw) {
        data.yTitle = tr("raw, before softplus: what PAVA pools");
        data.beforeLabel = tr("raw, %1").arg(epochName(epoch));
        data.afterLabel = tr("pooled");
        data.before = bySlot(data.classes, record.raw);
        data.after = bySlot(data.classes, record.pooledRaw);
    } else {
        data.yTitle = tr("weight norm");
        data.beforeLabel = tr("epoch 0, as initialised");
        data.afterLabel = epochName(epoch);
        data.before = bySlot(data.classes, start.norms);
        data.after = bySlot(data.classes, record.norms);
    }
    addBlocks(data, record, space);
    fixScale(data, run, space);
    return data;
}

CurveChartData lossCurve(const KeptRun& run, std::size_t epoch)
{
    if (run.epochs.size() < 2)
        return {};
    CurveChartData data = overEpochs(run);
    data.unit = CurveUnit::None;
    data.yTitle = tr("loss, mean of the epoch's samples");
    data.lines = {{CurveLine::Kind::Main, tr("loss"), along(data, run, [](const EpochRecord& r) {
                       return r.loss.value_or(notKnown);
                   })}};
    markEpochs(data, run, epoch);
    return data;
}

CurveChartData validationCurve(const KeptRun& run, std::size_t epoch)
{
    if (run.epochs.empty() || !run.epochs.front().validation)
        return {};
    CurveChartData data = overEpochs(run);
    data.yTitle = tr("validation accuracy, %");
    using Kind = CurveLine::Kind;
    const auto add = [&](Kind kind, const QString& name, auto rate) {
        data.lines.push_back({kind, name, along(data, run, [&](const EpochRecord& record) {
                                  return record.validation
                                             ? rate(*record.validation).value_or(notKnown)
                                             : notKnown;
                              })});
    };
    add(Kind::Main, tr("class-mean"), [](const CurvePoint& p) { return p.classMean; });
    add(Kind::Second, tr("all (top-1)"), [](const CurvePoint& p) { return p.top1; });
    const Kind kinds[] = {Kind::Many, Kind::Medium, Kind::Few};
    for (std::size_t g = 0; g < 3; ++g)
        add(kinds[g], groupName(static_cast<Shot>(g)),
            [g](const CurvePoint& p) { return p.groups[g]; });
    markEpochs(data, run, epoch);
    return data;
}

} // namespace monotail
