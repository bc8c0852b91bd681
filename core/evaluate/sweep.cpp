// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/sweep.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "evaluate/temperature.h"

namespace monotail {

namespace {

using Halves = std::vector<std::uint8_t>;

/// A Progress for the k-th of `parts` equal parts of the work.
class Parts
{
public:
    Parts(const Progress& whole, std::size_t parts)
        : m_whole(whole), m_parts(static_cast<std::int64_t>(parts))
    {}

    Progress next()
    {
        const std::int64_t begin = unit * m_done++;
        if (!m_whole)
            return {};
        return [this, begin](std::int64_t done, std::int64_t total) {
            const std::int64_t within = total > 0 ? unit * std::min(done, total) / total : unit;
            return m_whole(std::min(begin + within, unit * m_parts), unit * m_parts);
        };
    }

private:
    static constexpr std::int64_t unit = 1000;
    const Progress& m_whole;
    std::int64_t m_parts;
    std::int64_t m_done = 0;
};

/// Class-mean accuracy over the samples of one half; n/a of none.
Rate classMeanOf(const std::vector<std::int32_t>& predicted,
                 const std::vector<std::int64_t>& labels, const Halves& halves, std::uint8_t half,
                 std::size_t classes)
{
    std::vector<std::int64_t> total(classes), correct(classes);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (halves[i] != half)
            continue;
        const auto label = static_cast<std::size_t>(labels[i]);
        ++total[label];
        correct[label] += predicted[i] == labels[i] ? 1 : 0;
    }
    double sum = 0, present = 0;
    for (std::size_t c = 0; c < classes; ++c)
        if (total[c] > 0) {
            sum += static_cast<double>(correct[c]) / static_cast<double>(total[c]);
            ++present;
        }
    return present > 0 ? Rate(100 * sum / present) : std::nullopt;
}

/// The first of the largest; the criterion's tie rule, as the values ascend.
std::size_t bestOf(const std::vector<Rate>& rates)
{
    std::size_t best = 0;
    for (std::size_t i = 1; i < rates.size(); ++i)
        if (rates[i].value_or(-1) > rates[best].value_or(-1))
            best = i;
    return best;
}

Sensitivity sensitivityOf(const std::vector<SweepPoint>& points)
{
    Sensitivity out;
    for (const SweepPoint& point : points)
        if (const Rate mean = point.accuracy.classMean) {
            out.best = std::max(out.best.value_or(*mean), *mean);
            out.worst = std::min(out.worst.value_or(*mean), *mean);
        }
    if (!out.best)
        return out;
    constexpr double near = 0.5 + 1e-9; // half a point itself is near
    const auto close = std::count_if(points.begin(), points.end(), [&](const SweepPoint& point) {
        return point.accuracy.classMean && *out.best - *point.accuracy.classMean <= near;
    });
    out.difference = *out.best - *out.worst;
    out.nearBest = 100 * static_cast<double>(close) / static_cast<double>(points.size());
    return out;
}

/// On fewer samples a class tells next to nothing.
constexpr std::int64_t fewestSamples = 2;

/// That a value chosen on these samples is chosen on too little; empty if it is not.
Warnings thinWarnings(const FeatureSet& features, std::size_t classes)
{
    std::vector<std::int64_t> total(classes);
    for (const std::int64_t label : features.labels)
        ++total[static_cast<std::size_t>(label)];
    const auto enough = static_cast<std::size_t>(std::count_if(
        total.begin(), total.end(), [](std::int64_t n) { return n >= fewestSamples; }));
    if (2 * enough >= classes)
        return {};
    return {
        message("{}: only {} of {} classes have {} samples or more; a value chosen on so little "
                "says little",
                features.source, enough, classes, fewestSamples)};
}

class Sweeper
{
public:
    Sweeper(const ClassifierHead& head, const ClassSet& classes, const ClassProfile& profile,
            const SweepQuery& query, const ScoredSamples& data,
            const std::optional<ScoredSamples>& validation, const Progress& progress)
        : m_head(head), m_classes(classes), m_profile(profile), m_query(query), m_data(data),
          m_validation(validation), m_labels(data.features->labels),
          m_values(sweepValues(query.range)),
          m_halves(splitHalves(data.features->samples(), query.seed)),
          m_parts(progress, m_values.size() * (validation ? 2 : 1) + 4)
    {
        m_out.query = query;
        m_out.groups = groupClasses(classes.counts, query.groups);
        m_out.samples = data.features->samples();
    }

    Sweep run()
    {
        for (const double value : m_values)
            add(value);
        if (canChoose())
            choose();
        m_out.before = measure(predict(unchanged(m_head))).second;
        m_out.sensitivity = sensitivityOf(m_out.points);
        if (m_head.source.kind != HeadKind::Cosine)
            compareWithProjection();
        return std::move(m_out);
    }

private:
    using Measured = std::pair<Predictions, AccuracyReport>;

    Rescaling at(MethodKind kind, double value) const
    {
        Method method;
        method.kind = kind;
        method.parameter = value;
        method.bias = m_query.bias;
        return rescale(m_head, m_classes, m_profile, method);
    }

    std::vector<std::int32_t> predict(const Rescaling& rescaling)
    {
        return m_data.scores->predict(rescaling, m_parts.next());
    }

    Measured measure(std::vector<std::int32_t> predicted) const
    {
        Measured out;
        out.first.predicted = std::move(predicted);
        out.second = measureAccuracy(out.first, m_labels, m_out.groups);
        return out;
    }

    void add(double value)
    {
        const Rescaling rescaling = at(m_query.range.kind, value);
        if (m_out.points.empty())
            m_out.warnings = rescaling.warnings;
        Measured measured = measure(predict(rescaling));
        const std::size_t classes = m_out.groups.of.size();
        const std::vector<std::int32_t>& predicted = measured.first.predicted;
        for (std::uint8_t half = 0; half < 2 && !m_validation; ++half)
            m_criterion[half].push_back(classMeanOf(predicted, m_labels, m_halves, half, classes));
        if (m_validation)
            m_criterion[0].push_back(onValidation(rescaling));
        measured.second.perClass = {};
        m_out.points.push_back({value, std::move(measured.second)});
    }

    Rate onValidation(const Rescaling& rescaling)
    {
        Predictions predictions;
        predictions.predicted = m_validation->scores->predict(rescaling, m_parts.next());
        return measureAccuracy(predictions, m_validation->features->labels, m_out.groups).classMean;
    }

    /// Whether there are samples to choose on, on both sides where there are two.
    bool canChoose()
    {
        m_out.chosen.on = m_validation
                              ? message("validation features {}", m_validation->features->source)
                              : message("one half of {} (seed {}), reported on the other, and back",
                                        m_data.features->source, m_query.seed);
        const FeatureSet& choosing = *(m_validation ? *m_validation : m_data).features;
        const auto add = [&](const Warnings& more) {
            m_out.warnings.insert(m_out.warnings.end(), more.begin(), more.end());
        };
        if (m_criterion[0].front() && (m_validation || m_criterion[1].front())) {
            add(thinWarnings(choosing, m_out.groups.of.size()));
            return true;
        }
        add({message("{}: no value can be chosen: too few samples ({}){}", choosing.source,
                     choosing.samples(), m_validation ? "" : " to be split into halves")});
        return false;
    }

    void choose()
    {
        SweepChoice& chosen = m_out.chosen;
        chosen.values.push_back(m_values[bestOf(m_criterion[0])]);
        std::vector<std::int32_t> predicted = predict(at(m_query.range.kind, chosen.values[0]));
        if (!m_validation) {
            chosen.values.push_back(m_values[bestOf(m_criterion[1])]);
            const auto second = predict(at(m_query.range.kind, chosen.values[1]));
            for (std::size_t i = 0; i < predicted.size(); ++i)
                if (m_halves[i] == 0) // reported under what the second half chose
                    predicted[i] = second[i];
        }
        std::tie(chosen.predictions, chosen.accuracy) = measure(std::move(predicted));
    }

    void compareWithProjection()
    {
        const Measured projection = measure(predict(at(MethodKind::Samn, 0)));
        m_out.projection = projection.second;
        if (m_out.chosen.values.empty())
            return;
        m_out.chosen.fromProjection =
            comparePredictions(projection.first, m_out.chosen.predictions, m_labels, m_out.groups,
                               projection.second, m_query.seed, m_query.replicates);
    }

    const ClassifierHead& m_head;
    const ClassSet& m_classes;
    const ClassProfile& m_profile;
    const SweepQuery& m_query;
    const ScoredSamples& m_data;
    const std::optional<ScoredSamples>& m_validation;
    const std::vector<std::int64_t>& m_labels;
    std::vector<double> m_values;
    Halves m_halves;
    std::array<std::vector<Rate>, 2> m_criterion; ///< by value; of each half, or validation first
    Parts m_parts;
    Sweep m_out;
};

} // namespace

Sweep sweepMethod(const ClassifierHead& head, const ClassSet& classes, const ClassProfile& profile,
                  const SweepQuery& query, const ScoredSamples& data,
                  const std::optional<ScoredSamples>& validation, const Progress& progress)
{
    return Sweeper(head, classes, profile, query, data, validation, progress).run();
}

} // namespace monotail
