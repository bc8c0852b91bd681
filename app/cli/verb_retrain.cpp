// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include "base/text.h"
#include "checkpoint/provenance.h"
#include "cli/console.h"
#include "cli/train_flags.h"
#include "cli/training.h"
#include "platform/outputs.h"
#include "report/export.h"
#include "report/retrain_report.h"
#include "report/text.h"

namespace monotail::cli {

namespace {

struct Retrain
{
    std::string checkpoint;
    std::string data;
    std::vector<std::string> views;
    std::string validation;
    std::string test;
    std::string output;
    std::string format = "auto";
    std::string csv;
    std::string table = "text";
    std::string groups = "kang";
    int seeds = 1;
    TrainFlags training;
    CommonFlags common;
    HeadFlags head;
    ImageFlags images;
    CountFlags counts;
    ForceFlag force;
};

/// What came of it.
struct Trained
{
    std::vector<MeasuredRun> runs;
    std::optional<SweepLine> before; ///< the head as it is, on the test samples
    std::optional<ExportResult> written;
    Warnings warnings;

    const Run& first() const { return runs.front().run; }
};

TrainingSources sourcesOf(const Retrain& options)
{
    ImageFlags images = options.images;
    images.batch = 0;
    return {options.checkpoint,
            {"--data", options.data},
            options.views,
            {"--val", options.validation},
            {"--test", options.test},
            options.common,
            options.head,
            images,
            options.counts,
            parseShotRule(options.groups)};
}

std::vector<std::string> outputsOf(const Retrain& options)
{
    if (options.output.empty())
        return {options.csv};
    return {options.csv, options.output, provenancePath(options.output).string(),
            runRecordPath(options.output).string()};
}

void checkFiles(const Retrain& options, const TrainingSources& sources)
{
    std::vector<std::string> lists{options.data, options.validation, options.test,
                                   options.counts.counts};
    lists.insert(lists.end(), options.views.begin(), options.views.end());
    const std::vector<std::string> outputs = outputsOf(options);
    checkOutputs(withListedImages(inputsOf(sources), lists, options.images, outputs), outputs,
                 options.force.overwrite());
    for (const std::string& output : outputs) // what cannot be written is found before training
        if (!output.empty())
            AtomicFile probe(output, options.force.overwrite());
}

/// Whether what comes out can be written at all: told by the start, which has the same tensors.
void checkWritable(const Retrain& options, const Training& training, const HeadTrainer& trainer,
                   Recipe recipe)
{
    const ExportFormat format = parseExportFormat(options.format);
    if (options.output.empty() || format == ExportFormat::ScriptedHead)
        return;
    recipe.epochs = 0;
    RunProblem alone = training.run;
    alone.validation = nullptr;
    const Run start = trainRun(alone, recipe, trainer, *training.scorer);
    const Problem& problem = training.problem;
    const ExportFormat found = formatFor(*problem.checkpoint, problem.head,
                                         afterwards(start, problem.classes), start.head.get());
    if (format == ExportFormat::Patch && found != ExportFormat::Patch)
        throw Error(message("--format patch: a head trained with {} has other tensors than {}, so "
                            "it takes a new file; leave out --format",
                            shortName(recipe), printable(options.checkpoint, 400)));
}

/// The run without its curves, which lie in the record beside the output.
Json briefly(const Run& run)
{
    Json out = runJson(run);
    out.erase("epochs");
    return out;
}

ExportResult write(const Retrain& options, const Training& training, const Run& run,
                   const Warnings& warnings)
{
    const Problem& problem = training.problem;
    const ClassProfile profile = profileHead(*run.head, problem.classes, {});
    const Rescaling rescaling = afterwards(run, problem.classes);
    ExportRequest request{
        *problem.checkpoint, problem.head,        problem.classes, profile,
        rescaling,           training.run.groups, options.output,  options.force.overwrite()};
    request.data = training.test.get();
    request.scorer = training.scorer.get();
    request.warnings = warnings;
    request.format = parseExportFormat(options.format);
    request.trained = TrainedHead{run.head, shortName(run.recipe), briefly(run)};
    return exportCorrected(request, consoleProgress("writing"));
}

Json runRow(const MeasuredRun& measured)
{
    const Run& run = measured.run;
    const auto& loss = run.chosen().loss;
    Json out{{"run", run.number},
             {"seed", run.recipe.seed},
             {"chosen_epoch", run.chosenEpoch},
             {"loss", loss ? Json(*loss) : Json(nullptr)},
             {"seconds", run.seconds}};
    out["test"] = measured.accuracy.top1 ? metricsJson(measured.accuracy) : Json(nullptr);
    return out;
}

Json asJson(const Retrain& options, const Training& training, const Trained& trained)
{
    Json out = runJson(trained.first());
    out["checkpoint"] = options.checkpoint;
    out["head"] = headJson(training.problem.head.source);
    out["counts"] = training.problem.classes.countsSource;
    out["views"] = options.views;
    out["test"] = textOrNull(options.test);
    out["before"] = trained.before ? seedsJson(trained.before->summary) : Json(nullptr);
    out["runs"] = Json::array();
    for (const MeasuredRun& run : trained.runs)
        out["runs"].push_back(runRow(run));
    out["seeds"] = training.test ? seedsJson(summarise(trained.runs)) : Json(nullptr);
    out["output"] = textOrNull(options.output);
    out["export"] = trained.written ? exportJson(*trained.written) : Json(nullptr);
    out["warnings"] = Json(trained.warnings);
    return out;
}

std::string asText(const Retrain& options, const Training& training, const Trained& trained)
{
    const TableFormat kind = parseTableFormat(options.table);
    if (kind == TableFormat::Csv)
        return format(runCsv(entriesOf(trained.runs)), kind);
    const Table table =
        seedTable(trained.runs, trained.before ? &trained.before->summary : nullptr);
    if (kind != TableFormat::Text)
        return format(table, kind);
    std::string out = message("{}, head {}; counts from {}\n", printable(options.checkpoint, 400),
                              printable(training.problem.head.source.weight),
                              printable(training.problem.classes.countsSource, 400));
    out += describeRun(trained.first()) + "\n" + format(epochTable(trained.first()), kind) + "\n";
    out += format(table, kind);
    if (trained.written)
        out += message("\n{}: the head of seed {} as {}; read back and compared; the run is in "
                       "{}\n",
                       printable(trained.written->output.string(), 400),
                       trained.first().recipe.seed, nameOf(trained.written->format),
                       printable(runRecordPath(options.output).string(), 400));
    return out;
}

Trained train(const Retrain& options, const Training& training, const Recipe& recipe,
              const HeadTrainer& trainer)
{
    Trained out;
    if (training.test)
        out.before = measuredLine(training.run, Recipe().afterwards, *training.test,
                                  *training.scorer, consoleProgress("measuring"));
    out.runs = trainSeeds(training.run, recipe, options.seeds, training.test.get(), trainer,
                          *training.scorer, Keep::First,
                          trainingProgress(options.seeds, recipe.epochs, "seed"));
    std::vector<Warnings> warnings{training.warnings};
    for (const MeasuredRun& run : out.runs)
        warnings.push_back(run.run.warnings);
    out.warnings = together(warnings);
    return out;
}

void run(const Retrain& options)
{
    options.training.recipe(options.images.batch, nullptr); // refused before anything is read
    const TrainingSources sources = sourcesOf(options);
    checkFiles(options, sources);
    const Training training = loadTraining(sources);
    const Recipe recipe = options.training.recipe(options.images.batch, &training.problem.head);
    const auto trainer = makeTrainer(training, options.common);
    checkWritable(options, training, *trainer, recipe);
    Trained trained = train(options, training, recipe, *trainer);
    if (!options.common.json)
        printWarnings(trained.warnings);
    if (!options.output.empty()) {
        trained.written = write(options, training, trained.first(), trained.warnings);
        trained.warnings = together({trained.warnings, trained.written->writing});
        if (!options.common.json)
            printWarnings(trained.written->writing);
    }
    const Json json = asJson(options, training, trained);
    if (!options.output.empty())
        writeTextFile(runRecordPath(options.output), dump(json), options.force.overwrite());
    if (!options.csv.empty())
        writeTextFile(options.csv, format(runCsv(entriesOf(trained.runs)), TableFormat::Csv),
                      options.force.overwrite());
    print(options.common.json ? dump(json) : asText(options, training, trained));
}

void addSources(CLI::App& verb, Retrain& options)
{
    verb.add_option("CKPT", options.checkpoint, "The checkpoint")->required();
    verb.add_option("--data", options.data,
                    "Features and labels of the training split, or its images")
        ->required();
    verb.add_option("--view", options.views,
                    "Features of another view of the same images (cropped or flipped otherwise), "
                    "of which each epoch draws one per image; may be repeated")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    verb.add_option("--val", options.validation,
                    "Features and labels that the epoch is chosen on (default: the last epoch)");
    verb.add_option("--test", options.test,
                    "Features and labels to report on; they choose nothing");
}

void addOutputs(CLI::App& verb, Retrain& options)
{
    verb.add_option("-o,--output", options.output,
                    "Write the trained head here, with a record of the run beside it");
    verb.add_option("--format", options.format,
                    "As with export; auto: patch where it can be one, else a new file")
        ->check(accepted([](const std::string& text) { parseExportFormat(text); }))
        ->capture_default_str();
    verb.add_option("--table", options.table, "The runs as text, md, latex or csv")
        ->check(accepted([](const std::string& text) { parseTableFormat(text); }))
        ->capture_default_str();
    verb.add_option("--csv", options.csv, "Also write the runs to this CSV");
}

} // namespace

void addRetrain(CLI::App& app)
{
    const auto options = std::make_shared<Retrain>();
    CLI::App* verb = app.add_subcommand(
        "retrain", "Train the head anew on cached features (stage 2), SAMN among the recipes");
    addSources(*verb, *options);
    verb->add_option("--seed", options->training.seed, "Of the order of samples and a fresh start")
        ->check(accepted(checkSeed))
        ->capture_default_str();
    verb->add_option("--seeds", options->seeds,
                     "Train so often, with this seed and the next; the first is written")
        ->check(accepted(checkSeeds))
        ->capture_default_str();
    verb->add_option("--groups", options->groups, "Many/medium/few: kang, samn, or MANY,FEW")
        ->check(accepted([](const std::string& text) { parseShotRule(text); }))
        ->capture_default_str();
    addOutputs(*verb, *options);
    options->common.addTo(*verb);
    options->head.addTo(*verb);
    options->counts.addTo(*verb);
    options->force.addTo(*verb);
    options->images.addTo(*verb);
    options->training.addTo(*verb);
    verb->footer("Example:\n  monotail-cli retrain checkpoint.pth.tar --counts train.txt --data "
                 "train.safetensors\n      --val val.safetensors --test test.safetensors --preset "
                 "ce+samn -o retrained.pth.tar");
    verb->final_callback([options] { run(*options); });
}

} // namespace monotail::cli
