// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <memory>

#include "base/text.h"
#include "cli/console.h"
#include "cli/options.h"
#include "dataset/input_files.h"
#include "dataset/longtail.h"
#include "platform/atomic_file.h"
#include "platform/outputs.h"
#include "report/json.h"

namespace monotail::cli {

namespace {

struct LongtailFlags
{
    std::string source;
    std::string root;
    std::string profile = "exp";
    double imbalance = 100;
    std::int64_t largest = 0;
    std::optional<std::uint64_t> seed;
    std::string classes;
    std::string classMap;
    std::string output;
    bool json = false;
    ForceFlag force;
};

Json asJson(const LongtailFlags& options, const ImageList& images, const Longtail& cut)
{
    return {{"schema", 1},
            {"output", options.output},
            {"source", images.source},
            {"profile", options.profile},
            {"imbalance", options.imbalance},
            {"seed", options.seed ? Json(*options.seed) : Json()},
            {"images", cut.kept.size()},
            {"counts", cut.counts},
            {"warnings", cut.warnings}};
}

std::string asText(const LongtailFlags& options, const ImageList& images, const Longtail& cut)
{
    std::int64_t largest = 0;
    std::int64_t smallest = images.size();
    std::int64_t classes = 0;
    for (std::size_t c = 0; c < cut.counts.size(); ++c) {
        if (cut.counts[c] == 0)
            continue;
        ++classes;
        largest = std::max(largest, cut.counts[c]);
        smallest = std::min(smallest, cut.counts[c]);
    }
    return message(
        "{}: {} of {} images, {} classes with {} to {} each ({}, {})\n",
        printable(options.output, 400), toGroupedText(static_cast<std::int64_t>(cut.kept.size())),
        toGroupedText(images.size()), classes, toGroupedText(largest), toGroupedText(smallest),
        options.profile == "exp" ? "exponential profile" : "Pareto profile of power 6",
        options.seed ? message("ranks and images drawn with seed {}", *options.seed)
                     : std::string("ranks are class indices, the first images of each"));
}

void run(const LongtailFlags& options)
{
    std::vector<std::string> inputs = filesBehind({}, {}, options.source);
    inputs.insert(inputs.end(), {options.classes, options.classMap});
    for (const std::string& image : listedImages({options.source}, options.root, {options.output}))
        inputs.push_back(image);
    checkOutputs(inputs, {options.output}, options.force.overwrite());
    ImageQuery query;
    query.source = options.source;
    if (!options.root.empty())
        query.root = options.root;
    query.naming = {options.classes, options.classMap};
    std::optional<ClassSet> folders;
    // The list is made from this split, so its folders are the classes.
    if (options.classes.empty() && options.classMap.empty() && isImageFolder(options.source)) {
        folders = readClassSet(options.source, std::nullopt, query.naming);
        query.classSet = &*folders;
    }
    const ImageList images = readImageList(query);
    Longtail cut = cutLongtail(images, {parseTailProfile(options.profile), options.imbalance,
                                        options.largest, options.seed});
    writeTextFile(
        options.output,
        labelListOf(images, cut.kept, std::filesystem::path(options.output).parent_path()),
        options.force.overwrite());
    cut.warnings.insert(cut.warnings.begin(), images.warnings.begin(), images.warnings.end());
    if (options.json)
        return print(dump(asJson(options, images, cut)));
    printWarnings(cut.warnings);
    print(asText(options, images, cut));
}

} // namespace

void addLongtail(CLI::App& app)
{
    const auto options = std::make_shared<LongtailFlags>();
    CLI::App* verb =
        app.add_subcommand("longtail", "Cut a data set to a long tail, as a label list");
    verb->add_option("SRC", options->source,
                     "An image folder, a label list, CIFAR-10/100 or IDX images")
        ->required();
    verb->add_option("--root", options->root, "The folder that the paths of a label list begin in");
    verb->add_option("--profile", options->profile,
                     "exp: N * (1/f)^(rank/(C-1)), as CIFAR-LT; pareto: a tail of power 6, as "
                     "ImageNet-LT")
        ->check(CLI::IsMember({"exp", "pareto"}))
        ->capture_default_str();
    verb->add_option("--imbalance", options->imbalance, "f: largest class / smallest class")
        ->check(CLI::Range(1.0, 1e9))
        ->capture_default_str();
    verb->add_option("--max", options->largest,
                     "N: images of the most frequent class (default: the largest class's)")
        ->check(CLI::Range(1, 1'000'000'000));
    verb->add_option("--seed", options->seed,
                     "Draw the ranks of the classes and the images; without it ranks are class "
                     "indices and each class keeps its first images");
    verb->add_option("--classes", options->classes, "Class names, one per line in class order");
    verb->add_option("--class-map", options->classMap,
                     "Lines \"name index\" that tie folder names to indices");
    verb->add_option("-o,--output", options->output, "The label list to write")->required();
    verb->add_flag("--json", options->json, "Print one JSON object instead of text");
    options->force.addTo(*verb);
    verb->footer(
        "Example:\n  monotail-cli longtail data_batch_1.bin --imbalance 100 -o train-lt.txt");
    verb->final_callback([options] { run(*options); });
}

} // namespace monotail::cli
