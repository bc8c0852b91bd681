// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/sweep.h"

#include <array>

#include "base/progress_parts.h"
#include "base/text.h"
#include "evaluate/temperature.h"

namespace monotail {

namespace {

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
        m_out.sensitivity = sensitivityOf(classMeans());
        if (m_head.source.kind != HeadKind::Cosine)
            compareWithProjection();
        return std::move(m_out);
    }

private:
    std::vector<Rate> classMeans() const
    {
        std::vector<Rate> out;
        for (const SweepPoint& point : m_out.points)
            out.push_back(point.accuracy.classMean);
        return out;
    }

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
        m_out.chosen.on = m_validation ? chosenOnValidation(*m_validation->features)
                                       : chosenOnHalves(*m_data.features, m_query.seed);
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
    ProgressParts m_parts;
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
