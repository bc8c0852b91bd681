// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/accuracy.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "base/text.h"
#include "evaluate/statistics.h"

namespace monotail {

namespace {

constexpr std::size_t bins = 15;

double percent(std::int64_t part, std::int64_t whole)
{
    return 100 * static_cast<double>(part) / static_cast<double>(whole);
}

Rate rate(std::int64_t part, std::int64_t whole)
{
    return whole > 0 ? Rate(percent(part, whole)) : std::nullopt;
}

/// A mean that is n/a of nothing.
class Mean
{
public:
    void add(Rate value)
    {
        m_sum += value.value_or(0);
        m_count += value ? 1 : 0;
    }
    Rate value() const { return m_count > 0 ? Rate(m_sum / m_count) : std::nullopt; }

private:
    double m_sum = 0;
    int m_count = 0;
};

void checkSizes(const Predictions& predictions, const std::vector<std::int64_t>& labels)
{
    const auto fits = [&](const auto& values) {
        return values.empty() || values.size() == labels.size();
    };
    if (predictions.predicted.size() != labels.size() || !fits(predictions.confidence) ||
        !fits(predictions.inTopFive) || !fits(predictions.calibrated))
        throw Error(message("predictions of {} samples do not fit {} labels",
                            predictions.predicted.size(), labels.size()));
}

/// Guo et al., "On Calibration of Modern Neural Networks" (ICML 2017), equation 3.
class CalibrationBins
{
public:
    void add(double confidence, bool correct)
    {
        // Bin b covers (b/15, (b+1)/15].
        const double at = std::ceil(confidence * static_cast<double>(bins)) - 1;
        Bin& bin = m_bins[static_cast<std::size_t>(std::clamp(at, 0.0, bins - 1.0))];
        bin.confidence += confidence;
        bin.correct += correct ? 1 : 0;
        ++m_total;
    }

    /// Percent. Each bin weighs its samples: count / N * |accuracy - confidence|.
    Rate error() const
    {
        double sum = 0;
        for (const Bin& bin : m_bins)
            sum += std::fabs(bin.correct - bin.confidence);
        return m_total > 0 ? Rate(100 * sum / static_cast<double>(m_total)) : std::nullopt;
    }

private:
    struct Bin
    {
        double confidence = 0;
        double correct = 0;
    };
    std::array<Bin, bins> m_bins{};
    std::int64_t m_total = 0;
};

std::size_t groupOf(const ShotGroups& groups, std::int64_t label)
{
    return static_cast<std::size_t>(groups.of[static_cast<std::size_t>(label)]);
}

Calibration calibrationOf(const std::vector<float>& confidence, const Predictions& predictions,
                          const std::vector<std::int64_t>& labels, const ShotGroups& groups)
{
    CalibrationBins all;
    std::array<CalibrationBins, 3> byGroup;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const bool correct = predictions.predicted[i] == labels[i];
        all.add(static_cast<double>(confidence[i]), correct);
        byGroup[groupOf(groups, labels[i])].add(static_cast<double>(confidence[i]), correct);
    }
    return {all.error(), {byGroup[0].error(), byGroup[1].error(), byGroup[2].error()}};
}

std::vector<ClassAccuracy> perClassOf(const Predictions& predictions,
                                      const std::vector<std::int64_t>& labels, std::size_t classes)
{
    std::vector<ClassAccuracy> out(classes);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        ClassAccuracy& own = out[static_cast<std::size_t>(labels[i])];
        ++own.total;
        own.correct += predictions.predicted[i] == labels[i] ? 1 : 0;
        ++out[static_cast<std::size_t>(predictions.predicted[i])].predicted;
    }
    for (ClassAccuracy& one : out) {
        one.recall = rate(one.correct, one.total);
        one.precision = rate(one.correct, one.predicted);
        if (one.total == 0)
            continue;
        one.f1 = rate(2 * one.correct, one.total + one.predicted);
        const Interval interval = wilson(one.correct, one.total);
        one.low = 100 * interval.low;
        one.high = 100 * interval.high;
    }
    return out;
}

/// Classes with samples, worst recall first; the lowest class first on ties.
std::vector<std::int64_t> worstFirst(const std::vector<ClassAccuracy>& perClass)
{
    std::vector<std::int64_t> order;
    for (std::size_t c = 0; c < perClass.size(); ++c)
        if (perClass[c].recall)
            order.push_back(static_cast<std::int64_t>(c));
    std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
        return *perClass[static_cast<std::size_t>(a)].recall <
               *perClass[static_cast<std::size_t>(b)].recall;
    });
    return order;
}

void enterWorst(AccuracyReport& report)
{
    std::vector<std::int64_t> order = worstFirst(report.perClass);
    if (order.empty())
        return;
    report.worstClass = order.front();
    report.worstRecall = report.perClass[static_cast<std::size_t>(order.front())].recall;
    order.resize((order.size() + 9) / 10);
    Mean mean;
    for (const std::int64_t c : order)
        mean.add(report.perClass[static_cast<std::size_t>(c)].recall);
    report.worstDecile = mean.value();
    report.worstDecileClasses = std::move(order);
}

Rate harmonicMean(const std::array<Rate, 3>& groups)
{
    double inverses = 0;
    int present = 0;
    for (const Rate& group : groups) {
        if (!group)
            continue;
        if (*group == 0)
            return 0;
        inverses += 1 / *group;
        ++present;
    }
    return present > 0 ? Rate(present / inverses) : std::nullopt;
}

Rate tailAsHead(const Predictions& predictions, const std::vector<std::int64_t>& labels,
                const ShotGroups& groups)
{
    constexpr auto many = static_cast<std::size_t>(Shot::Many);
    std::int64_t tail = 0;
    std::int64_t asHead = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (groupOf(groups, labels[i]) != static_cast<std::size_t>(Shot::Few))
            continue;
        ++tail;
        asHead += groupOf(groups, predictions.predicted[i]) == many ? 1 : 0;
    }
    return groups.sizes[many] > 0 ? rate(asHead, tail) : std::nullopt;
}

/// `counts` in reverse: the class with the k-th smallest count gets the k-th largest, and classes
/// of equal count the mean of what falls to them, so that numbering does not matter.
std::vector<double> reversedPrior(const std::vector<std::int64_t>& counts)
{
    std::vector<std::size_t> order(counts.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return counts[a] < counts[b]; });
    std::vector<double> prior(counts.size());
    for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
        double sum = 0;
        for (; end < order.size() && counts[order[end]] == counts[order[begin]]; ++end)
            sum += static_cast<double>(counts[order[order.size() - 1 - end]]);
        for (std::size_t i = begin; i < end; ++i)
            prior[order[i]] = sum / static_cast<double>(end - begin);
    }
    return prior;
}

std::vector<double> priorOf(const std::vector<std::int64_t>& counts, TestPrior prior)
{
    if (prior == TestPrior::Head)
        return std::vector<double>(counts.begin(), counts.end());
    if (prior == TestPrior::Uniform)
        return std::vector<double>(counts.size(), 1);
    return reversedPrior(counts);
}

Rate weightedRecall(const AccuracyReport& report, const std::vector<double>& weights)
{
    if (weights.size() != report.perClass.size())
        throw Error(message("a prior of {} classes does not fit a report of {} classes",
                            weights.size(), report.perClass.size()));
    double sum = 0;
    double total = 0;
    for (std::size_t c = 0; c < weights.size(); ++c) {
        if (!report.perClass[c].recall)
            continue;
        sum += weights[c] * *report.perClass[c].recall;
        total += weights[c];
    }
    return total > 0 ? Rate(sum / total) : std::nullopt;
}

} // namespace

AccuracyReport measureAccuracy(const Predictions& predictions,
                               const std::vector<std::int64_t>& labels, const ShotGroups& groups)
{
    checkSizes(predictions, labels);
    const std::size_t classes = groups.of.size();
    AccuracyReport report;
    report.perClass = perClassOf(predictions, labels, classes);
    std::int64_t correct = 0;
    Mean mean;
    std::array<Mean, 3> byGroup;
    for (std::size_t c = 0; c < classes; ++c) {
        correct += report.perClass[c].correct;
        mean.add(report.perClass[c].recall);
        byGroup[static_cast<std::size_t>(groups.of[c])].add(report.perClass[c].recall);
    }
    const auto samples = static_cast<std::int64_t>(labels.size());
    const auto fives = std::count(predictions.inTopFive.begin(), predictions.inTopFive.end(), 1);
    report.top1 = rate(correct, samples);
    report.classMean = mean.value();
    if (classes > 5 && !predictions.inTopFive.empty())
        report.top5 = rate(fives, samples);
    report.groups = {byGroup[0].value(), byGroup[1].value(), byGroup[2].value()};
    report.harmonic = harmonicMean(report.groups);
    report.tailAsHead = tailAsHead(predictions, labels, groups);
    report.confusion = groupConfusion(predictions.predicted, labels, groups);
    report.nearTies = predictions.nearTies;
    enterWorst(report);
    if (!predictions.confidence.empty())
        report.calibration = calibrationOf(predictions.confidence, predictions, labels, groups);
    if (!predictions.calibrated.empty())
        report.fitted = calibrationOf(predictions.calibrated, predictions, labels, groups);
    return report;
}

Rate accuracyUnderPrior(const AccuracyReport& report, const std::vector<std::int64_t>& counts,
                        TestPrior prior)
{
    return weightedRecall(report, priorOf(counts, prior));
}

Rate accuracyUnderPrior(const AccuracyReport& report, const std::vector<std::int64_t>& counts,
                        double strength)
{
    if (!(strength >= -1 && strength <= 1))
        throw Error(message("test prior {}: a strength between -1 (tail-heavy) and 1 (the training "
                            "counts) is expected",
                            strength));
    std::vector<double> weights;
    for (const std::int64_t count : counts)
        weights.push_back(std::pow(count > 0 ? static_cast<double>(count) : 0.5, strength));
    return weightedRecall(report, weights);
}

} // namespace monotail
