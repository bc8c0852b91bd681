// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/headroom.h"

#include <algorithm>

#include "base/text.h"
#include "evaluate/head_input.h"
#include "evaluate/headroom_ascent.h"
#include "evaluate/temperature.h"
#include "evaluate/verdict.h"

namespace monotail {

namespace {

using Halves = std::vector<std::uint8_t>;

Rescaling unchanged(const ClassifierHead& head)
{
    return {"none",
            std::vector<double>(static_cast<std::size_t>(head.classes()), 1.0),
            {head.bias.begin(), head.bias.end()},
            {}};
}

Eigen::ArrayXf asFloats(const std::vector<double>& values)
{
    return Eigen::Map<const Eigen::ArrayXd>(values.data(), static_cast<Eigen::Index>(values.size()))
        .cast<float>();
}

std::vector<double> asDoubles(const Eigen::ArrayXf& values)
{
    return {values.begin(), values.end()};
}

AscentPoint pointOf(const Rescaling& rescaling)
{
    return {asFloats(rescaling.scale), asFloats(rescaling.bias)};
}

void checkShapes(const FeatureSet& features, const ClassifierHead& head,
                 const std::optional<Rescaling>& projection, const ShotGroups& groups)
{
    checkFeatures(features, head.classes(), head.features(), head.source.weight);
    const auto classes = static_cast<std::size_t>(head.classes());
    if (groups.of.size() != classes ||
        (projection && (projection->scale.size() != classes || projection->bias.size() != classes)))
        throw Error(message("headroom: groups of {} classes or a projection of another head for a "
                            "head of {} classes",
                            groups.of.size(), classes));
}

struct Fits
{
    std::optional<HeadroomFit> scale, bias;
};

class HeadroomMeter
{
public:
    HeadroomMeter(const FeatureSet& features, const ClassifierHead& head,
                  const std::optional<Rescaling>& projection, const ShotGroups& groups,
                  const Scorer& scorer, const HeadroomOptions& options, const Progress& progress)
        : m_features(headInput(features, head)), m_head(head), m_projection(projection),
          m_groups(groups), m_scorer(scorer), m_options(options), m_progress(progress),
          m_halves(splitHalves(features.samples(), options.seed))
    {}

    HeadroomResult run()
    {
        if (m_features.samples() < 2)
            return {};
        const Fits first = fit(0);
        const Fits second = fit(1);
        std::vector<HeadroomFit> fits{*first.bias, *second.bias};
        if (first.scale)
            fits.insert(fits.begin(), {*first.scale, *second.scale});
        std::vector<std::vector<std::int32_t>> predicted = predictAllFits(fits);
        HeadroomResult out;
        const auto take = [&](std::size_t at) {
            return crossFitted({fits[at], fits[at + 1]}, {predicted[at], predicted[at + 1]});
        };
        if (first.scale)
            out.scale = take(0);
        out.bias = take(fits.size() - 2);
        return out;
    }

private:
    AscentScores scoresOf(std::uint8_t half)
    {
        AscentScores out;
        for (std::size_t i = 0; i < m_halves.size(); ++i)
            if (m_halves[i] == half)
                out.labels.push_back(static_cast<std::int32_t>(m_features.labels[i]));
        out.rows.resize(static_cast<Eigen::Index>(out.labels.size()), m_head.classes());
        Eigen::Index next = 0;
        m_scorer.score(m_features, m_head.weight,
                       [&](std::int64_t begin, const RowMatrix& z) {
                           for (Eigen::Index row = 0; row < z.rows(); ++row)
                               if (m_halves[static_cast<std::size_t>(begin + row)] == half)
                                   out.rows.row(next++) = z.row(row);
                       },
                       {});
        if (!out.rows.allFinite())
            throw Error(message("{}: scores are not finite under the head as it is; the features "
                                "hold NaN, infinite or far too large numbers",
                                printable(m_features.source)));
        out.columns = out.rows.transpose();
        return out;
    }

    Fits fit(std::uint8_t half)
    {
        const AscentScores scores = scoresOf(half);
        Fits out;
        if (m_projection)
            out.scale = fit(scores, Adjusted::Scale);
        out.bias = fit(scores, Adjusted::Bias);
        return out;
    }

    HeadroomFit fit(const AscentScores& scores, Adjusted adjusted)
    {
        HeadroomFit out;
        const Rescaling plain = unchanged(m_head);
        const double before = classMeanAt(scores, pointOf(plain));
        const Rescaling* start = &plain;
        out.unchanged = 100 * before;
        if (m_projection) {
            const double projected = classMeanAt(scores, pointOf(*m_projection));
            out.projection = 100 * projected;
            if (projected > before)
                start = &*m_projection;
        }
        const Ascent found =
            ascend(scores, pointOf(*start), {adjusted, m_options.mostSweeps},
                   [&](int sweep, std::int64_t c) { proceed(adjusted, sweep, c); });
        out.fitted = 100 * classMeanAt(scores, found.point);
        out.start = start->method;
        out.sweeps = found.sweeps;
        out.rescaling = {adjusted == Adjusted::Scale ? "headroom: best per-class scale"
                                                     : "headroom: best per-class bias",
                         asDoubles(found.point.scale),
                         asDoubles(found.point.bias),
                         {}};
        ++m_done;
        return out;
    }

    void proceed(Adjusted, int sweep, std::int64_t c) const
    {
        const std::int64_t classes = m_head.classes();
        const std::int64_t perFit = classes * m_options.mostSweeps;
        report(m_progress, m_done * perFit + sweep * classes + c,
               perFit * (m_projection ? 4 : 2) + 1);
    }

    std::vector<std::vector<std::int32_t>> predictAllFits(const std::vector<HeadroomFit>& fits)
    {
        std::vector<RescaledScores> rescaled;
        for (const HeadroomFit& one : fits)
            rescaled.emplace_back(one.rescaling);
        std::vector<std::vector<std::int32_t>> out(fits.size());
        m_scorer.score(m_features, m_head.weight,
                       [&](std::int64_t, const RowMatrix& z) {
                           for (Eigen::Index row = 0; row < z.rows(); ++row)
                               for (std::size_t m = 0; m < fits.size(); ++m) {
                                   const Eigen::ArrayXf& scores = rescaled[m].of(z, row);
                                   out[m].push_back(static_cast<std::int32_t>(
                                       std::find(scores.begin(), scores.end(), scores.maxCoeff()) -
                                       scores.begin()));
                               }
                       },
                       {});
        return out;
    }

    Headroom crossFitted(std::array<HeadroomFit, 2> fits,
                         const std::array<std::vector<std::int32_t>, 2>& predicted)
    {
        Headroom out;
        out.fits = std::move(fits);
        out.predictions.predicted = predicted[0];
        for (std::size_t i = 0; i < m_halves.size(); ++i)
            if (m_halves[i] == 0) // unseen by the second fit
                out.predictions.predicted[i] = predicted[1][i];
        out.accuracy = measureAccuracy(out.predictions, m_features.labels, m_groups);
        for (std::uint8_t half = 0; half < 2; ++half)
            out.fits[half].other = classMeanOfHalf(predicted[half], 1 - half);
        return out;
    }

    Rate classMeanOfHalf(const std::vector<std::int32_t>& predicted, int half) const
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
    const std::optional<Rescaling>& m_projection;
    const ShotGroups& m_groups;
    const Scorer& m_scorer;
    const HeadroomOptions& m_options;
    const Progress& m_progress;
    const Halves m_halves;
    std::int64_t m_done = 0; ///< fits
};

} // namespace

std::int64_t headroomBytes(std::int64_t samples, std::int64_t classes)
{
    return (samples + 1) / 2 * classes * 2 * static_cast<std::int64_t>(sizeof(float));
}

HeadroomResult measureHeadroom(const FeatureSet& features, const ClassifierHead& head,
                               const std::optional<Rescaling>& projection, const ShotGroups& groups,
                               const Scorer& scorer, const HeadroomOptions& options,
                               const Progress& progress)
{
    checkShapes(features, head, projection, groups);
    return HeadroomMeter(features, head, projection, groups, scorer, options, progress).run();
}

} // namespace monotail
