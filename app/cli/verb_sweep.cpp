// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include "base/text.h"
#include "cli/console.h"
#include "cli/image_flags.h"
#include "cli/problem.h"
#include "cli/separate_samples.h"
#include "cli/sweep_flags.h"
#include "dataset/input_files.h"
#include "evaluate/evaluation.h"
#include "evaluate/sweep.h"
#include "platform/outputs.h"
#include "report/sweep_report.h"
#include "report/text.h"

namespace monotail::cli {

namespace {

std::vector<std::string> inputsOf(const SweepFlags& options)
{
    std::vector<std::string> files =
        inputFiles(options.checkpoint, options.data, options.counts, options.fit, {});
    const std::vector<std::string> more = filesBehind({}, {}, options.validation);
    files.insert(files.end(), more.begin(), more.end());
    return files;
}

/// A value must not be chosen on the samples it is reported on.
Separation separation()
{
    return {"--val", "--data",
            "a value must not be chosen and reported on the same samples; leave out --val to "
            "choose on one half and report on the other"};
}

ScoredSamples scored(const SweepFlags& options, const Problem& problem,
                     std::shared_ptr<const FeatureSet> features,
                     const std::shared_ptr<const Scorer>& scorer)
{
    checkFeatures(*features, problem.head.classes(), problem.head.features(), options.checkpoint);
    KeepOptions keep;
    keep.threads = options.common.threads;
    auto scores =
        std::make_shared<const KeptScores>(features, std::make_shared<ClassifierHead>(problem.head),
                                           scorer, consoleProgress("scoring"), keep);
    return {std::move(features), std::move(scores)};
}

std::string inputsText(const SweepFlags& options, const Problem& problem, const Sweep& sweep,
                       const std::string& device)
{
    return message("{}, head {}; counts from {}; data {}\n{} sample{}; groups \"{}\": {} "
                   "({}/{}/{} classes); scores on {}\n",
                   printable(options.checkpoint, 400), printable(problem.head.source.weight),
                   printable(problem.classes.countsSource, 400), printable(options.data, 400),
                   toGroupedText(sweep.samples), sweep.samples == 1 ? "" : "s",
                   sweep.groups.rule.preset, describe(sweep.groups.rule), sweep.groups.sizes[0],
                   sweep.groups.sizes[1], sweep.groups.sizes[2], device);
}

std::string asText(const SweepFlags& options, const Problem& problem, const Sweep& sweep,
                   const std::string& device)
{
    const TableFormat kind = parseTableFormat(options.table);
    if (kind == TableFormat::Csv)
        return format(sweepCsv(sweep), kind);
    if (kind != TableFormat::Text)
        return format(sweepTable(sweep), kind);
    return inputsText(options, problem, sweep, device) + "\n" + format(sweepTable(sweep), kind) +
           "\n" + describeSweep(sweep);
}

Json asJson(const SweepFlags& options, const Problem& problem, const Sweep& sweep,
            const std::string& device, const Warnings& warnings)
{
    Json out = sweepJson(sweep);
    out["checkpoint"] = options.checkpoint;
    out["head"] = headJson(problem.head.source);
    out["counts"] = problem.classes.countsSource;
    out["data"] = options.data;
    out["validation"] = textOrNull(options.validation);
    out["device"] = device;
    out["warnings"] = Json(warnings);
    return out;
}

SweepQuery queryOf(const SweepFlags& options)
{
    SweepQuery query;
    query.range = parseSweep(options.method);
    query.bias = options.bias == "drop" ? BiasRule::Drop : BiasRule::Keep;
    query.groups = parseShotRule(options.groups);
    query.seed = options.training.seed;
    return query;
}

void run(const SweepFlags& options)
{
    checkOutputs(withListedImages(inputsOf(options),
                                  {options.data, options.validation, options.counts.counts},
                                  options.images, {options.csv}),
                 {options.csv}, options.force.overwrite());
    checkSeparate(separation(), options.validation, options.data);
    const DataContext context{
        options.checkpoint,    options.head,
        options.counts.counts, {options.counts.classes, options.counts.classMap},
        options.images,        options.common};
    const auto features = std::make_shared<const FeatureSet>(openData(options.data, context));
    std::shared_ptr<const FeatureSet> validation;
    if (!options.validation.empty()) {
        validation = std::make_shared<const FeatureSet>(openData(options.validation, context));
        checkSeparate(separation(), *validation, *features);
    }
    Warnings warnings;
    const std::shared_ptr<const Scorer> scorer = torchScorer(options.common, warnings);
    const Problem problem = loadProblem(options.checkpoint, options.head, options.counts,
                                        options.fit, {features.get(), scorer.get()});
    const auto warn = [&](const Warnings& more) { warnings = together({warnings, more}); };
    const auto read = [&](const ScoredSamples& samples, SampleUse use) {
        return readingWarnings(*problem.checkpoint, problem.head, problem.classes,
                               *samples.features, *samples.scores, use);
    };
    warn(problem.profile.warnings); // the head's among them
    warn(problem.classes.warnings);
    const ScoredSamples data = scored(options, problem, features, scorer);
    warn(read(data, SampleUse::Reported));
    std::optional<ScoredSamples> chosenOn;
    if (validation) {
        chosenOn = scored(options, problem, validation, scorer);
        warn(read(*chosenOn, SampleUse::Choosing));
    }
    const Sweep sweep = sweepMethod(problem.head, problem.classes, problem.profile,
                                    queryOf(options), data, chosenOn, consoleProgress("sweeping"));
    warn(sweep.warnings);
    if (!options.csv.empty())
        writeTextFile(options.csv, format(sweepCsv(sweep), TableFormat::Csv),
                      options.force.overwrite());
    if (options.common.json)
        return print(dump(asJson(options, problem, sweep, scorer->device(), warnings)));
    printWarnings(warnings);
    print(asText(options, problem, sweep, scorer->device()));
}

/// Either --method or --over with what to train on; the other one's flags have no meaning then.
void checkKind(const CLI::App& verb)
{
    const auto given = [&](const char* name) { return verb.get_option(name)->count() > 0; };
    if (!given("--method") && !given("--over"))
        throw CLI::RequiredError("--method is required, or --over with --train",
                                 CLI::ExitCodes::RequiredError);
    if (given("--method") && given("--over"))
        throw CLI::ExcludesError("--method", "--over");
    if (given("--over") && !given("--train"))
        throw CLI::RequiresError("--over", "--train");
    if (given("--over"))
        for (const char* name : {"--bias", "--direction", "--ties", "--pava-weights", "--order"})
            if (given(name))
                throw CLI::ExcludesError(name, "--over");
    if (given("--over"))
        return;
    for (const CLI::Option* option : verb.get_options())
        if (option->get_group() == "Training" && option->count() > 0 &&
            option->get_name() != "--batch")
            throw CLI::RequiresError(option->get_name(), "--over");
}

void addOwnOptions(CLI::App& verb, SweepFlags& options)
{
    verb.add_option("CKPT", options.checkpoint, "The checkpoint")->required();
    verb.add_option("--data", options.data,
                    "Features and labels of the evaluation split, or its images")
        ->required();
    verb.add_option("--val", options.validation,
                    "Features and labels to choose the value on (default: one half of --data, "
                    "reported on the other, and back)");
    verb.add_option("--method", options.method,
                    "tau:FIRST:LAST:STEP, maxnorm:FIRST:LAST:STEP or logit-adjust:FIRST:LAST:STEP")
        ->check(accepted([](const std::string& text) { parseSweep(text); }));
    verb.add_option("--bias", options.bias, "Keep the bias or drop it")
        ->check(CLI::IsMember({"keep", "drop"}))
        ->capture_default_str();
    verb.add_option("--groups", options.groups, "Many/medium/few: kang, samn, or MANY,FEW")
        ->check(accepted([](const std::string& text) { parseShotRule(text); }))
        ->capture_default_str();
    verb.add_option("--seed", options.training.seed, "Of the halves, and of training")
        ->check(accepted(checkSeed))
        ->capture_default_str();
    verb.add_option("--table", options.table, "The curve as text, md, latex or csv")
        ->check(accepted([](const std::string& text) { parseTableFormat(text); }))
        ->capture_default_str();
    verb.add_option("--csv", options.csv, "Also write the curve to this CSV");
}

} // namespace

void addSweep(CLI::App& app)
{
    const auto options = std::make_shared<SweepFlags>();
    CLI::App* verb = app.add_subcommand(
        "sweep", "A parameter of a rescaling, or of training, from end to end, against what has "
                 "none");
    addOwnOptions(*verb, *options);
    options->common.addTo(*verb);
    options->head.addTo(*verb);
    options->counts.addTo(*verb);
    options->fit.addTo(*verb);
    options->force.addTo(*verb);
    options->images.addTo(*verb);
    options->addTrainingTo(*verb);
    verb->footer(
        "Example:\n  monotail-cli sweep checkpoint.pth.tar --counts train.txt --data "
        "test.safetensors\n      --val val.safetensors --method tau:0:2:0.1\n  monotail-cli sweep "
        "checkpoint.pth.tar --counts train.txt --data test.safetensors\n      --train "
        "train.safetensors --preset wd --over wd:0.0001,0.001,0.01,0.1");
    verb->final_callback([options, verb] {
        checkKind(*verb);
        if (options->over.empty())
            run(*options);
        else
            runTrainSweep(*options);
    });
}

} // namespace monotail::cli
