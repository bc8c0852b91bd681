// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "report/json_parts.h"
#include "report/retrain_report.h"
#include "retrain/presets.h"

namespace monotail {

namespace {

Json numberOrNull(const std::optional<double>& number)
{
    return number ? Json(*number) : Json(nullptr);
}

Json curveJson(const std::optional<CurvePoint>& point)
{
    if (!point)
        return nullptr;
    Json out{{"top1", detail::rate(point->top1)}, {"class_mean", detail::rate(point->classMean)}};
    out.update(detail::groupsOf(point->groups));
    return out;
}

Json blocksJson(const std::vector<Block>& blocks)
{
    Json out = Json::array();
    for (const Block& block : blocks)
        out.push_back({{"begin", block.begin}, {"end", block.end}, {"value", block.value}});
    return out;
}

Json epochJson(const EpochRecord& record)
{
    Json out{{"epoch", record.epoch},
             {"loss", numberOrNull(record.loss)},
             {"rate", numberOrNull(record.rate)},
             {"validation", curveJson(record.validation)},
             {"norms", record.norms}};
    if (!record.raw.empty()) {
        out["raw"] = record.raw;
        out["pooled_raw"] = record.pooledRaw;
    }
    out["blocks"] = blocksJson(record.blocks);
    return out;
}

Json sourceJson(const Recipe& recipe)
{
    if (recipe.preset.empty())
        return nullptr;
    const Preset& preset = presetNamed(recipe.preset);
    return {{"title", preset.title},
            {"source", preset.source},
            {"note", textOrNull(preset.note)},
            {"hyperparameters", preset.hyperparameters}};
}

} // namespace

Json axesJson(const Recipe& recipe)
{
    return {{"sampling", nameOf(recipe.sampling)},
            {"loss", nameOf(recipe.loss)},
            {"norms", nameOf(recipe.norms)},
            {"features", nameOf(recipe.features)},
            {"constraint",
             {{"wd", recipe.weightDecay > 0 ? Json(recipe.weightDecay) : Json(nullptr)},
              {"maxnorm", numberOrNull(recipe.maxNorm)}}},
            {"afterwards", nameOf(recipe.afterwards)}};
}

Json hyperparametersJson(const Recipe& recipe)
{
    Json out;
    if (recipe.loss == LossKind::ClassBalanced)
        out["beta"] = recipe.beta;
    if (recipe.loss == LossKind::LogitAdjust)
        out["loss_tau"] = recipe.tau;
    if (recipe.loss == LossKind::LabelAwareSmoothing) {
        out["las_head"] = recipe.smoothHead;
        out["las_tail"] = recipe.smoothTail;
        out["las_shape"] = nameOf(recipe.smoothShape);
    }
    out["init"] = nameOf(recipe.start);
    out["epochs"] = recipe.epochs;
    out["lr"] = recipe.rate;
    out["momentum"] = recipe.momentum;
    out["schedule"] = nameOf(recipe.schedule);
    if (recipe.schedule == RateSchedule::Step) {
        out["step_epochs"] = recipe.stepEpochs;
        out["step_factor"] = recipe.stepFactor;
    }
    out["batch"] = recipe.batch;
    out["precision"] = nameOf(recipe.precision);
    return out;
}

Json runJson(const Run& run)
{
    const Recipe& recipe = run.recipe;
    Json out{{"schema", jsonSchema},       {"preset", textOrNull(recipe.preset)},
             {"name", shortName(recipe)},  {"published", sourceJson(recipe)},
             {"axes", axesJson(recipe)},   {"hyperparameters", hyperparametersJson(recipe)},
             {"features", cachedFeatures}, {"features_note", cachedFeaturesNote},
             {"train", run.trainedOn},     {"validation", textOrNull(run.validatedOn)}};
    out["epochs"] = Json::array();
    for (const EpochRecord& record : run.epochs)
        out["epochs"].push_back(epochJson(record));
    out["chosen"] = {{"epoch", run.chosenEpoch}, {"by", run.chosenBy}};
    out["norms"] = run.chosen().norms;
    out["blocks"] = blocksJson(run.chosen().blocks);
    out["blocks_of"] = recipe.norms == NormRule::Samn ? "raw" : "norms";
    out["seconds"] = run.seconds;
    out["seed"] = recipe.seed;
    out["threads"] = run.threads;
    out["device"] = run.device;
    out["warnings"] = Json(run.warnings);
    return out;
}

Json seedsJson(const SeedSummary& summary)
{
    const auto means = [](const SeedSummary& of, auto pick) {
        return Json{{"top1", detail::rate(pick(of.top1))},
                    {"class_mean", detail::rate(pick(of.classMean))},
                    {"many", detail::rate(pick(of.groups[0]))},
                    {"medium", detail::rate(pick(of.groups[1]))},
                    {"few", detail::rate(pick(of.groups[2]))}};
    };
    Json out = means(summary, [](const Spread& spread) { return spread.mean; });
    out["deviation"] = means(summary, [](const Spread& spread) { return spread.deviation; });
    out["seeds"] = summary.runs;
    return out;
}

std::filesystem::path runRecordPath(const std::filesystem::path& output)
{
    std::filesystem::path path = output;
    path += ".run.json";
    return path;
}

} // namespace monotail
