// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/predictions.h"

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "evaluate/head_input.h"
#include "evaluate/temperature.h"
#include "evaluate/verdict.h"
#include "evaluate/witness.h"

namespace monotail {

namespace {

/// Passes over z that the temperatures usually take; more of them do not move the progress.
constexpr std::int64_t usualPasses = 9;

void checkShapes(const FeatureSet& features, const ClassifierHead& head,
                 const std::vector<Rescaling>& rescalings)
{
    const std::string source = printable(features.source);
    if (features.features->width() != head.features() ||
        features.features->rows() != features.samples())
        throw Error(message("{}: expected {} features of width {} for this head and these labels, "
                            "found {} of width {}",
                            source, features.samples(), head.features(), features.features->rows(),
                            features.features->width()));
    for (std::size_t i = 0; i < features.labels.size(); ++i)
        if (features.labels[i] < 0 || features.labels[i] >= head.classes())
            throw Error(message("{}: the label of sample {} is {}, but the head has classes 0 to "
                                "{}; give the features of this head's data",
                                source, i, features.labels[i], head.classes() - 1));
    for (const Rescaling& rescaling : rescalings) {
        const auto classes = static_cast<std::size_t>(head.classes());
        if (rescaling.scale.size() != classes || rescaling.bias.size() != classes)
            throw Error(message("{}: {} scales and {} biases for a head of {} classes",
                                printable(rescaling.method), rescaling.scale.size(),
                                rescaling.bias.size(), classes));
    }
}

[[noreturn]] void throwNotFinite(const FeatureSet& features, const std::string& method,
                                 const RowMatrix& z, Eigen::Index row, std::size_t sample)
{
    if (!z.row(row).allFinite())
        throw Error(message("{}: the scores of sample {} are not finite under the head as it is; "
                            "its features hold NaN, infinite or far too large numbers",
                            printable(features.source), sample));
    throw Error(message("method {}: the scores of sample {} leave the range of float32; choose "
                        "smaller scales",
                        printable(method), sample));
}

/// Everything that one pass over z tells.
class FirstPass
{
public:
    FirstPass(const FeatureSet& features, const std::vector<Rescaling>& rescalings,
              std::int64_t classes)
        : m_features(features), m_predictions(rescalings.size()),
          m_samples(static_cast<std::size_t>(classes), 0), m_negative(m_samples)
    {
        for (const Rescaling& rescaling : rescalings)
            m_methods.emplace_back(rescaling);
        for (Predictions& predictions : m_predictions) {
            predictions.predicted.resize(features.labels.size());
            predictions.confidence.resize(features.labels.size());
            predictions.inTopFive.resize(features.labels.size());
        }
    }

    void add(std::int64_t begin, const RowMatrix& z)
    {
        for (Eigen::Index row = 0; row < z.rows(); ++row) {
            const auto sample = static_cast<std::size_t>(begin + row);
            const std::int64_t label = m_features.labels[sample];
            ++m_samples[static_cast<std::size_t>(label)];
            m_negative[static_cast<std::size_t>(label)] += z(row, label) < 0 ? 1 : 0;
            for (std::size_t m = 0; m < m_methods.size(); ++m) {
                const Eigen::ArrayXf& scores = m_methods[m].of(z, row);
                if (!allFinite(scores))
                    throwNotFinite(m_features, m_methods[m].method(), z, row, sample);
                enter(m_predictions[m], sample, judge(scores, label));
            }
        }
    }

    const std::vector<RescaledScores>& methods() const { return m_methods; }
    const std::vector<Predictions>& predictions() const { return m_predictions; }

    std::vector<double> negativeOwnShare() const
    {
        std::vector<double> shares(m_samples.size(), std::numeric_limits<double>::quiet_NaN());
        for (std::size_t c = 0; c < shares.size(); ++c)
            if (m_samples[c] > 0)
                shares[c] = static_cast<double>(m_negative[c]) / static_cast<double>(m_samples[c]);
        return shares;
    }

private:
    static void enter(Predictions& predictions, std::size_t sample, const Verdict& verdict)
    {
        predictions.predicted[sample] = verdict.predicted;
        predictions.confidence[sample] = verdict.confidence;
        predictions.inTopFive[sample] = verdict.inTopFive ? 1 : 0;
        predictions.nearTies += verdict.nearTie ? 1 : 0;
    }

    const FeatureSet& m_features;
    std::vector<RescaledScores> m_methods;
    std::vector<Predictions> m_predictions;
    std::vector<std::int64_t> m_samples, m_negative; ///< by class
};

/// z, as often as it is asked for: kept from the first pass if it fits, else computed again.
class ScoreStore
{
public:
    ScoreStore(const FeatureSet& features, const ClassifierHead& head, const Scorer& scorer,
               const ScoreOptions& options, const Progress& progress)
        : m_features(features), m_weight(head.weight), m_scorer(scorer), m_progress(progress)
    {
        const std::int64_t rowBytes = head.classes() * static_cast<std::int64_t>(sizeof(float));
        m_again = options.temperature && features.samples() > 1;
        m_keep = m_again &&
                 features.samples() <= options.keepBytes / std::max<std::int64_t>(rowBytes, 1);
        if (m_keep)
            m_kept.resize(features.samples(), head.classes());
    }

    /// Whether temperatures are to be fitted.
    bool again() const { return m_again; }

    void pass(const ScoreTile& tile)
    {
        if (m_passes > 0 && m_keep)
            replay(tile);
        else
            m_scorer.score(
                m_features, m_weight,
                [&](std::int64_t begin, const RowMatrix& z) {
                    if (m_keep)
                        m_kept.middleRows(begin, z.rows()) = z;
                    tile(begin, z);
                },
                [&](std::int64_t done, std::int64_t) { return proceed(done); });
        ++m_passes;
    }

private:
    void replay(const ScoreTile& tile)
    {
        const std::int64_t rows = tileRows(m_kept.rows(), m_kept.cols());
        for (std::int64_t begin = 0; begin < m_kept.rows(); begin += rows) {
            const std::int64_t end = std::min<std::int64_t>(m_kept.rows(), begin + rows);
            tile(begin, m_kept.middleRows(begin, end - begin));
            if (!proceed(end))
                throw Cancelled();
        }
    }

    bool proceed(std::int64_t done) const
    {
        const std::int64_t total = m_features.samples() * (m_again ? 1 + usualPasses : 1);
        const std::int64_t before = m_passes * m_features.samples();
        return !m_progress || m_progress(std::min(total, before + done), total);
    }

    const FeatureSet& m_features;
    const RowMatrix& m_weight;
    const Scorer& m_scorer;
    const Progress& m_progress;
    RowMatrix m_kept;
    std::int64_t m_passes = 0;
    bool m_again = false;
    bool m_keep = false;
};

bool hasWitness(const FeatureSet& features, const ClassifierHead& head)
{
    return features.logits && features.samples() > 0 &&
           (features.origin.logitsHeadDigest.empty() ||
            features.origin.logitsHeadDigest == headDigest(head));
}

} // namespace

ScoreResult predictAll(const FeatureSet& given, const ClassifierHead& head,
                       const std::vector<Rescaling>& rescalings, const Scorer& scorer,
                       const ScoreOptions& options, const Progress& progress)
{
    const FeatureSet features = headInput(given, head);
    checkShapes(features, head, rescalings);
    std::optional<LogitCheck> check;
    if (hasWitness(features, head))
        check.emplace(features, head);
    FirstPass first(features, rescalings, head.classes());
    ScoreStore store(features, head, scorer, options, progress);
    store.pass([&](std::int64_t begin, const RowMatrix& z) {
        first.add(begin, z);
        if (check)
            check->add(begin, z);
    });
    ScoreResult result{first.predictions(), first.negativeOwnShare(), std::nullopt,
                       scorer.device()};
    if (check)
        result.witness = check->result();
    if (store.again()) {
        const auto calibrated =
            calibrate([&](const ScoreTile& tile) { store.pass(tile); }, first.methods(),
                      features.labels, splitHalves(features.samples(), options.seed));
        for (std::size_t m = 0; m < result.methods.size(); ++m) {
            result.methods[m].calibrated = calibrated[m].confidence;
            std::copy_n(calibrated[m].temperature, 2, result.methods[m].temperature);
        }
    }
    return result;
}

} // namespace monotail
