// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/train_flags.h"

#include <cmath>
#include <limits>

#include "base/text.h"
#include "retrain/hyperparameters.h"
#include "retrain/presets.h"

namespace monotail::cli {

namespace {

/// "wd=X", "maxnorm=R" or "none".
std::pair<std::string, double> parseConstraint(std::string_view text)
{
    const std::size_t equals = text.find('=');
    const std::string name = lowered(trimmed(text.substr(0, equals)));
    if (name == "none" && equals == std::string_view::npos)
        return {name, 0};
    const auto value =
        equals == std::string_view::npos ? std::nullopt : parseDouble(text.substr(equals + 1));
    if ((name != "wd" && name != "maxnorm") || !value)
        throw Error(message("constraint {}: expected none, wd=X or maxnorm=R (it may be given "
                            "twice)",
                            printable(text)));
    return {name, *value + 0.0};
}

Method parseAfterwards(const std::string& text)
{
    const Method method = parseMethod(text);
    if (method.kind == MethodKind::Scales)
        throw Error("scales from a file cannot follow training; lay them on the written head with "
                    "export --method");
    return method;
}

template <typename Parse>
void wordOption(CLI::App& verb, const std::string& name, std::string& value,
                const std::string& meaning, Parse parse)
{
    verb.add_option(name, value, meaning)
        ->group("Training")
        ->check(accepted([parse](const std::string& text) { parse(text); }));
}

void numberOption(CLI::App& verb, const std::string& name, std::optional<double>& value,
                  const std::string& meaning)
{
    const auto read = [&value, name](const std::string& text) {
        value = parseDouble(text);
        if (!value)
            throw CLI::ValidationError(name, message("{}: a number is expected", printable(text)));
    };
    verb.add_option_function<std::string>(name, read, meaning)
        ->group("Training")
        ->type_name("NUMBER");
}

int wholeSteps(double epochs)
{
    if (!(epochs >= 1 && epochs <= std::numeric_limits<int>::max() && epochs == std::floor(epochs)))
        throw Error(message("step-epochs = {}: a whole number of 1 or more is expected", epochs));
    return static_cast<int>(epochs);
}

void applyConstraints(Recipe& recipe, const std::vector<std::string>& constraints)
{
    if (constraints.empty())
        return;
    recipe.weightDecay = 0;
    recipe.maxNorm.reset();
    for (const std::string& text : constraints) {
        const auto [name, value] = parseConstraint(text);
        if (name == "wd")
            recipe.weightDecay = value;
        if (name == "maxnorm")
            recipe.maxNorm = value;
    }
}

void applyAfterwards(Recipe& recipe, const std::string& method, const std::string& bias)
{
    const BiasRule before = recipe.afterwards.bias;
    if (!method.empty()) {
        recipe.afterwards = parseAfterwards(method);
        recipe.afterwards.bias =
            recipe.afterwards.kind == MethodKind::None ? BiasRule::Keep : before;
    }
    if (!bias.empty())
        recipe.afterwards.bias = bias == "drop" ? BiasRule::Drop : BiasRule::Keep;
}

void describeBatch(CLI::App& verb)
{
    if (CLI::Option* batch = verb.get_option_no_throw("--batch"))
        batch->group("Training")
            ->description("Images of a training step; 0 = as the recipe has it (without training: "
                          "at once in the network)")
            ->capture_default_str();
}

} // namespace

void TrainFlags::addAxesTo(CLI::App& verb)
{
    wordOption(verb, "--preset", preset,
               "A published stage 2 (see the verb presets); what follows refines it", presetNamed);
    wordOption(verb, "--sampling", sampling, "instance, class-balanced or square-root",
               parseSampling);
    wordOption(verb, "--loss", loss, "ce, class-balanced, balanced-softmax, logit-adjust or las",
               parseLoss);
    wordOption(verb, "--norms", norms, "free, samn or lws", parseNorms);
    wordOption(verb, "--features", features, "raw or cosine", parseFeatureForm);
    verb.add_option("--constraint", constraints, "none, wd=X or maxnorm=R; may be given twice")
        ->group("Training")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->check(accepted([](const std::string& text) { parseConstraint(text); }));
    wordOption(verb, "--afterwards", afterwards,
               "What is laid on the trained head: none, samn, tau=0.7, maxnorm=1.2, "
               "logit-adjust=1 or equal",
               parseAfterwards);
    verb.add_option("--afterwards-bias", afterwardsBias, "Whether that keeps or drops the bias")
        ->group("Training")
        ->check(CLI::IsMember({"keep", "drop"}));
}

void TrainFlags::addNumbersTo(CLI::App& verb)
{
    wordOption(verb, "--las-shape", shape, "Label-aware smoothing: concave, linear or convex",
               parseSmoothingShape);
    numberOption(verb, "--las-head", lasHead, "Label smoothing of the most frequent class");
    numberOption(verb, "--las-tail", lasTail, "Label smoothing of the rarest class");
    numberOption(verb, "--beta", beta, "Of the class-balanced loss");
    numberOption(verb, "--loss-tau", lossTau, "Of the logit-adjusted loss");
    wordOption(verb, "--init", start, "Where training starts: checkpoint or fresh", parseHeadStart);
    numberOption(verb, "--epochs", epochs, "0 trains nothing and folds the head as it starts");
    numberOption(verb, "--lr", rate, "Learning rate");
    numberOption(verb, "--momentum", momentum, "Of SGD");
    wordOption(verb, "--schedule", schedule, "Of the learning rate: cosine, step or constant",
               parseRateSchedule);
    numberOption(verb, "--step-epochs", stepEpochs, "Schedule step: epochs between steps");
    numberOption(verb, "--step-factor", stepFactor,
                 "Schedule step: what the rate is multiplied by");
    verb.add_flag("--float64", float64, "Train in float64")->group("Training");
}

void TrainFlags::addTo(CLI::App& verb)
{
    addAxesTo(verb);
    addNumbersTo(verb);
    describeBatch(verb);
}

Recipe TrainFlags::withAxes(Recipe out) const
{
    const auto apply = [](const std::string& text, auto& value, auto parse) {
        if (!text.empty())
            value = parse(text);
    };
    apply(sampling, out.sampling, parseSampling);
    apply(loss, out.loss, parseLoss);
    apply(norms, out.norms, parseNorms);
    apply(features, out.features, parseFeatureForm);
    apply(shape, out.smoothShape, parseSmoothingShape);
    apply(start, out.start, parseHeadStart);
    apply(schedule, out.schedule, parseRateSchedule);
    applyConstraints(out, constraints);
    applyAfterwards(out, afterwards, afterwardsBias);
    out.stepEpochs = stepEpochs ? wholeSteps(*stepEpochs) : out.stepEpochs;
    out.stepFactor = stepFactor.value_or(out.stepFactor);
    out.seed = seed;
    out.precision = float64 ? TrainPrecision::Float64 : out.precision;
    checkRecipe(out);
    return out;
}

Recipe TrainFlags::recipe(std::int64_t batch, const ClassifierHead* head) const
{
    Recipe original;
    if (!preset.empty())
        original = head ? presetRecipe(presetNamed(preset), *head) : presetNamed(preset).recipe;
    Recipe out = withAxes(original);
    const auto number = [&out](const char* name, const std::optional<double>& value) {
        if (!value)
            return;
        if (out.epochs > 0 && !hasEffect(out, name))
            throw Error(message("--{} has no effect on the recipe {}; leave it out, or choose the "
                                "loss that it is part of",
                                name, describe(out)));
        out = withHyperparameter(out, name, *value);
    };
    number("lr", rate);
    number("momentum", momentum);
    number("epochs", epochs);
    number("batch", batch > 0 ? std::optional(static_cast<double>(batch)) : std::nullopt);
    number("las-head", lasHead);
    number("las-tail", lasTail);
    number("beta", beta);
    number("loss-tau", lossTau);
    return refined(original, out);
}

void checkSeed(const std::string& text)
{
    const auto seed = parseInteger(text);
    if (!seed || *seed < 0)
        throw Error(message("{}: a whole number from 0 to {} is expected", printable(text),
                            std::numeric_limits<std::int64_t>::max()));
}

void checkSeeds(const std::string& text)
{
    const auto seeds = parseInteger(text);
    if (!seeds || *seeds < 1 || *seeds > 1000)
        throw Error(message("{}: a whole number from 1 to 1000 is expected", printable(text)));
}

} // namespace monotail::cli
