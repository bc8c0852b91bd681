// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/studies.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace monotail {

namespace {

constexpr double gridStep = 0.05; // of tau and logit adjustment
constexpr int radiusSteps = 40;
constexpr std::int64_t mostBytes = std::int64_t(2) << 30; // for the headroom

/// The power of ten below `value`, times 1, 2 or 5: decimal steps have decimal values.
double roundStep(double value)
{
    const double unit = std::pow(10.0, std::floor(std::log10(value)));
    const double share = value / unit;
    return unit * (share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10);
}

std::optional<SweepRange> radii(const std::vector<double>& norms)
{
    if (norms.empty())
        return std::nullopt;
    const auto [least, most] = std::minmax_element(norms.begin(), norms.end());
    if (!(*most > 0) || !std::isfinite(*most))
        return std::nullopt;
    // Below the smallest norm all are the same, and only the bias tells them apart.
    const double step = roundStep((*most - *least / 2) / radiusSteps);
    const double from = std::max(1.0, std::floor(*least / 2 / step)) * step;
    return SweepRange{MethodKind::MaxNorm, from, std::ceil(*most / step) * step, step};
}

CalibrationStudy::Errors errorsOf(const Predictions& predictions,
                                  const std::vector<std::int64_t>& labels, const ShotGroups& groups)
{
    const AccuracyReport report = measureAccuracy(predictions, labels, groups);
    return {report.calibration,
            report.fitted,
            {predictions.temperature[0], predictions.temperature[1]}};
}

} // namespace

FitKey fitKey(const Choices& choices)
{
    return {choices.direction, choices.ties, choices.weights};
}

std::optional<SweepKey> sweepKey(const Choices& choices, const std::vector<double>& norms)
{
    std::optional<SweepRange> range;
    if (choices.method == MethodKind::Tau || choices.method == MethodKind::LogitAdjust)
        range = SweepRange{choices.method, 0, 2, gridStep};
    else if (choices.method == MethodKind::MaxNorm)
        range = radii(norms);
    if (!range)
        return std::nullopt;
    return SweepKey{*range, choices.bias, choices.groups, fitKey(choices)};
}

std::shared_ptr<const SweepStudy> studySweep(const Document& document, const ClassProfile& profile,
                                             const SweepKey& key, const Progress& progress)
{
    SweepQuery query;
    query.range = key.range;
    query.bias = key.bias;
    query.groups = key.groups;
    return std::make_shared<SweepStudy>(
        SweepStudy{key, sweepMethod(*document.head, *document.classes, profile, query,
                                    {document.features, document.scores}, std::nullopt, progress)});
}

HeadroomKey headroomKey(const Choices& choices)
{
    return {choices.groups, fitKey(choices)};
}

std::shared_ptr<const HeadroomStudy> studyHeadroom(const Document& document,
                                                   const ClassProfile& profile,
                                                   const HeadroomKey& key, const Progress& progress)
{
    auto study = std::make_shared<HeadroomStudy>();
    study->key = key;
    const ClassifierHead& head = *document.head;
    HeadroomOptions options;
    options.mostBytes = mostBytes;
    try {
        const HeadroomStarts starts = headroomStarts(head, *document.classes, profile);
        study->result = measureHeadroom(*document.features, head, starts,
                                        groupClasses(document.classes->counts, key.groups),
                                        *document.scores, options, progress);
    } catch (const Error& error) { // nobody asked for it, so nobody is interrupted by it
        study->problem = error.what();
    }
    return study;
}

std::shared_ptr<const CalibrationStudy> studyCalibration(const Document& document,
                                                         const Rescaling& rescaling,
                                                         const ShotRule& rule,
                                                         const Progress& progress)
{
    const ScoreResult scores =
        predictAll(*document.features, *document.head, {unchanged(*document.head), rescaling},
                   *document.scores, {}, progress);
    const ShotGroups groups = groupClasses(document.classes->counts, rule);
    const std::vector<std::int64_t>& labels = document.features->labels;
    return std::make_shared<CalibrationStudy>(
        CalibrationStudy{rescaling, rule, errorsOf(scores.methods[0], labels, groups),
                         errorsOf(scores.methods[1], labels, groups)});
}

} // namespace monotail
