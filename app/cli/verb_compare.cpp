// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <memory>

#include "base/text.h"
#include "checkpoint/provenance.h"
#include "cli/console.h"
#include "cli/image_flags.h"
#include "cli/options.h"
#include "cli/problem.h"
#include "dataset/image_list.h"
#include "dataset/input_files.h"
#include "evaluate/evaluation.h"
#include "evaluate/head_comparison.h"
#include "platform/outputs.h"
#include "report/comparison_report.h"
#include "report/text.h"

namespace monotail::cli {

namespace {

struct Compare
{
    std::string checkpoint;
    std::string second; ///< empty: the same
    std::string data;
    std::string secondData; ///< empty: the same
    std::string secondHead;
    std::string csv;
    std::string table = "text";
    CommonFlags common;
    ImageFlags images;
    HeadFlags head;
    CountFlags counts;
    FitFlags fit;
    MethodFlags method;
    ForceFlag force;
};

/// A checkpoint's head under one rescaling, with its own features.
struct Side
{
    std::string checkpoint;
    HeadFlags head;
    std::string method;
    std::shared_ptr<const FeatureSet> features;
};

struct Measured
{
    Problem problem;
    Rescaling rescaling;
    Evaluation evaluation;

    const MethodResult& result() const { return evaluation.methods.front(); }
};

/// Two checkpoints are compared as they are unless a method is given (for both) or two (one each);
/// one checkpoint is compared with itself under one method or two.
std::pair<std::string, std::string> methodsOf(const Compare& options)
{
    const std::vector<std::string>& given = options.method.methods;
    if (given.size() > 2)
        throw Error(message("compare takes one or two methods, {} are given", given.size()));
    if (given.size() == 2)
        return {given[0], given[1]};
    const bool twoHeads = !options.second.empty() || !options.secondHead.empty();
    if (given.empty())
        return {"none", "none"};
    return {twoHeads ? given[0] : "none", given[0]};
}

std::pair<Side, Side> sidesOf(const Compare& options)
{
    const auto [first, second] = methodsOf(options);
    const auto open = [&](const std::string& checkpoint, const std::string& source) {
        return std::make_shared<const FeatureSet>(
            openData(source, {checkpoint,
                              options.head,
                              options.counts.counts,
                              {options.counts.classes, options.counts.classMap},
                              options.images,
                              options.common}));
    };
    const auto features = open(options.checkpoint, options.data);
    Side one{options.checkpoint, options.head, first, features};
    Side other{options.second.empty() ? options.checkpoint : options.second, options.head, second,
               features};
    // Of images, each checkpoint has features of its own.
    const bool isOwn = !options.second.empty() && isImageSource(options.data);
    if (!options.secondData.empty() || isOwn)
        other.features =
            open(other.checkpoint, options.secondData.empty() ? options.data : options.secondData);
    if (!options.secondHead.empty())
        other.head.head = options.secondHead;
    if (one.checkpoint == other.checkpoint && one.head.head == other.head.head &&
        one.method == other.method && one.features == other.features)
        throw Error("both sides are the same; give a second checkpoint, --head2, --data2, or a "
                    "--method or two");
    return {std::move(one), std::move(other)};
}

/// The first checkpoint's class counts do not fit a head of other classes; this says it better.
void checkClassesOf(const Side& side, const Compare& options, const Problem& first)
{
    const HeadCandidate head = chooseHead(*openCheckpoint(side.checkpoint), headQuery(side.head));
    checkSameClasses(options.checkpoint, first.head.classes(), side.checkpoint, head.classes);
}

Measured measured(const Side& side, const Compare& options, const Scorer& scorer)
{
    Measured out{loadProblem(side.checkpoint, side.head, options.counts, options.fit,
                             {side.features.get(), &scorer}),
                 {},
                 {}};
    MethodFlags flags = options.method;
    flags.methods = {side.method};
    out.rescaling = rescalings(out.problem, flags).front();
    checkFeatures(*side.features, out.problem.head.classes(), out.problem.head.features(),
                  side.checkpoint);
    out.evaluation = evaluateHead(*out.problem.checkpoint, out.problem.head, out.problem.classes,
                                  *side.features, parseShotRule(options.method.groups),
                                  {out.rescaling}, scorer, {}, consoleProgress("evaluating"));
    return out;
}

Measured measuredSecond(const Side& side, const Compare& options, const Measured& first,
                        const Scorer& scorer)
{
    try {
        return measured(side, options, scorer);
    } catch (const Error&) {
        checkClassesOf(side, options, first.problem);
        throw;
    }
}

std::string nameOf(const Side& side, const Measured& found)
{
    return message("{}, head {}, {}{}", side.checkpoint, found.problem.head.source.weight,
                   found.rescaling.method == "none" ? "as it is" : found.rescaling.method,
                   found.evaluation.samples > 0 ? "; data " + side.features->source : "");
}

/// Features of one backbone mean nothing to another's head.
Warnings backboneWarnings(const Compare& options, const Measured& first, const Measured& second,
                          const FeatureSet& features)
{
    const bool shared = options.secondData.empty() && !options.second.empty();
    if (!shared || !features.origin.backboneDigest.empty() || // else it was compared with this
        backboneDigest(*first.problem.checkpoint, first.problem.head.source) ==
            backboneDigest(*second.problem.checkpoint, second.problem.head.source))
        return {};
    return {message("{} and {} differ beside the head: {} can be features of one of them only; "
                    "give the other's with --data2",
                    options.checkpoint, options.second, options.data)};
}

Warnings warningsOf(const Compare& options, const Measured& first, const Measured& second,
                    const FeatureSet& features)
{
    std::vector<Warnings> all{backboneWarnings(options, first, second, features)};
    for (const Measured* side : {&first, &second})
        for (const Warnings& some : {side->problem.profile.warnings, // the head's among them
                                     side->problem.classes.warnings, side->evaluation.warnings})
            all.push_back(some);
    return together(all);
}

std::string asText(const Compare& options, const Measured& first, const HeadComparison& comparison)
{
    const TableFormat kind = parseTableFormat(options.table);
    const ClassSet& classes = first.problem.classes;
    if (kind == TableFormat::Csv)
        return format(comparedClassCsv(comparison, classes), kind);
    if (kind != TableFormat::Text)
        return format(comparisonTable(comparison), kind);
    return message("first:  {}\nsecond: {}\ncounts from {}\n{}\n\n",
                   printable(comparison.before.name, 1000), printable(comparison.after.name, 1000),
                   printable(classes.countsSource, 400), describeEvaluation(first.evaluation)) +
           format(comparisonTable(comparison), kind) + "\n" + describeComparison(comparison) +
           "\nPer class, largest change first\n" +
           format(abridged(comparedClassTable(comparison, classes), mostRows), kind) +
           "p: McNemar exact, corrected for many tests (Benjamini-Hochberg)\n";
}

Json asJson(const Compare& options, const Measured& first, const Measured& second,
            const HeadComparison& comparison, const Warnings& warnings)
{
    Json out = comparisonJson(comparison, first.problem.classes);
    const auto describeSide = [&](const char* which, const Measured& side,
                                  const std::string& data) {
        out[which]["checkpoint"] = side.problem.checkpoint->path.string();
        out[which]["head"] = headJson(side.problem.head.source);
        out[which]["method"] = side.rescaling.method;
        out[which]["data"] = data;
    };
    describeSide("before", first, options.data);
    describeSide("after", second, options.secondData.empty() ? options.data : options.secondData);
    out["counts"] = first.problem.classes.countsSource;
    out["device"] = first.evaluation.device;
    out["warnings"] = Json(warnings);
    return out;
}

void run(const Compare& options)
{
    std::vector<std::string> inputs =
        inputFiles(options.checkpoint, options.data, options.counts, options.fit, options.method);
    const auto more = filesBehind(options.second, {}, options.secondData);
    inputs.insert(inputs.end(), more.begin(), more.end());
    checkOutputs(withListedImages(inputs, {options.data, options.secondData, options.counts.counts},
                                  options.images, {options.csv}),
                 {options.csv}, options.force.overwrite());
    const auto [one, other] = sidesOf(options);
    checkSameSamples(*one.features, *other.features);
    Warnings warnings;
    const auto scorer = torchScorer(options.common, warnings);
    const Measured first = measured(one, options, *scorer);
    const Measured second = measuredSecond(other, options, first, *scorer);
    checkSameClasses(one.checkpoint, first.problem.head.classes(), other.checkpoint,
                     second.problem.head.classes());
    const HeadComparison comparison =
        compareHeads({nameOf(one, first), first.result().predictions, first.result().accuracy},
                     {nameOf(other, second), second.result().predictions, second.result().accuracy},
                     one.features->labels, first.evaluation.groups);
    const Warnings found = warningsOf(options, first, second, *one.features);
    warnings.insert(warnings.end(), found.begin(), found.end());
    if (!options.csv.empty())
        writeTextFile(options.csv,
                      format(comparedClassCsv(comparison, first.problem.classes), TableFormat::Csv),
                      options.force.overwrite());
    if (options.common.json)
        return print(dump(asJson(options, first, second, comparison, warnings)));
    printWarnings(warnings);
    print(asText(options, first, comparison));
}

} // namespace

void addCompare(CLI::App& app)
{
    const auto options = std::make_shared<Compare>();
    CLI::App* verb = app.add_subcommand(
        "compare", "Two checkpoints, or two rescalings, class by class on the same samples");
    verb->add_option("CKPT", options->checkpoint, "The first checkpoint")->required();
    verb->add_option("CKPT2", options->second,
                     "The second (default: the first, under another method)");
    verb->add_option("--data", options->data,
                     "Features and labels of the evaluation split, or its images")
        ->required();
    verb->add_option("--data2", options->secondData,
                     "The second model's own features of the same samples");
    verb->add_option("--head2", options->secondHead,
                     "The second's head, where it is not found as the first's is");
    verb->add_option("--table", options->table,
                     "text, or only the comparison as md or latex, or the classes as csv")
        ->check(accepted([](const std::string& text) { parseTableFormat(text); }))
        ->capture_default_str();
    verb->add_option("--csv", options->csv, "Also write the classes to this CSV");
    options->common.addTo(*verb);
    options->head.addTo(*verb);
    options->counts.addTo(*verb);
    options->fit.addTo(*verb);
    options->method.addTo(*verb, Methods::Several);
    options->force.addTo(*verb);
    options->images.addTo(*verb);
    verb->get_option("--method")
        ->allow_extra_args(false) // what follows one may be a checkpoint
        ->description("Two checkpoints: heads as they are; one method: for both; two: one each. "
                      "One checkpoint: as it is against one method, or two methods");
    verb->footer("Examples:\n  monotail-cli compare stage1.pth.tar crt.pth.tar --counts train.txt "
                 "--data test.safetensors\n  monotail-cli compare stage1.pth.tar --counts "
                 "train.txt --data test.safetensors\n      --method samn --method tau=0.7");
    verb->final_callback([options] { run(*options); });
}

} // namespace monotail::cli
