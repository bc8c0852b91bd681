// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>

#include "base/text.h"
#include "evaluate/witness.h"

namespace monotail {

namespace {

/// Some samples as the file has them, and as we read them.
struct Probe
{
    Eigen::MatrixXd products;    ///< K x C, W f
    Eigen::RowVectorXd bias;     ///< C
    Eigen::MatrixXd scores;      ///< K x C, W f + b
    Eigen::MatrixXd logits;      ///< K x C, the model's own
    Eigen::VectorXd featureUnit; ///< K, 1 / ||f||
    Eigen::RowVectorXd rowUnit;  ///< C, 1 / ||w||
};

/// A reading is taken for the cause if it leaves less than this share of the logits' scale
/// unexplained: far above float16 rounding, far below what a wrong reading leaves.
constexpr double explained = 5e-3;
constexpr std::int64_t probed = 32;

Probe probe(const FeatureSet& source, const ClassifierHead& head)
{
    const std::int64_t samples = source.samples();
    const std::int64_t rows = std::min(probed, samples);
    RowMatrix features(rows, head.features());
    Probe out;
    out.logits.resize(rows, head.classes());
    for (std::int64_t i = 0; i < rows; ++i) {
        const std::int64_t at = i * samples / rows;
        features.row(i) = source.features->read(at, at + 1).row(0);
        out.logits.row(i) = source.logits->read(at, at + 1).row(0).cast<double>();
    }
    out.products = (features * head.weight.transpose()).cast<double>();
    out.bias = head.bias.transpose().cast<double>();
    out.scores = out.products.rowwise() + out.bias;
    // As the usual normalize() does, which divides by no less than 1e-12.
    const Eigen::VectorXd lengths = features.rowwise().norm().cast<double>();
    const Eigen::VectorXd norms = head.weight.rowwise().norm().cast<double>();
    out.featureUnit = lengths.cwiseMax(1e-12).cwiseInverse();
    out.rowUnit = norms.cwiseMax(1e-12).cwiseInverse().transpose();
    return out;
}

/// The factor s that brings s * x closest to y, if that explains y.
std::optional<double> factorTo(const Eigen::MatrixXd& x, const Eigen::MatrixXd& y, double scale)
{
    const double factor = x.cwiseProduct(y).sum() / x.squaredNorm();
    const bool fits = (factor * x - y).cwiseAbs().maxCoeff() <= explained * scale;
    return fits && factor > 0 ? std::optional(factor) : std::nullopt;
}

std::string withFactor(const std::string& cause, double factor)
{
    return std::fabs(factor - 1) <= 2 * explained
               ? cause
               : message("{}, and a scale of {}", cause, toText(factor, 3));
}

/// What multiplies and adds to `product` (K x C) in the logits; nothing if that is no explanation.
std::string factorCause(const Eigen::MatrixXd& product, const Probe& probe, double scale,
                        const std::string& words)
{
    const bool plain = words.empty();
    if (const auto whole = factorTo(product.rowwise() + probe.bias, probe.logits, scale))
        return plain ? message("a hidden scale: the logits are {} times what we compute",
                               toText(*whole, 3))
                     : withFactor(words, *whole);
    if (const auto factor = factorTo(product, probe.logits.rowwise() - probe.bias, scale))
        return plain ? message("a hidden scale of {} before the bias", toText(*factor, 3))
                     : withFactor(words, *factor);
    if (const auto factor = factorTo(product, probe.logits, scale))
        return withFactor(plain ? "the logits leave the bias out" : words + " without the bias",
                          *factor);
    return {};
}

/// Features, rows or both may be normalised, the bias left out, and all of it multiplied.
std::string scaledCause(const Probe& probe, double scale)
{
    const auto features = probe.featureUnit.asDiagonal();
    const auto rows = probe.rowUnit.asDiagonal();
    const std::array<std::pair<Eigen::MatrixXd, std::string>, 4> readings{
        std::pair{probe.products, std::string()},
        {features * probe.products, "normalised features"},
        {probe.products * rows, "normalised rows"},
        {features * probe.products * rows, "normalised features and rows (a cosine head)"}};
    for (const auto& [product, words] : readings)
        if (std::string cause = factorCause(product, probe, scale, words); !cause.empty())
            return cause;
    return {};
}

/// Log-probabilities are the logits less one number per sample; probabilities are their softmax.
std::string softmaxCause(const Probe& probe, double scale)
{
    const Eigen::MatrixXd shifted = probe.scores.colwise() - probe.scores.rowwise().maxCoeff();
    const Eigen::MatrixXd exponentials = shifted.array().exp();
    const Eigen::VectorXd sums = exponentials.rowwise().sum();
    const Eigen::MatrixXd logs = shifted.colwise() - sums.array().log().matrix();
    if ((logs - probe.logits).cwiseAbs().maxCoeff() <= explained * scale)
        return "the file holds log-probabilities (log-softmax), not logits";
    const Eigen::MatrixXd shares = sums.cwiseInverse().asDiagonal() * exponentials;
    if ((shares - probe.logits).cwiseAbs().maxCoeff() <= explained)
        return "the file holds probabilities (softmax), not logits";
    return {};
}

std::string perClassCause(const Probe& probe, double scale)
{
    const Eigen::RowVectorXd products = probe.scores.cwiseProduct(probe.logits).colwise().sum();
    const Eigen::RowVectorXd squares = probe.scores.colwise().squaredNorm();
    const Eigen::RowVectorXd factors = products.cwiseQuotient(squares.cwiseMax(1e-300));
    if ((probe.scores * factors.asDiagonal() - probe.logits).cwiseAbs().maxCoeff() <=
        explained * scale)
        return "one learned scale per class (LWS) that our reading leaves out";
    const Eigen::RowVectorXd offsets = (probe.logits - probe.scores).colwise().mean();
    if ((probe.scores.rowwise() + offsets - probe.logits).cwiseAbs().maxCoeff() <=
        explained * scale)
        return "another bias: the logits differ by one number per class";
    return {};
}

/// Whether the logits' columns are ours in another order.
std::string orderCause(const Probe& probe, double scale)
{
    const Eigen::Index classes = probe.scores.cols();
    const Eigen::RowVectorXd squares = probe.scores.colwise().squaredNorm();
    std::vector<bool> used(static_cast<std::size_t>(classes), false);
    Eigen::Index firstMoved = -1, movedFrom = -1;
    for (Eigen::Index c = 0; c < classes; ++c) {
        Eigen::Index nearest = 0;
        (squares - 2 * probe.logits.col(c).transpose() * probe.scores).minCoeff(&nearest);
        const auto gap = (probe.scores.col(nearest) - probe.logits.col(c)).cwiseAbs().maxCoeff();
        if (gap > explained * scale || used[static_cast<std::size_t>(nearest)])
            return {};
        used[static_cast<std::size_t>(nearest)] = true;
        if (nearest != c && firstMoved < 0) {
            firstMoved = c;
            movedFrom = nearest;
        }
    }
    return firstMoved < 0 ? std::string()
                          : message("another order of the classes: logit {} is our class {}",
                                    firstMoved, movedFrom);
}

} // namespace

std::string likelyCause(const FeatureSet& features, const ClassifierHead& head, double error)
{
    std::string other = "another head (of several experts, perhaps) or other features";
    if (error <= 5e-3)
        return "rounding: bfloat16 or TF32 somewhere on the way would do this";
    const Probe found = probe(features, head);
    const double scale = found.logits.cwiseAbs().maxCoeff();
    if (scale == 0)
        return "logits that are all zero";
    if (!found.logits.allFinite() || !std::isfinite(error))
        return "logits that are not finite";
    // A few numbers fit any reading.
    if (found.logits.rows() < 4 || found.logits.cols() < 2)
        return other;
    for (const auto cause : {scaledCause, softmaxCause, perClassCause, orderCause})
        if (std::string words = cause(found, scale); !words.empty())
            return words;
    return other;
}

} // namespace monotail
