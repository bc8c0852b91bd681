// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/chart_data.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/text.h"
#include "words/words.h"

namespace monotail {

namespace {

constexpr double notKnown = std::numeric_limits<double>::quiet_NaN();

QString tr(const char* text)
{
    return QCoreApplication::translate("ChartData", text);
}

std::size_t at(std::int64_t c)
{
    return static_cast<std::size_t>(c);
}

std::vector<std::int64_t> classOrder(const Snapshot& snapshot)
{
    if (snapshot.hasCounts())
        return snapshot.profile->fit.order;
    std::vector<std::int64_t> order(snapshot.document->head->norms.size());
    std::iota(order.begin(), order.end(), std::int64_t(0));
    return order;
}

std::vector<std::int64_t> largestChangeFirst(const Snapshot& snapshot)
{
    std::vector<std::int64_t> order = classOrder(snapshot);
    const auto& changes = snapshot.accuracy->comparison.perClass;
    std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
        return std::abs(changes[at(a)].difference) > std::abs(changes[at(b)].difference);
    });
    return order;
}

Slots slotsOf(const Snapshot& snapshot, std::vector<std::int64_t> order)
{
    Slots classes;
    for (const std::int64_t c : order) {
        classes.names.push_back(snapshot.document->names[at(c)]);
        if (snapshot.hasCounts())
            classes.counts.push_back(
                static_cast<double>(snapshot.document->classes->counts[at(c)]));
    }
    classes.classOf = std::move(order);
    classes.title = snapshot.hasCounts() ? tr("classes by frequency rank, most frequent first")
                                         : tr("classes by index (no training counts yet)");
    return classes;
}

/// `values` by class in the order of the slots.
template <typename Value>
std::vector<double> bySlot(const Slots& classes, Value value)
{
    std::vector<double> out;
    out.reserve(classes.classOf.size());
    for (const std::int64_t c : classes.classOf)
        out.push_back(value(at(c)));
    return out;
}

/// What a figure must say to stand alone.
QString caption(const Snapshot& snapshot)
{
    const QString file = headName(*snapshot.document);
    if (!snapshot.hasCounts())
        return file;
    return tr("%1; counts: %2; %3")
        .arg(file, fileName(snapshot.document->inputs.counts), fitText(snapshot.choices));
}

QString accuracyCaption(const Snapshot& snapshot)
{
    return tr("%1; %2; %3 samples, split: %4; %5")
        .arg(headName(*snapshot.document),
             fileName(snapshot.document->inputs.data),
             QString::fromStdString(toGroupedText(snapshot.document->features->samples())),
             splitText(*snapshot.document),
             QString::fromStdString(describe(snapshot.accuracy->groups.rule)));
}

/// A block's level: its fitted norm, or, set by hand, the norm its classes have now.
double levelOf(const Snapshot& snapshot, const Block& block)
{
    if (snapshot.choices.method != MethodKind::Scales)
        return block.value;
    double sum = 0;
    for (std::size_t rank = block.begin; rank < block.end; ++rank)
        sum += normAfter(snapshot, at(snapshot.profile->fit.order[rank]));
    return sum / static_cast<double>(block.size());
}

void addFit(NormChartData& data, const Snapshot& snapshot)
{
    for (const Block& block : snapshot.profile->fit.blocks)
        data.blocks.push_back({static_cast<std::int64_t>(block.begin),
                               static_cast<std::int64_t>(block.end), levelOf(snapshot, block)});
    if (snapshot.rescaling->method == "none")
        return;
    data.after = bySlot(data.classes, [&](std::size_t c) { return normAfter(snapshot, c); });
    data.afterLabel = tr("after: %1").arg(methodText(snapshot));
}

GroupBar groupBar(const QString& name, const QString& detail, Rate before, Rate after,
                  const std::optional<Change>& change)
{
    GroupBar bar;
    bar.name = name;
    bar.detail = detail;
    bar.before = before;
    bar.after = after;
    if (!before || !after)
        return bar;
    bar.change = signedText(*after - *before, 1);
    if (!change)
        return bar; // the interval follows in a moment
    bar.low = change->low;
    bar.high = change->high;
    bar.change = tr("%1 [%2, %3]")
                     .arg(signedText(change->difference, 1), signedText(change->low, 1),
                          signedText(change->high, 1));
    bar.verdict = change->low > 0    ? GroupBar::Verdict::Better
                  : change->high < 0 ? GroupBar::Verdict::Worse
                                     : GroupBar::Verdict::Same;
    return bar;
}

} // namespace

NormChartData normChartData(const Snapshot& snapshot, NormKind kind)
{
    NormChartData data;
    if (!snapshot.hasHead())
        return data;
    const ClassifierHead& head = *snapshot.document->head;
    data.classes = slotsOf(snapshot, classOrder(snapshot));
    data.title = tr("Weight norms of %1").arg(QString::fromStdString(head.source.weight));
    data.caption = caption(snapshot);
    if (kind == NormKind::Centred && snapshot.hasCounts()) {
        const auto& norms = snapshot.profile->centredNorms;
        data.yTitle = tr("norm of centred row");
        data.beforeLabel = tr("norm of row less the mean row");
        data.before = bySlot(data.classes, [&](std::size_t c) { return norms[c]; });
        return data;
    }
    data.yTitle = tr("weight norm");
    data.beforeLabel = tr("before");
    data.before = bySlot(data.classes, [&](std::size_t c) { return head.norms[c]; });
    if (snapshot.hasCounts())
        addFit(data, snapshot);
    return data;
}

BeforeAfterData biasChartData(const Snapshot& snapshot)
{
    BeforeAfterData data;
    if (!snapshot.hasHead())
        return data;
    const ClassifierHead& head = *snapshot.document->head;
    data.classes = slotsOf(snapshot, classOrder(snapshot));
    data.yTitle = tr("bias");
    data.differenceTitle = tr("change of bias");
    data.title = tr("Biases of %1").arg(QString::fromStdString(head.source.bias));
    data.caption = caption(snapshot);
    data.beforeLabel = tr("before");
    data.before = bySlot(data.classes, [&](std::size_t c) {
        return static_cast<double>(head.bias[static_cast<Eigen::Index>(c)]);
    });
    if (!snapshot.hasCounts() || snapshot.rescaling->method == "none")
        return data;
    data.afterLabel = tr("after: %1").arg(methodText(snapshot));
    data.after = bySlot(data.classes, [&](std::size_t c) { return snapshot.rescaling->bias[c]; });
    return data;
}

BeforeAfterData accuracyChartData(const Snapshot& snapshot, ClassOrder order)
{
    BeforeAfterData data;
    if (!snapshot.hasData())
        return data;
    const LiveAccuracy& live = *snapshot.accuracy;
    const bool byChange = order == ClassOrder::LargestChange;
    data.classes =
        slotsOf(snapshot, byChange ? largestChangeFirst(snapshot) : classOrder(snapshot));
    if (byChange)
        data.classes.title = tr("classes by change, largest first");
    data.yTitle = tr("recall, %");
    data.differenceTitle = tr("change of recall, points");
    data.title = tr("Recall per class");
    data.caption = accuracyCaption(snapshot);
    data.beforeLabel = tr("before");
    data.most = 100;
    const auto rates = [&](const AccuracyReport& report, Rate ClassAccuracy::*rate) {
        return bySlot(data.classes,
                      [&](std::size_t c) { return (report.perClass[c].*rate).value_or(notKnown); });
    };
    data.before = rates(live.before, &ClassAccuracy::recall);
    const bool same = live.rescaling.method == "none";
    const AccuracyReport& shown = same ? live.before : live.after;
    data.low = rates(shown, &ClassAccuracy::low);
    data.high = rates(shown, &ClassAccuracy::high);
    if (same)
        return data;
    data.after = rates(live.after, &ClassAccuracy::recall);
    data.afterLabel = tr("after: %1").arg(methodText(live.rescaling));
    return data;
}

GroupChartData groupChartData(const Snapshot& snapshot)
{
    GroupChartData data;
    if (!snapshot.hasData())
        return data;
    const LiveAccuracy& live = *snapshot.accuracy;
    const Comparison& comparison = live.comparison;
    data.title = tr("Accuracy before and after");
    data.caption = accuracyCaption(snapshot);
    data.beforeLabel = tr("before");
    data.afterLabel = tr("after: %1").arg(methodText(live.rescaling));
    data.bars.push_back(groupBar(tr("all"), tr("top-1, micro"), live.before.top1, live.after.top1,
                                 comparison.top1));
    data.bars.push_back(groupBar(tr("class-mean"), tr("mean of recalls"), live.before.classMean,
                                 live.after.classMean, comparison.classMean));
    const QString names[] = {tr("many"), tr("medium"), tr("few")};
    const GroupBar::Colour colours[] = {GroupBar::Colour::Many, GroupBar::Colour::Medium,
                                        GroupBar::Colour::Few};
    for (std::size_t g = 0; g < 3; ++g) {
        data.bars.push_back(groupBar(names[g], groupDetail(live.groups, static_cast<Shot>(g)),
                                     live.before.groups[g], live.after.groups[g],
                                     comparison.groups[g]));
        data.bars.back().colour = colours[g];
    }
    return data;
}

} // namespace monotail
