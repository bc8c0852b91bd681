// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include "base/text.h"
#include "checkpoint/provenance.h"
#include "cli/console.h"
#include "cli/image_flags.h"
#include "cli/options.h"
#include "cli/problem.h"
#include "platform/outputs.h"
#include "report/export.h"
#include "report/text.h"

namespace monotail::cli {

namespace {

struct Export
{
    std::string checkpoint;
    std::string output;
    std::string data;
    CommonFlags common;
    HeadFlags head;
    ImageFlags images;
    CountFlags counts;
    FitFlags fit;
    MethodFlags method;
    std::string format = "auto";
    ForceFlag force;
};

std::string writtenText(const ExportResult& result)
{
    const std::string output = printable(result.output.string(), 400);
    const std::string bytes = toGroupedText(static_cast<std::int64_t>(result.bytes));
    if (result.format == ExportFormat::Patch)
        return message("{}: {} bytes of the head rewritten (with their checksums, where these were "
                       "right), every other byte as in the source; read back and compared\n",
                       output, bytes);
    if (result.format == ExportFormat::ScriptedHead)
        return message("{}: a TorchScript module of {} bytes with the head alone; read back and "
                       "compared\n",
                       output, bytes);
    return message("{}: a new file of {} bytes with the model's tensors ({}); read back and "
                   "compared\n",
                   output, bytes, nameOf(result.format));
}

std::string asText(const ExportResult& result)
{
    std::string out = writtenText(result) + message("largest rounding error {}\nprovenance in {}\n",
                                                    toText(result.maxRounding),
                                                    printable(result.provenance.string(), 400));
    if (result.announced)
        out +=
            message("accuracy of the head as written: top-1 {}, class-mean {} (many {}, medium "
                    "{}, few {})\n",
                    rateText(result.announced->top1, 2), rateText(result.announced->classMean, 2),
                    rateText(result.announced->groups[0]), rateText(result.announced->groups[1]),
                    rateText(result.announced->groups[2]));
    return out;
}

/// What the rescaling does to the data at hand, before anything is written.
Warnings foresee(const Export& options, const Problem& problem, const Rescaling& rescaling,
                 const FeatureSet& features, const Scorer& scorer)
{
    return allWarnings(evaluateHead(*problem.checkpoint, problem.head, problem.classes, features,
                                    parseShotRule(options.method.groups), {rescaling}, scorer, {},
                                    consoleProgress("evaluating")));
}

void run(const Export& options)
{
    const std::vector<std::string> outputs{options.output, provenancePath(options.output).string()};
    checkOutputs(withListedImages(inputFiles(options.checkpoint, options.data, options.counts,
                                             options.fit, options.method),
                                  {options.data, options.counts.counts}, options.images, outputs),
                 outputs, options.force.overwrite());
    // The Eigen scorer: exporting does not wait for LibTorch.
    const auto scorer = makeEigenScorer();
    FeatureSet features;
    Evidence evidence;
    if (!options.data.empty()) {
        features = openData(options.data, {options.checkpoint,
                                           options.head,
                                           options.counts.counts,
                                           {options.counts.classes, options.counts.classMap},
                                           options.images,
                                           options.common});
        evidence = {&features, scorer.get()};
    }
    const Problem problem =
        loadProblem(options.checkpoint, options.head, options.counts, options.fit, evidence);
    const Rescaling rescaling = rescalings(problem, options.method).front();
    ExportRequest request{*problem.checkpoint, problem.head,
                          problem.classes,     problem.profile,
                          rescaling,           parseShotRule(options.method.groups),
                          options.output,      options.force.overwrite()};
    Warnings warnings = problem.profile.warnings;
    if (options.data.empty()) // with data they come with what is foreseen
        warnings.insert(warnings.end(), rescaling.warnings.begin(), rescaling.warnings.end());
    if (!options.data.empty()) {
        request.data = &features;
        request.scorer = scorer.get();
        for (const std::string& warning : foresee(options, problem, rescaling, features, *scorer))
            warnings.push_back(warning);
    }
    if (!options.common.json)
        printWarnings(warnings);
    request.warnings = warnings;
    request.format = parseExportFormat(options.format);
    const ExportResult result = exportCorrected(request, consoleProgress("writing"));
    if (options.common.json)
        return print(dump(exportJson(result)));
    printWarnings(result.writing);
    print(asText(result));
}

} // namespace

void addExport(CLI::App& app)
{
    const auto options = std::make_shared<Export>();
    CLI::App* verb =
        app.add_subcommand("export", "Write a corrected checkpoint: a patched copy, or a new file");
    verb->add_option("CKPT", options->checkpoint, "The checkpoint")->required();
    verb->add_option("-o,--output", options->output, "The corrected checkpoint")->required();
    verb->add_option("--data", options->data,
                     "Features and labels, to announce the accuracy of what was written");
    options->common.addTo(*verb);
    options->head.addTo(*verb);
    options->counts.addTo(*verb);
    options->fit.addTo(*verb);
    options->method.addTo(*verb, Methods::One);
    verb->add_option("--format", options->format,
                     "patch: a copy with only the head's numbers changed; state-dict, safetensors: "
                     "a new file with the model's tensors; scripted-head: the head alone as a "
                     "TorchScript module; auto: patch where it can be one")
        ->check(CLI::IsMember({"auto", "patch", "state-dict", "safetensors", "scripted-head"}))
        ->capture_default_str();
    options->force.addTo(*verb);
    options->images.addTo(*verb);
    verb->footer("Example:\n  monotail-cli export checkpoint.pth.tar --counts train.txt "
                 "-o corrected.pth.tar --data val.safetensors");
    verb->final_callback([options] { run(*options); });
}

} // namespace monotail::cli
