// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/training_json.h"

#include "base/text.h"
#include "session/image_json.h"
#include "session/source_json.h"

namespace monotail {

namespace {

namespace fs = std::filesystem;

Json recipeJson(const Recipe& recipe)
{
    return {{"preset", recipe.preset},
            {"sampling", nameOf(recipe.sampling)},
            {"loss", nameOf(recipe.loss)},
            {"norms", nameOf(recipe.norms)},
            {"features", nameOf(recipe.features)},
            {"wd", recipe.weightDecay},
            {"maxnorm", recipe.maxNorm ? Json(*recipe.maxNorm) : Json(nullptr)},
            {"beta", recipe.beta},
            {"loss_tau", recipe.tau},
            {"las_head", recipe.smoothHead},
            {"las_tail", recipe.smoothTail},
            {"las_shape", nameOf(recipe.smoothShape)},
            {"init", nameOf(recipe.start)},
            {"lr", recipe.rate},
            {"momentum", recipe.momentum},
            {"schedule", nameOf(recipe.schedule)},
            {"step_epochs", recipe.stepEpochs},
            {"step_factor", recipe.stepFactor},
            {"epochs", recipe.epochs},
            {"batch", recipe.batch},
            {"seed", recipe.seed},
            {"precision", nameOf(recipe.precision)},
            {"then", nameOf(recipe.afterwards)},
            {"then_bias", recipe.afterwards.bias == BiasRule::Keep ? "keep" : "drop"}};
}

std::string textAt(const Json& json, const char* key)
{
    return json.at(key).get<std::string>();
}

/// What follows the training; a file of scales is none that a recipe names.
Method methodIn(const Json& json)
{
    const std::string name = textAt(json, "then");
    Method method = parseMethod(split(name, ',').front()); // the bias stands behind the comma
    method.bias = textAt(json, "then_bias") == "drop" ? BiasRule::Drop : BiasRule::Keep;
    return method;
}

Recipe readRecipe(const Json& json)
{
    Recipe recipe;
    recipe.preset = textAt(json, "preset");
    recipe.sampling = parseSampling(textAt(json, "sampling"));
    recipe.loss = parseLoss(textAt(json, "loss"));
    recipe.norms = parseNorms(textAt(json, "norms"));
    recipe.features = parseFeatureForm(textAt(json, "features"));
    recipe.weightDecay = json.at("wd");
    if (!json.at("maxnorm").is_null())
        recipe.maxNorm = json.at("maxnorm").get<double>();
    recipe.beta = json.at("beta");
    recipe.tau = json.at("loss_tau");
    recipe.smoothHead = json.at("las_head");
    recipe.smoothTail = json.at("las_tail");
    recipe.smoothShape = parseSmoothingShape(textAt(json, "las_shape"));
    recipe.start = parseHeadStart(textAt(json, "init"));
    recipe.rate = json.at("lr");
    recipe.momentum = json.at("momentum");
    recipe.schedule = parseRateSchedule(textAt(json, "schedule"));
    recipe.stepEpochs = json.at("step_epochs");
    recipe.stepFactor = json.at("step_factor");
    recipe.epochs = json.at("epochs");
    recipe.batch = json.at("batch");
    recipe.seed = json.at("seed");
    recipe.precision = parseTrainPrecision(textAt(json, "precision"));
    recipe.afterwards = methodIn(json);
    return recipe;
}

} // namespace

Json trainingJson(const TrainingPlan& plan, const fs::path& folder)
{
    const TrainingSources& sources = plan.sources;
    Json views = Json::array();
    for (const std::string& view : sources.views)
        views.push_back(sourceJson(view, folder));
    return {{"features", sourceJson(sources.features, folder)},
            {"views", views},
            {"validation", sourceJson(sources.validation, folder)},
            {"images", imageJson(sources.images)},
            {"recipe", recipeJson(plan.recipe)},
            {"seeds", plan.seeds},
            {"sweep", plan.sweep}};
}

SavedTraining readTrainingJson(const Json& json, const fs::path& folder)
{
    SavedTraining saved;
    const auto source = [&](const Json& entry) {
        const SourceFound found = readSource(entry, folder);
        if (!found.changed.empty())
            saved.changed.push_back(found.changed);
        return found.source;
    };
    TrainingSources& sources = saved.plan.sources;
    sources.features = source(json.at("features"));
    sources.validation = source(json.at("validation"));
    for (const Json& view : json.at("views"))
        sources.views.push_back(source(view));
    sources.images = readImageJson(json.at("images"));
    saved.plan.recipe = readRecipe(json.at("recipe"));
    saved.plan.seeds = json.at("seeds");
    saved.plan.sweep = textAt(json, "sweep");
    return saved;
}

} // namespace monotail
