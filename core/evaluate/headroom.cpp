// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/headroom.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "evaluate/head_input.h"
#include "evaluate/headroom_fit.h"
#include "evaluate/temperature.h"
#include "evaluate/verdict.h"

namespace monotail {

namespace {

using Halves = std::vector<std::uint8_t>;
using Predicted = std::vector<std::int32_t>;

/// Sweeps that an ascent usually takes and ascents of a fit; more do not move the progress.
constexpr std::int64_t usualSweeps = 5 * 6;

Eigen::ArrayXf asFloats(const std::vector<double>& values)
{
    return Eigen::Map<const Eigen::ArrayXd>(values.data(), static_cast<Eigen::Index>(values.size()))
        .cast<float>();
}

NamedPoint named(const Rescaling& rescaling)
{
    return {rescaling.method, {asFloats(rescaling.scale), asFloats(rescaling.bias)}};
}

Rescaling rescalingOf(const char* name, const AscentPoint& point)
{
    return {
        name, {point.scale.begin(), point.scale.end()}, {point.bias.begin(), point.bias.end()}, {}};
}

void checkQuery(const FeatureSet& features, const ClassifierHead& head,
                const HeadroomStarts& starts, const ShotGroups& groups,
                const HeadroomOptions& options)
{
    checkFeatures(features, head.classes(), head.features(), head.source.weight);
    const auto classes = static_cast<std::size_t>(head.classes());
    std::vector<Rescaling> all = starts.scales;
    all.insert(all.end(), starts.biases.begin(), starts.biases.end());
    if (starts.projection)
        all.push_back(*starts.projection);
    for (const Rescaling& start : all)
        if (start.scale.size() != classes || start.bias.size() != classes)
            throw Error(message("{}: {} scales and {} biases for a head of {} classes",
                                printable(start.method), start.scale.size(), start.bias.size(),
                                classes));
    if (groups.of.size() != classes)
        throw Error(message("groups of {} classes do not fit a head of {} classes",
                            groups.of.size(), classes));
    const std::int64_t needed = headroomBytes(features.samples(), head.classes());
    if (needed > options.mostBytes)
        throw Error(message("headroom of {} samples and {} classes needs {} MiB of memory, more "
                            "than the {} MiB it may take; give fewer samples",
                            features.samples(), classes, (needed >> 20) + 1,
                            options.mostBytes >> 20));
}

class HeadroomMeter
{
public:
    HeadroomMeter(const FeatureSet& features, const ClassifierHead& head,
                  const HeadroomStarts& starts, const ShotGroups& groups, const Scorer& scorer,
                  const HeadroomOptions& options, const Progress& progress)
        : m_features(headInput(features, head)), m_head(head), m_starts(starts), m_groups(groups),
          m_scorer(scorer), m_options(options), m_progress(progress),
          m_halves(splitHalves(features.samples(), options.seed)), m_plain(unchanged(head))
    {}

    HeadroomResult run()
    {
        std::vector<HeadroomFit> fits; // of each half: scales if they have any effect, biases
        for (std::uint8_t half = 0; half < 2; ++half) {
            const AscentScores scores = scoresOf(half);
            if (hasScales())
                fits.push_back(fit(scores, Adjusted::Scale));
            fits.push_back(fit(scores, Adjusted::Bias));
        }
        const std::size_t kinds = fits.size() / 2;
        std::vector<Rescaling> all{m_plain};
        for (const HeadroomFit& fit : fits)
            all.push_back(fit.rescaling);
        const std::vector<Predicted> predicted = predictUnder(all);
        const auto crossed = [&](std::size_t kind) {
            return crossFitted({fits[kind], fits[kinds + kind]},
                               {predicted[0], predicted[1 + kind], predicted[1 + kinds + kind]});
        };
        HeadroomResult out;
        if (hasScales())
            out.scale = crossed(0);
        out.bias = crossed(kinds - 1);
        return out;
    }

private:
    bool hasScales() const { return m_head.source.kind != HeadKind::Cosine; }

    void pass(const ScoreTile& tile) const
    {
        m_scorer.score(m_features, m_head.weight, tile,
                       [&](std::int64_t, std::int64_t) { return !m_progress || proceed(); });
    }

    AscentScores scoresOf(std::uint8_t half) const
    {
        std::vector<std::int32_t> labels;
        for (std::size_t i = 0; i < m_halves.size(); ++i)
            if (m_halves[i] == half)
                labels.push_back(static_cast<std::int32_t>(m_features.labels[i]));
        RowMatrix rows(static_cast<Eigen::Index>(labels.size()), m_head.classes());
        Eigen::Index next = 0;
        pass([&](std::int64_t begin, const RowMatrix& z) {
            for (Eigen::Index row = 0; row < z.rows(); ++row)
                if (m_halves[static_cast<std::size_t>(begin + row)] == half)
                    rows.row(next++) = z.row(row);
        });
        // With this much room no step of the ascent can leave float32.
        constexpr float most = std::numeric_limits<float>::max() / 1e6F;
        if (!rows.array().isFinite().all())
            throw Error(message("{}: scores are not finite under the head as it is; the features "
                                "hold NaN, infinite or far too large numbers",
                                printable(m_features.source)));
        if (!(rows.array().abs() < most).all())
            throw Error(
                message("{}: scores of {} and more under the head as it is are too large to "
                        "find the headroom, which multiplies them further; divide the "
                        "features by a common number",
                        printable(m_features.source), toText(most, 3)));
        return ascentScores(std::move(rows), std::move(labels));
    }

    HeadroomFit fit(const AscentScores& scores, Adjusted adjusted)
    {
        const bool scale = adjusted == Adjusted::Scale;
        std::vector<NamedPoint> atLeast{named(m_plain)};
        HeadroomFit out;
        out.unchanged = 100 * classMeanAt(scores, atLeast[0].point);
        if (m_starts.projection) {
            atLeast.push_back(named(*m_starts.projection));
            out.projection = 100 * classMeanAt(scores, atLeast[1].point);
        }
        std::vector<NamedPoint> others;
        for (const Rescaling& start : scale ? m_starts.scales : m_starts.biases)
            others.push_back(named(start));
        m_step = 0;
        const FittedPoint found = fitPoint(
            scores, atLeast, others, {adjusted, m_options.seed + 1, m_options.mostSweeps, [this] {
                                          ++m_step;
                                          if (!proceed())
                                              throw Cancelled();
                                      }});
        ++m_fits;
        out.fitted = 100 * found.mean;
        out.start = found.start.name;
        out.sweeps = found.sweeps;
        out.rescaling =
            rescalingOf(scale ? "headroom: best per-class scale" : "headroom: best per-class bias",
                        found.point);
        return out;
    }

    bool proceed() const
    {
        const std::int64_t perFit = usualSweeps * m_head.classes();
        const std::int64_t total = perFit * (hasScales() ? 4 : 2) + 1;
        return !m_progress ||
               m_progress(std::min(m_fits * perFit + std::min(m_step, perFit), total - 1), total);
    }

    std::vector<Predicted> predictUnder(const std::vector<Rescaling>& all) const
    {
        std::vector<RescaledScores> rescaled;
        for (const Rescaling& rescaling : all)
            rescaled.emplace_back(rescaling);
        std::vector<Predicted> out(all.size());
        pass([&](std::int64_t, const RowMatrix& z) {
            for (Eigen::Index row = 0; row < z.rows(); ++row)
                for (std::size_t m = 0; m < all.size(); ++m) {
                    const Eigen::ArrayXf& scores = rescaled[m].of(z, row);
                    const auto best = std::find(scores.begin(), scores.end(), scores.maxCoeff());
                    out[m].push_back(static_cast<std::int32_t>(best - scores.begin()));
                }
        });
        return out;
    }

    /// `predicted`: as it is, under the first fit, under the second.
    Headroom crossFitted(std::array<HeadroomFit, 2> fits, std::array<Predicted, 3> predicted) const
    {
        Headroom out;
        out.fits = std::move(fits);
        out.predictions.predicted = std::move(predicted[1]);
        for (std::size_t i = 0; i < m_halves.size(); ++i)
            if (m_halves[i] == 0) // unseen by the second fit
                out.predictions.predicted[i] = predicted[2][i];
        const std::vector<std::int64_t>& labels = m_features.labels;
        out.accuracy = measureAccuracy(out.predictions, labels, m_groups);
        out.fits[0].other = classMeanOf(out.predictions.predicted, 1);
        out.fits[1].other = classMeanOf(out.predictions.predicted, 0);
        Predictions before;
        before.predicted = std::move(predicted[0]);
        out.comparison = comparePredictions(before, out.predictions, labels, m_groups,
                                            measureAccuracy(before, labels, m_groups),
                                            m_options.seed, m_options.replicates);
        return out;
    }

    Rate classMeanOf(const Predicted& predicted, std::uint8_t half) const
    {
        Predictions some;
        std::vector<std::int64_t> labels;
        for (std::size_t i = 0; i < m_halves.size(); ++i)
            if (m_halves[i] == half) {
                some.predicted.push_back(predicted[i]);
                labels.push_back(m_features.labels[i]);
            }
        return measureAccuracy(some, labels, m_groups).classMean;
    }

    const FeatureSet m_features;
    const ClassifierHead& m_head;
    const HeadroomStarts& m_starts;
    const ShotGroups& m_groups;
    const Scorer& m_scorer;
    const HeadroomOptions& m_options;
    const Progress& m_progress;
    const Halves m_halves;
    const Rescaling m_plain;
    std::int64_t m_fits = 0; ///< done
    std::int64_t m_step = 0; ///< classes looked at in the present one
};

} // namespace

HeadroomStarts headroomStarts(const ClassifierHead& head, const ClassSet& classes,
                              const ClassProfile& profile)
{
    HeadroomStarts starts;
    const auto start = [&](MethodKind kind, double parameter) -> std::vector<Rescaling> {
        Method method;
        method.kind = kind;
        method.parameter = parameter;
        try {
            return {rescale(head, classes, profile, method)};
        } catch (const Error&) {
            return {}; // choosing the method says why this head does not admit it
        }
    };
    const auto add = [](std::vector<Rescaling>& to, const std::vector<Rescaling>& more) {
        to.insert(to.end(), more.begin(), more.end());
    };
    for (const Rescaling& projection : start(MethodKind::Samn, 0))
        starts.projection = projection;
    add(starts.scales, start(MethodKind::EqualNorms, 0));
    const auto [least, most] = std::minmax_element(head.norms.begin(), head.norms.end());
    for (int part = 1; part <= 10 && least != head.norms.end(); ++part) {
        const double radius = *least + (*most - *least) * part / 11;
        add(starts.scales, start(MethodKind::MaxNorm, std::round(radius * 1000) / 1000));
    }
    for (int tenths = 1; tenths <= 20; ++tenths) {
        add(starts.scales, start(MethodKind::Tau, tenths / 10.0));
        add(starts.biases, start(MethodKind::LogitAdjust, tenths / 10.0));
    }
    return starts;
}

std::int64_t headroomBytes(std::int64_t samples, std::int64_t classes)
{
    return (samples + 1) / 2 * classes * 4 * static_cast<std::int64_t>(sizeof(float));
}

HeadroomResult measureHeadroom(const FeatureSet& features, const ClassifierHead& head,
                               const HeadroomStarts& starts, const ShotGroups& groups,
                               const Scorer& scorer, const HeadroomOptions& options,
                               const Progress& progress)
{
    checkQuery(features, head, starts, groups, options);
    if (features.samples() < fewestHeadroomSamples)
        return {};
    return HeadroomMeter(features, head, starts, groups, scorer, options, progress).run();
}

} // namespace monotail
