// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/json.h"

#include "base/text.h"
#include "report/json_parts.h"

namespace monotail {

using namespace detail;

namespace {

Json perClassJson(const AccuracyReport& report, const ClassSet& classes)
{
    Json out = Json::array();
    for (std::size_t c = 0; c < report.perClass.size(); ++c) {
        const ClassAccuracy& row = report.perClass[c];
        out.push_back({{"index", c},
                       {"name", classes.names[c]},
                       {"count", classes.counts[c]},
                       {"total", row.total},
                       {"correct", row.correct},
                       {"predicted", row.predicted},
                       {"recall", rate(row.recall)},
                       {"precision", rate(row.precision)},
                       {"f1", rate(row.f1)},
                       {"low", rate(row.low)},
                       {"high", rate(row.high)}});
    }
    return out;
}

Json fullMetrics(const AccuracyReport& report, const ClassSet& classes)
{
    Json out = metricsJson(report);
    out["per_class"] = perClassJson(report, classes);
    return out;
}

Json classChangesJson(const Comparison& comparison)
{
    Json out = Json::array();
    for (std::size_t c = 0; c < comparison.perClass.size(); ++c) {
        const ClassChange& change = comparison.perClass[c];
        out.push_back({{"index", c},
                       {"gained", change.gained},
                       {"lost", change.lost},
                       {"difference", change.difference},
                       {"p", change.p},
                       {"p_adjusted", change.adjusted}});
    }
    return out;
}

Json methodsJson(const Evaluation& evaluation)
{
    Json out = Json::array();
    for (const MethodResult& result : evaluation.methods) {
        Json row{{"method", result.rescaling.method}};
        row.update(metricsJson(result.accuracy));
        row["mcnemar"] = mcnemarJson(result.comparison);
        row["changes"] = changesJson(result.comparison);
        row["class_changes"] = classChangesJson(result.comparison);
        row["worst_decile_followed"] = rate(result.comparison.worstDecileFollowed);
        row["scale"] = result.rescaling.scale;
        row["bias"] = result.rescaling.bias;
        out.push_back(std::move(row));
    }
    return out;
}

Json witnessJson(const std::optional<LogitWitness>& witness)
{
    if (!witness)
        return nullptr;
    return {{"max_error", witness->maxError},
            {"tolerance", witness->tolerance},
            {"holds", witness->holds},
            {"cause", textOrNull(witness->cause)}};
}

Json storedJson(const Evaluation& evaluation)
{
    if (!evaluation.stored)
        return nullptr;
    return {{"name", evaluation.stored->name},
            {"stored", evaluation.stored->percent},
            {"measured", rate(evaluation.before.top1)}};
}

} // namespace

Json profileJson(const ClassifierHead& head, const ClassSet& classes, const ClassProfile& profile)
{
    Json out{{"schema", jsonSchema}, {"head", headJson(head.source)}};
    out["counts"] = classes.countsSource;
    out["classes"] = Json::array();
    for (std::size_t c = 0; c < profile.norms.size(); ++c)
        out["classes"].push_back(
            {{"index", c},
             {"name", classes.names[c]},
             {"count", classes.counts[c]},
             {"order", profile.metric[c]},
             {"norm", profile.norms[c]},
             {"fitted", profile.fit.fitted[c]},
             {"scale", profile.scale[c]},
             {"block", profile.fit.blockOf[c] < 0 ? Json(nullptr) : Json(profile.fit.blockOf[c])},
             {"bias", head.bias[static_cast<Eigen::Index>(c)]},
             {"centred_norm", profile.centredNorms[c]}});
    out["blocks"] = Json::array();
    for (const Block& block : profile.fit.blocks)
        out["blocks"].push_back(
            {{"begin", block.begin},
             {"end", block.end},
             {"value", block.value},
             {"weight", block.weight},
             {"classes", std::vector<std::int64_t>(
                             profile.fit.order.begin() + static_cast<std::ptrdiff_t>(block.begin),
                             profile.fit.order.begin() + static_cast<std::ptrdiff_t>(block.end))}});
    out["direction"] = nameOf(profile.options.direction);
    out["ties"] = nameOf(profile.options.ties);
    out["weights"] = nameOf(profile.options.weights);
    out["order"] = profile.options.metricName;
    out["mean_row_ratio"] = profile.meanRowRatio;
    out["summary"] = describeBlocks(profile);
    Warnings warnings = classes.warnings;
    warnings.insert(warnings.end(), profile.warnings.begin(), profile.warnings.end());
    out["warnings"] = Json(warnings);
    return out;
}

Json metricsJson(const AccuracyReport& report)
{
    Json out{{"top1", rate(report.top1)},
             {"class_mean", rate(report.classMean)},
             {"top5", rate(report.top5)}};
    out.update(groupsOf(report.groups));
    out["worst_class"] = report.worstClass ? Json{{"index", *report.worstClass},
                                                  {"recall", rate(report.worstRecall)}}
                                           : Json(nullptr);
    out["worst_decile"] = rate(report.worstDecile);
    out["harmonic"] = rate(report.harmonic);
    out["ece"] = rate(report.calibration.ece);
    out["ece_groups"] = groupsOf(report.calibration.groups);
    out["ece_fitted"] = report.fitted ? rate(report.fitted->ece) : Json(nullptr);
    out["ece_fitted_groups"] = report.fitted ? groupsOf(report.fitted->groups) : Json(nullptr);
    out["tail_as_head"] = rate(report.tailAsHead);
    out["near_ties"] = report.nearTies;
    return out;
}

Json evaluateJson(const Checkpoint& checkpoint, const ClassifierHead& head, const ClassSet& classes,
                  const FeatureSet& features, const Evaluation& evaluation)
{
    Json out{{"schema", jsonSchema},
             {"checkpoint", checkpoint.path.string()},
             {"head", headJson(head.source)},
             {"counts", classes.countsSource},
             {"data", features.source}};
    out["before"] = fullMetrics(evaluation.before, classes);
    if (!evaluation.methods.empty()) {
        const MethodResult& first = shownMethod(evaluation);
        out["after"] = fullMetrics(first.accuracy, classes);
        out["method"] = first.rescaling.method;
        out["mcnemar"] = mcnemarJson(first.comparison);
        out["changes"] = changesJson(first.comparison);
    }
    out["group_confusion"] = {{"groups", {"many", "medium", "few"}},
                              {"before", confusionJson(evaluation.before.confusion)}};
    if (!evaluation.methods.empty())
        out["group_confusion"]["after"] = confusionJson(shownMethod(evaluation).accuracy.confusion);
    out["near_ties"] = evaluation.before.nearTies;
    out["negative_own_logit"] = Json::array();
    for (const double share : evaluation.negativeOwnShare) // NaN (a class without samples) is null
        out["negative_own_logit"].push_back(share == share ? Json(100 * share) : Json(nullptr));
    out["witness"] = witnessJson(evaluation.witness);
    out["stored_accuracy"] = storedJson(evaluation);
    out["headroom"] = evaluation.headroom ? headroomJson(*evaluation.headroom) : Json(nullptr);
    out["methods"] = methodsJson(evaluation);
    out["groups"] = groupsJson(evaluation.groups);
    out["split"] = textOrNull(evaluation.split);
    out["samples"] = evaluation.samples;
    out["device"] = evaluation.device;
    Warnings warnings = classes.warnings;
    const Warnings measured = allWarnings(evaluation);
    warnings.insert(warnings.end(), measured.begin(), measured.end());
    out["warnings"] = Json(warnings);
    return out;
}

std::string dump(const Json& json)
{
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace monotail
