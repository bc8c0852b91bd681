// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include "base/text.h"
#include "cli/console.h"
#include "cli/image_flags.h"
#include "cli/options.h"
#include "cli/problem.h"
#include "dataset/input_files.h"
#include "extract/open_images.h"
#include "platform/mapped_file.h"
#include "platform/outputs.h"
#include "report/json.h"

namespace monotail::cli {

namespace {

struct Extract
{
    std::string checkpoint;
    std::string images;
    std::string output;
    std::string shard;
    std::string counts;
    std::string classes;
    std::string classMap;
    CommonFlags common;
    HeadFlags head;
    ImageFlags flags;
    ForceFlag force;
};

void copyFile(const std::filesystem::path& from, const std::filesystem::path& to,
              Overwrite overwrite)
{
    const auto source = MappedFile::open(from);
    AtomicFile target(to, overwrite);
    target.append(source->bytes());
    target.commit();
}

Json asJson(const Extract& options, const ExtractionReport& report)
{
    return {{"schema", 1},
            {"features", options.output},
            {"samples", report.samples},
            {"width", report.width},
            {"unreadable", report.unreadable},
            {"images_per_second", report.computed > 0 ? Json(report.imagesPerSecond) : Json()},
            {"computed", report.computed},
            {"batch", report.batch},
            {"device", report.device},
            {"precision", options.flags.precision},
            {"backbone", report.backbone},
            {"preprocessing", report.preprocessing},
            {"warnings", report.warnings}};
}

std::string asText(const Extract& options, const ExtractionReport& report)
{
    std::string out = message("{}: {} samples, {} features each\n", printable(options.output, 400),
                              toGroupedText(report.samples), report.width);
    out += message("backbone       {}\n", report.backbone);
    out += message("preprocessing  {}\n", report.preprocessing);
    out += message("device         {}, {}\n", report.device, options.flags.precision);
    out += report.computed > 0
               ? message("speed          {} images/s ({} images, up to {} at once)\n",
                         toText(report.imagesPerSecond, 0), toGroupedText(report.computed),
                         report.batch)
               : std::string("speed          nothing to do: the same features were in the cache\n");
    for (const std::string& reason : report.unreadable)
        out += message("unreadable     {}\n", printable(reason, 1000));
    return out;
}

void run(const Extract& options)
{
    std::vector<std::string> inputs =
        filesBehind(options.checkpoint, options.counts, options.images);
    inputs.push_back(options.classes);
    inputs.push_back(options.classMap);
    for (const std::string& image :
         listedImages({options.images, options.counts}, options.flags.root, {options.output}))
        inputs.push_back(image);
    if (std::filesystem::path(options.output).extension() != ".safetensors")
        throw Error(message("{}: features are written as .safetensors; name the file so",
                            printable(options.output, 400)));
    checkOutputs(inputs, {options.output}, options.force.overwrite());
    const auto checkpoint = openCheckpoint(options.checkpoint);
    const auto engine = loadTorchEngine();
    engine->setThreads(options.common.threads);
    const ClassNaming naming{options.classes, options.classMap};
    std::optional<ClassSet> classes;
    if (!options.counts.empty())
        classes = readClassSet(options.counts, std::nullopt, naming);
    ImageOptions images = options.flags.options();
    if (!options.shard.empty())
        images.shard = parseShard(options.shard);
    ExtractionReport report = extractToCache(
        {*checkpoint, headQuery(options.head), options.images, classes ? &*classes : nullptr,
         naming, images, options.common.device, options.common.threads},
        *engine, FeatureCache(), consoleProgress("extracting features", "images"));
    copyFile(report.file, options.output, options.force.overwrite());
    report.warnings = together({engine->warnings(), report.warnings});
    if (options.common.json)
        return print(dump(asJson(options, report)));
    printWarnings(report.warnings);
    print(asText(options, report));
}

} // namespace

void addExtract(CLI::App& app)
{
    const auto options = std::make_shared<Extract>();
    CLI::App* verb =
        app.add_subcommand("extract", "Run images through the checkpoint's backbone, once");
    verb->add_option("CKPT", options->checkpoint, "The checkpoint")->required();
    verb->add_option("--images", options->images,
                     "An image folder, a label list, CIFAR-10/100 or IDX images")
        ->required();
    verb->add_option("-o,--output", options->output, "The feature file to write (.safetensors)")
        ->required();
    verb->add_option("--shard", options->shard,
                     "Only the i-th of n parts of the list, from 0/n on; the files of all parts "
                     "open as one: --data a.safetensors,b.safetensors or their folder")
        ->check(accepted([](const std::string& text) { parseShard(text); }));
    verb->add_option("--counts", options->counts,
                     "Training counts, for the names of classes (image folders)");
    verb->add_option("--classes", options->classes, "Class names, one per line in class order");
    verb->add_option("--class-map", options->classMap,
                     "Lines \"name index\" that tie folder names to indices");
    options->common.addTo(*verb);
    options->head.addTo(*verb);
    options->flags.addTo(*verb);
    options->force.addTo(*verb);
    verb->footer(
        "Example:\n  monotail-cli extract checkpoint.pth.tar --images val.txt --preprocess "
        "imagenet\n      -o val.safetensors");
    verb->final_callback([options] { run(*options); });
}

} // namespace monotail::cli
