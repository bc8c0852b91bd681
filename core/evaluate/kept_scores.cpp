// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/kept_scores.h"

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "evaluate/head_input.h"

namespace monotail {

namespace {

/// Samples between two looks at the progress.
constexpr Eigen::Index rowsAtOnce = 1024;

Eigen::ArrayXf asFloats(const std::vector<double>& values)
{
    return Eigen::Map<const Eigen::ArrayXd>(values.data(), static_cast<Eigen::Index>(values.size()))
        .cast<float>();
}

std::int32_t firstLargest(const Eigen::ArrayXf& scores)
{
    const float largest = scores.maxCoeff();
    return static_cast<std::int32_t>(std::find(scores.begin(), scores.end(), largest) -
                                     scores.begin());
}

} // namespace

KeptScores::KeptScores(std::shared_ptr<const FeatureSet> features,
                       std::shared_ptr<const ClassifierHead> head,
                       std::shared_ptr<const Scorer> scorer, const Progress& progress,
                       std::int64_t keepBytes)
    : m_features(head->unitParts > 0
                     ? std::make_shared<const FeatureSet>(headInput(*features, *head))
                     : std::move(features)),
      m_head(std::move(head)), m_scorer(std::move(scorer)),
      m_largest(Eigen::ArrayXf::Zero(m_head->classes()))
{
    checkFeatures(*m_features, m_head->classes(), m_head->features(), m_head->source.weight);
    const std::int64_t rowBytes =
        std::max<std::int64_t>(m_head->classes(), 1) * static_cast<std::int64_t>(sizeof(float));
    RowMatrix z;
    if (m_features->samples() <= keepBytes / rowBytes)
        z.resize(m_features->samples(), m_head->classes());
    m_scorer->score(
        *m_features, m_head->weight,
        [&](std::int64_t begin, const RowMatrix& tile) {
            if (!tile.allFinite())
                throw Error(message("{}: scores of samples {} to {} are not finite under the head "
                                    "as it is; the features hold NaN, infinite or far too large "
                                    "numbers",
                                    printable(m_features->source), begin, begin + tile.rows() - 1));
            m_largest = m_largest.max(tile.array().abs().colwise().maxCoeff().transpose());
            if (z.size() > 0)
                z.middleRows(begin, tile.rows()) = tile;
        },
        progress);
    m_z = std::move(z);
}

void KeptScores::score(const FeatureSet& features, const RowMatrix& weight, const ScoreTile& tile,
                       const Progress& progress) const
{
    const bool same = inMemory() && features.features == m_features->features &&
                      weight.rows() == m_head->weight.rows() &&
                      weight.cols() == m_head->weight.cols() && weight == m_head->weight;
    if (!same)
        return m_scorer->score(features, weight, tile, progress);
    const std::int64_t step = tileRows(m_z.rows(), m_z.cols());
    for (std::int64_t begin = 0; begin < m_z.rows(); begin += step) {
        const std::int64_t end = std::min<std::int64_t>(m_z.rows(), begin + step);
        tile(begin, m_z.middleRows(begin, end - begin));
        report(progress, end, m_z.rows());
    }
}

std::vector<std::int32_t> KeptScores::predict(const Rescaling& rescaling,
                                              const Progress& progress) const
{
    const auto classes = static_cast<std::size_t>(m_head->classes());
    if (rescaling.scale.size() != classes || rescaling.bias.size() != classes)
        throw Error(message("{}: {} scales and {} biases for a head of {} classes",
                            printable(rescaling.method), rescaling.scale.size(),
                            rescaling.bias.size(), classes));
    const Eigen::ArrayXf scale = asFloats(rescaling.scale);
    const Eigen::ArrayXf bias = asFloats(rescaling.bias);
    // No score can leave float32 if the largest of each class stays well inside.
    const Eigen::ArrayXd bound =
        scale.cast<double>().abs() * m_largest.cast<double>() + bias.cast<double>().abs();
    if (!(bound < 0.999 * static_cast<double>(std::numeric_limits<float>::max())).all())
        throw Error(message("method {}: scores leave the range of float32; choose smaller scales",
                            printable(rescaling.method)));
    std::vector<std::int32_t> predicted;
    predicted.reserve(m_features->labels.size());
    Eigen::ArrayXf scores(m_head->classes());
    const auto add = [&](const auto& z) {
        for (Eigen::Index row = 0; row < z.rows(); ++row) {
            scores = z.row(row).transpose().array() * scale + bias;
            predicted.push_back(firstLargest(scores));
        }
    };
    if (!inMemory())
        m_scorer->score(
            *m_features, m_head->weight, [&](std::int64_t, const RowMatrix& z) { add(z); },
            progress);
    for (Eigen::Index row = 0; row < m_z.rows(); row += rowsAtOnce) {
        report(progress, row, m_z.rows());
        add(m_z.middleRows(row, std::min(rowsAtOnce, m_z.rows() - row)));
    }
    return predicted;
}

} // namespace monotail
