// SPDX-License-Identifier: GPL-3.0-or-later
#include "rescale/class_profile.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/text.h"
#include "rescale/class_words.h"

namespace monotail {

namespace {

void checkSizes(const ClassifierHead& head, const ClassSet& classes, const FitOptions& options)
{
    const auto count = static_cast<std::size_t>(head.classes());
    if (classes.counts.size() != count)
        throw Error(message("{}: the head has {} classes but {} gives counts for {}; give the "
                            "counts this head was trained with",
                            printable(head.source.weight), count,
                            classes.countsSource.empty() ? "the class set"
                                                         : printable(classes.countsSource),
                            classes.counts.size()));
    if (head.norms.size() != count)
        throw Error(message("{}: {} norms for {} classes", printable(head.source.weight),
                            head.norms.size(), count));
    if (!options.metric.empty() && options.metric.size() != count)
        throw Error(message("order by {}: {} numbers for {} classes; every class needs one",
                            printable(options.metricName), options.metric.size(), count));
}

void checkFinite(const ClassifierHead& head, const ClassSet& classes, const FitOptions& options)
{
    for (std::size_t c = 0; c < head.norms.size(); ++c)
        if (!(head.norms[c] >= 0 && std::isfinite(head.norms[c])))
            throw Error(message("{}: the weight norm of class {} is {}, expected a finite number",
                                printable(head.source.weight), detail::className(classes, c),
                                head.norms[c]));
    for (std::size_t c = 0; c < options.metric.size(); ++c)
        if (!std::isfinite(options.metric[c]))
            throw Error(message("order by {}: class {} has {}, expected a finite number",
                                printable(options.metricName), detail::className(classes, c),
                                options.metric[c]));
}

std::vector<double> fitWeights(const ClassSet& classes, FitWeights weights)
{
    std::vector<double> out(classes.counts.size(), 1.0);
    if (weights == FitWeights::Count)
        for (std::size_t c = 0; c < out.size(); ++c)
            out[c] = static_cast<double>(std::max<std::int64_t>(classes.counts[c], 1));
    return out;
}

Warnings warningsFor(const ClassifierHead& head, const ClassSet& classes, const FitOptions& options)
{
    std::vector<std::size_t> zeroRows, absent;
    for (std::size_t c = 0; c < head.norms.size(); ++c) {
        if (head.norms[c] == 0)
            zeroRows.push_back(c);
        if (classes.counts[c] <= 0)
            absent.push_back(c);
    }
    Warnings warnings = head.warnings;
    if (head.source.kind == HeadKind::Cosine)
        warnings.push_back(message("{}: this head normalises its rows in the forward pass: their "
                                   "norms have no effect on what it predicts",
                                   printable(head.source.weight)));
    if (!zeroRows.empty())
        warnings.push_back(message("rows of norm 0 keep scale 1 and stay out of the fit: {}",
                                   detail::classList(classes, zeroRows)));
    const bool ordered = options.metric.empty();
    const bool weighted = options.weights == FitWeights::Count;
    if (!absent.empty() && (ordered || weighted))
        warnings.push_back(
            message("classes without training images{}{}{}: {}",
                    ordered ? " rank as the rarest" : "", ordered && weighted ? " and" : "",
                    weighted ? " weigh as one image" : "", detail::classList(classes, absent)));
    return warnings;
}

/// ||mean row|| / mean ||row|| and the norms about the mean row, row by row: the head may be large.
void describeRows(const ClassifierHead& head, ClassProfile& profile)
{
    const Eigen::Index classes = head.weight.rows();
    if (classes == 0)
        return;
    Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(head.weight.cols());
    for (Eigen::Index c = 0; c < classes; ++c)
        mean += head.weight.row(c).cast<double>();
    mean /= static_cast<double>(classes);
    double norms = 0;
    for (Eigen::Index c = 0; c < classes; ++c) {
        const Eigen::RowVectorXd row = head.weight.row(c).cast<double>();
        norms += row.norm();
        profile.centredNorms.push_back((row - mean).norm());
    }
    if (norms > 0)
        profile.meanRowRatio = mean.norm() / (norms / static_cast<double>(classes));
}

} // namespace

ClassProfile profileHead(const ClassifierHead& head, const ClassSet& classes,
                         const FitOptions& options)
{
    checkSizes(head, classes, options);
    checkFinite(head, classes, options);
    ClassProfile profile;
    profile.options = options;
    profile.hasBias = head.hasBias();
    profile.norms = head.norms;
    profile.metric = options.metric;
    if (profile.metric.empty())
        profile.metric.assign(classes.counts.begin(), classes.counts.end());
    std::vector<bool> excluded;
    for (const double norm : head.norms)
        excluded.push_back(norm == 0);
    profile.fit = fitClasses(profile.norms, fitWeights(classes, options.weights), profile.metric,
                             excluded, options.direction, options.ties);
    for (std::size_t c = 0; c < profile.norms.size(); ++c)
        profile.scale.push_back(excluded[c] ? 1 : profile.fit.fitted[c] / profile.norms[c]);
    describeRows(head, profile);
    profile.warnings = warningsFor(head, classes, options);
    return profile;
}

} // namespace monotail
