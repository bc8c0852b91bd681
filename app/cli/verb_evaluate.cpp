// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <memory>
#include <optional>

#include "base/text.h"
#include "cli/console.h"
#include "cli/image_flags.h"
#include "cli/options.h"
#include "cli/problem.h"
#include "platform/atomic_file.h"
#include "platform/outputs.h"
#include "report/json.h"
#include "report/prediction_files.h"
#include "report/text.h"

namespace monotail::cli {

namespace {

/// Up to so many scores (samples times classes) the headroom takes a second or two, and is measured
/// unless the user says otherwise.
constexpr std::int64_t quickScores = 4'000'000;

struct Evaluate
{
    std::string checkpoint;
    std::string data;
    std::string table = "text";
    std::string predictions;
    std::string confusion;
    std::string prior;
    std::optional<bool> headroom; ///< as the user said
    CommonFlags common;
    HeadFlags head;
    ImageFlags images;
    CountFlags counts;
    FitFlags fit;
    MethodFlags method;
    ForceFlag force;
};

Rate underPrior(const AccuracyReport& report, const Problem& problem, const std::string& prior)
{
    const std::vector<std::int64_t>& counts = problem.classes.counts;
    if (const auto strength = parseDouble(prior))
        return accuracyUnderPrior(report, counts, *strength);
    return accuracyUnderPrior(report, counts,
                              prior == "head"   ? TestPrior::Head
                              : prior == "tail" ? TestPrior::Tail
                                                : TestPrior::Uniform);
}

std::string priorName(const std::string& prior)
{
    if (parseDouble(prior))
        return message("test prior count^{}", prior);
    return message("{} test prior{}", prior,
                   prior == "tail"   ? " (training counts reversed by rank)"
                   : prior == "head" ? " (training counts)"
                                     : "");
}

/// The words and the numbers differ where a class has no training images.
Warnings priorWarnings(const std::string& prior, const std::vector<std::int64_t>& counts)
{
    const auto none = std::count(counts.begin(), counts.end(), 0);
    if (none == 0 || parseDouble(prior).value_or(0) == 0)
        return {};
    return {message("--prior {}: {} without training images {} as half an image; the words head "
                    "and tail take the counts as they are",
                    prior, none == 1 ? "1 class" : message("{} classes", none),
                    none == 1 ? "weighs" : "weigh")};
}

void checkPrior(const std::string& text)
{
    const auto strength = parseDouble(text);
    const bool named = text == "head" || text == "uniform" || text == "tail";
    if (!named && !(strength && *strength >= -1 && *strength <= 1))
        throw Error(message("{}: expected head, uniform, tail or a number between -1 and 1",
                            printable(text)));
}

std::string priorText(const Evaluate& options, const Problem& problem, const Evaluation& evaluation)
{
    if (options.prior.empty())
        return {};
    std::string out = message("\naccuracy under the {}: none {}", priorName(options.prior),
                              rateText(underPrior(evaluation.before, problem, options.prior)));
    for (const MethodResult& result : evaluation.methods)
        out += message(", {} {}", result.rescaling.method,
                       rateText(underPrior(result.accuracy, problem, options.prior)));
    return out + "\n";
}

std::string mcnemarText(const MethodResult& result)
{
    const Comparison& comparison = result.comparison;
    return message("{}: {} sample{} gained, {} lost (McNemar exact p {})\n",
                   result.rescaling.method, toGroupedText(comparison.gained),
                   comparison.gained == 1 ? "" : "s", toGroupedText(comparison.lost),
                   comparison.p < 0.001 ? "< 0.001" : "= " + toText(comparison.p, 3));
}

std::string inputsText(const Evaluate& options, const Problem& problem)
{
    return message("{}, head {}; counts from {}; data {}\n", printable(options.checkpoint, 400),
                   printable(problem.head.source.weight),
                   printable(problem.classes.countsSource, 400), printable(options.data, 400));
}

std::string headroomNote(const Evaluation& evaluation)
{
    return evaluation.headroom
               ? "headroom: fitted to one half of the samples (seed 0) and scored on the other, "
                 "and "
                 "back; it estimates what there is to gain and is no method to use\n"
               : "";
}

/// How the images became features, where that is known.
std::string preparedText(const FeatureSet& features)
{
    const FeatureOrigin& origin = features.origin;
    if (origin.preprocessing.empty())
        return {};
    return message("features: {}{}{}\n", printable(origin.preprocessing, 400),
                   origin.precision.empty() ? "" : "; " + printable(origin.precision),
                   origin.backbone.empty() ? "" : "; network: " + printable(origin.backbone, 400));
}

std::string asText(const Evaluate& options, const Problem& problem, const FeatureSet& features,
                   const Evaluation& evaluation)
{
    const TableFormat kind = parseTableFormat(options.table);
    if (kind != TableFormat::Text)
        return format(kind == TableFormat::Csv ? methodCsv(evaluation) : methodTable(evaluation),
                      kind);
    const MethodResult& result = shownMethod(evaluation);
    const Table rows = classTable(problem.classes, problem.profile, evaluation, result);
    std::string out = inputsText(options, problem) + describeEvaluation(evaluation) + "\n" +
                      preparedText(features) + describeReading(problem.classes, evaluation) + "\n" +
                      format(methodTable(evaluation), kind) + headroomNote(evaluation) + "\n" +
                      mcnemarText(result) +
                      message("\nPer class, before and after {}, in order of {}\n",
                              printable(result.rescaling.method, 400),
                              printable(problem.profile.options.metricName, 400));
    out += format(abridged(rows, mostRows), kind) + classTableNote;
    out += "\n" + format(groupConfusionTable(evaluation, result), kind);
    out += "\n" + format(detailTable(problem.classes, evaluation, result), kind);
    return out + priorText(options, problem, evaluation);
}

Json asJson(const Evaluate& options, const Problem& problem, const FeatureSet& features,
            const Evaluation& evaluation)
{
    Json out =
        evaluateJson(*problem.checkpoint, problem.head, problem.classes, features, evaluation);
    if (options.prior.empty())
        return out;
    const auto under = [&](const AccuracyReport& report) {
        const Rate rate = underPrior(report, problem, options.prior);
        return rate ? Json(*rate) : Json(nullptr);
    };
    out["prior"] = {{"name", options.prior}, {"before", under(evaluation.before)}};
    out["prior"]["after"] = under(shownMethod(evaluation).accuracy);
    return out;
}

/// Why the headroom is not there, if it is not. What nobody asked for must not end the evaluation.
Warnings addHeadroom(const Evaluate& options, const Problem& problem, const FeatureSet& features,
                     const Scorer& scorer, Evaluation& evaluation)
{
    const bool quick = features.samples() * problem.head.classes() <= quickScores;
    if (!options.headroom.value_or(quick))
        return {};
    if (features.samples() < fewestHeadroomSamples)
        return {message("headroom n/a: it takes {} samples or more, {} holds {}",
                        fewestHeadroomSamples, options.data, features.samples())};
    try {
        evaluation.headroom = measureHeadroom(
            features, problem.head, headroomStarts(problem.head, problem.classes, problem.profile),
            evaluation.groups, scorer, {}, consoleProgress("finding the headroom"));
    } catch (const Error& error) {
        if (options.headroom)
            throw Error(message("{}; leave it out with --no-headroom", error.what()));
        return {message("headroom n/a: {}", error.what())};
    }
    return {};
}

void run(const Evaluate& options)
{
    const std::vector<std::string> outputs{options.predictions, options.confusion};
    checkOutputs(withListedImages(inputFiles(options.checkpoint, options.data, options.counts,
                                             options.fit, options.method),
                                  {options.data, options.counts.counts}, options.images, outputs),
                 outputs, options.force.overwrite());
    const FeatureSet features =
        openData(options.data, {options.checkpoint,
                                options.head,
                                options.counts.counts,
                                {options.counts.classes, options.counts.classMap},
                                options.images,
                                options.common});
    Warnings warnings;
    const auto scorer = torchScorer(options.common, warnings);
    const Problem problem = loadProblem(options.checkpoint, options.head, options.counts,
                                        options.fit, {&features, scorer.get()});
    const ShotRule rule = parseShotRule(options.method.groups);
    const std::vector<Rescaling> methods = rescalings(problem, options.method);
    checkFeatures(features, problem.head.classes(), problem.head.features(), options.checkpoint);
    Evaluation evaluation =
        evaluateHead(*problem.checkpoint, problem.head, problem.classes, features, rule, methods,
                     *scorer, {}, consoleProgress("evaluating"));
    const Warnings missing = addHeadroom(options, problem, features, *scorer, evaluation);
    evaluation.warnings = together({warnings, problem.profile.warnings, evaluation.warnings,
                                    missing, priorWarnings(options.prior, problem.classes.counts)});
    if (!options.predictions.empty())
        writeTextFile(options.predictions, predictionsCsv(features, evaluation),
                      options.force.overwrite());
    if (!options.confusion.empty())
        writeTextFile(options.confusion, confusionCsv(features, problem.classes, evaluation),
                      options.force.overwrite());
    const Json json = asJson(options, problem, features, evaluation);
    if (options.common.json)
        return print(dump(json));
    printWarnings(json["warnings"].get<Warnings>());
    print(asText(options, problem, features, evaluation));
}

} // namespace

void addEvaluate(CLI::App& app)
{
    const auto options = std::make_shared<Evaluate>();
    CLI::App* verb =
        app.add_subcommand("evaluate", "Accuracy per class and group, before and after rescaling");
    verb->add_option("CKPT", options->checkpoint, "The checkpoint")->required();
    verb->add_option(
            "--data", options->data,
            "Features and labels of the evaluation split (.safetensors, .npz, .pt, .pkl, or "
            "features.npy,labels.npy; several joined by commas), or its images: an image folder, "
            "a label list, CIFAR-10/100 or IDX images")
        ->required();
    verb->add_option("--table", options->table, "The method table as text, md, latex or csv")
        ->check(accepted([](const std::string& text) { parseTableFormat(text); }))
        ->capture_default_str();
    verb->add_option("--predictions", options->predictions, "Write every prediction to this CSV");
    verb->add_option("--confusion", options->confusion,
                     "Write the confusion counts before and after to this CSV");
    verb->add_option(
            "--prior", options->prior,
            "Also weigh classes by a test prior: head (the training counts), uniform, tail "
            "(the counts reversed by rank), or a number x from -1 to 1 (count^x, a class "
            "without training images as half an image)")
        ->check(accepted(checkPrior));
    CLI::Option* headroom = verb->add_flag_callback(
        "--headroom", [options] { options->headroom = true; },
        "Measure what the best per-class scales and biases could do (done anyway for up to "
        "4,000,000 scores)");
    verb->add_flag_callback(
            "--no-headroom", [options] { options->headroom = false; }, "Do not measure it")
        ->excludes(headroom);
    options->common.addTo(*verb);
    options->head.addTo(*verb);
    options->counts.addTo(*verb);
    options->fit.addTo(*verb);
    options->method.addTo(*verb, Methods::Several);
    options->force.addTo(*verb);
    options->images.addTo(*verb);
    verb->footer("Example:\n  monotail-cli evaluate checkpoint.pth.tar --counts train.txt "
                 "--data val.safetensors\n      --method samn --method tau=0.7 --table md");
    verb->final_callback([options] { run(*options); });
}

} // namespace monotail::cli
