// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/text.h"
#include "cli/console.h"
#include "cli/sweep_flags.h"
#include "cli/training.h"
#include "platform/outputs.h"
#include "report/text.h"
#include "report/train_sweep_report.h"
#include "retrain/presets.h"

namespace monotail::cli {

namespace {

TrainingSources sourcesOf(const SweepFlags& options)
{
    ImageFlags images = options.images;
    images.batch = 0;
    return {options.checkpoint,
            {"--train", options.train},
            options.views,
            {"--val", options.validation},
            {"--data", options.data},
            options.common,
            options.head,
            images,
            options.counts,
            parseShotRule(options.groups)};
}

void checkFiles(const SweepFlags& options, const TrainingSources& sources)
{
    std::vector<std::string> lists{options.data, options.validation, options.train,
                                   options.counts.counts};
    lists.insert(lists.end(), options.views.begin(), options.views.end());
    checkOutputs(withListedImages(inputsOf(sources), lists, options.images, {options.csv}),
                 {options.csv}, options.force.overwrite());
}

/// The presets beside the sweep; SAMN where none is named.
std::vector<std::string> besideOf(const SweepFlags& options)
{
    std::vector<std::string> names = options.beside;
    if (names.empty())
        names.emplace_back("ce+samn");
    names.erase(std::remove(names.begin(), names.end(), "none"), names.end());
    return names;
}

/// The head as it is and its projection, where it has norms to project; then the presets, each
/// trained with the seeds of the sweep.
std::vector<SweepLine> linesOf(const SweepFlags& options, const Training& training,
                               const HeadTrainer& trainer)
{
    const RunProblem& problem = training.run;
    std::vector<SweepLine> out;
    for (const MethodKind kind : {MethodKind::None, MethodKind::Samn}) {
        if (kind == MethodKind::Samn && problem.head->source.kind == HeadKind::Cosine)
            continue;
        Method method;
        method.kind = kind;
        out.push_back(measuredLine(problem, method, *training.test, *training.scorer));
        out.back().name = kind == MethodKind::None ? "none (as it is)" : "samn projection";
    }
    for (const std::string& name : besideOf(options)) {
        Recipe recipe = presetRecipe(presetNamed(name), *problem.head);
        recipe.seed = options.training.seed;
        const auto runs = trainSeeds(problem, recipe, options.seeds, training.test.get(), trainer,
                                     *training.scorer, Keep::None,
                                     trainingProgress(options.seeds, recipe.epochs, "seed"));
        out.push_back({name, summarise(runs)});
    }
    return out;
}

std::string asText(const SweepFlags& options, const Training& training, const TrainSweep& sweep,
                   const std::string& device)
{
    const TableFormat kind = parseTableFormat(options.table);
    if (kind == TableFormat::Csv)
        return format(trainSweepCsv(sweep), kind);
    const std::string table = format(trainSweepTable(sweep), kind);
    if (kind != TableFormat::Text)
        return table;
    return message("{}, head {}; counts from {}; trained on {}; tested on {}\n{}, {} as below\n{} "
                   "sample{}; "
                   "groups \"{}\": {} ({}/{}/{} classes); {} seed{}; {}\n\n",
                   printable(options.checkpoint, 400),
                   printable(training.problem.head.source.weight),
                   printable(training.problem.classes.countsSource, 400),
                   printable(options.train, 400), printable(options.data, 400),
                   describe(sweep.recipe), sweep.range.parameter, toGroupedText(sweep.samples),
                   sweep.samples == 1 ? "" : "s", sweep.groups.rule.preset,
                   describe(sweep.groups.rule), sweep.groups.sizes[0], sweep.groups.sizes[1],
                   sweep.groups.sizes[2], sweep.seeds, sweep.seeds == 1 ? "" : "s", device) +
           table + "\n" + describeTrainSweep(sweep);
}

Json asJson(const SweepFlags& options, const Training& training, const TrainSweep& sweep,
            const HeadTrainer& trainer)
{
    Json out = trainSweepJson(sweep);
    out["checkpoint"] = options.checkpoint;
    out["head"] = headJson(training.problem.head.source);
    out["counts"] = training.problem.classes.countsSource;
    out["train"] = options.train;
    out["views"] = options.views;
    out["data"] = options.data;
    out["validation"] = textOrNull(options.validation);
    out["device"] = trainer.device();
    out["threads"] = trainer.threads();
    return out;
}

} // namespace

void SweepFlags::addTrainingTo(CLI::App& verb)
{
    const std::string group = "Training";
    verb.add_option("--over", over,
                    "Train at each value: NAME:FIRST:LAST:STEP or NAME:V1,V2,... of wd, maxnorm, "
                    "las-head, las-tail, beta, loss-tau, then-tau, then-logit-adjust, "
                    "then-maxnorm, lr, momentum, epochs or batch")
        ->group(group)
        ->check(accepted([](const std::string& text) { parseTrainSweep(text); }));
    verb.add_option("--train", train, "With --over: features and labels of the training split")
        ->group(group);
    verb.add_option("--view", views, "Another view of the same images; may be repeated")
        ->group(group)
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    verb.add_option("--seeds", seeds, "Train so often at each value, with --seed and the next")
        ->group(group)
        ->check(accepted(checkSeeds))
        ->capture_default_str();
    verb.add_option("--beside", beside,
                    "A preset to set beside the sweep, as published, or none; may be repeated "
                    "(default: ce+samn)")
        ->group(group)
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->check(accepted([](const std::string& text) {
            if (text != "none")
                presetNamed(text);
        }));
    training.addTo(verb);
}

void runTrainSweep(const SweepFlags& options)
{
    const TrainSweepRange range = parseTrainSweep(options.over);
    options.training.recipe(options.images.batch, nullptr); // refused before anything is read
    const TrainingSources sources = sourcesOf(options);
    checkFiles(options, sources);
    const Training training = loadTraining(sources);
    const Recipe recipe = options.training.recipe(options.images.batch, &training.problem.head);
    const auto trainer = makeTrainer(training, options.common);
    const bool sameEpochs = range.parameter != "epochs";
    TrainSweep sweep = sweepTraining(
        training.run, recipe, range, options.seeds, *training.test, *trainer, *training.scorer,
        trainingProgress(trainingsOf(range, options.seeds), sameEpochs ? recipe.epochs : 0, "run"));
    sweep.beside = linesOf(options, training, *trainer);
    sweep.warnings = together({training.warnings, sweep.warnings});
    if (!options.csv.empty())
        writeTextFile(options.csv, format(trainSweepCsv(sweep), TableFormat::Csv),
                      options.force.overwrite());
    if (options.common.json)
        return print(dump(asJson(options, training, sweep, *trainer)));
    printWarnings(sweep.warnings);
    print(asText(options, training, sweep, trainer->device()));
}

} // namespace monotail::cli
