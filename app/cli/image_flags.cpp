// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/image_flags.h"

#include <cmath>

#include "base/text.h"
#include "cli/console.h"
#include "cli/problem.h"
#include "dataset/input_files.h"
#include "extract/open_images.h"

namespace monotail::cli {

namespace {

std::vector<double> numbersIn(const std::string& text)
{
    std::vector<double> numbers;
    for (const std::string_view field : split(text, ',')) {
        const auto number = parseDouble(field);
        if (!number || !std::isfinite(*number))
            throw Error(message("{}: one number, or one for each channel, joined by commas, is "
                                "expected",
                                printable(text)));
        numbers.push_back(*number);
    }
    return numbers;
}

ResizeFilter parseFilter(const std::string& name)
{
    return name == "bicubic" ? ResizeFilter::Bicubic : ResizeFilter::Bilinear;
}

} // namespace

void checkGib(const std::string& text)
{
    const auto gib = parseDouble(text);
    if (!gib || !(*gib >= 0) || *gib > 1e6)
        throw Error(message("{}: a number of GiB from 0 on is expected", printable(text)));
}

void ImageFlags::addTo(CLI::App& verb)
{
    const std::string group = "Images";
    const auto in = [&](CLI::Option* option) { return option->group(group); };
    in(verb.add_option("--root", root,
                       "The folder that the paths of a label list begin in (default: "
                       "the list's own)"))
        ->check(CLI::ExistingDirectory);
    in(verb.add_option("--preprocess", preset,
                       message("{} (default: cifar for CIFAR, imagenet for image files)",
                               joined(preprocessingPresets(), ", "))))
        ->check(CLI::IsMember(preprocessingPresets()));
    in(verb.add_option("--resize", resize, "The shorter side becomes this; 0 = as it is"))
        ->check(CLI::Range(0, 8192));
    in(verb.add_option("--crop", crop, "Square from the middle; 0 = the whole image"))
        ->check(CLI::Range(0, 8192));
    in(verb.add_option("--filter", filter, "How images are resized, antialiased as PIL does it"))
        ->check(CLI::IsMember({"bilinear", "bicubic"}));
    in(verb.add_option("--mean", mean, "After /255: one number, or one per channel: a,b,c"))
        ->check(accepted([](const std::string& text) { numbersIn(text); }));
    in(verb.add_option("--std", deviation, "One number, or one per channel: a,b,c"))
        ->check(accepted([](const std::string& text) { numbersIn(text); }));
    in(verb.add_flag("--flip-average", flipAverage,
                     "Features are the mean over each image and its mirror image"));
    in(verb.add_option("--precision", precision, "What the network computes in"))
        ->check(CLI::IsMember({"fp32", "bf16", "fp16"}))
        ->capture_default_str();
    in(verb.add_option("--batch", batch, "Images at once, at most; 0 = as suits the device"))
        ->check(CLI::Range(0, 65536))
        ->capture_default_str();
    in(verb.add_option("--backbone", backbone,
                       "What the file cannot tell about the backbone (inspect lists it): "
                       "max-pool=no,eps=1e-3,..."))
        ->check(accepted([](const std::string& text) { parseBackboneOptions(text); }));
    in(verb.add_option("--cache-limit", cacheGib, "GiB of extracted features that are kept"))
        ->check(accepted(checkGib))
        ->capture_default_str();
}

ImageOptions ImageFlags::options() const
{
    ImageOptions out;
    if (!root.empty())
        out.root = root;
    out.preprocessing.preset = preset;
    out.preprocessing.resize = resize;
    out.preprocessing.crop = crop;
    if (!filter.empty())
        out.preprocessing.filter = parseFilter(filter);
    if (!mean.empty())
        out.preprocessing.mean = numbersIn(mean);
    if (!deviation.empty())
        out.preprocessing.deviation = numbersIn(deviation);
    out.preprocessing.flipAverage = flipAverage;
    out.precision = parsePrecision(precision);
    out.batch = batch;
    if (!backbone.empty())
        out.backbone = parseBackboneOptions(backbone);
    out.cacheLimit = static_cast<std::uint64_t>(cacheGib * (1 << 30));
    return out;
}

bool ImageFlags::isGiven() const
{
    ImageOptions given = options();
    given.cacheLimit = ImageOptions{}.cacheLimit;
    return given != ImageOptions{};
}

std::vector<std::string> withListedImages(std::vector<std::string> inputs,
                                          const std::vector<std::string>& lists,
                                          const ImageFlags& flags,
                                          const std::vector<std::string>& outputs)
{
    for (std::string& image : listedImages(lists, flags.root, outputs))
        inputs.push_back(std::move(image));
    return inputs;
}

FeatureSet openData(const std::string& source, const DataContext& context)
{
    if (!isImageSource(source)) {
        FeatureSet features = openFeatures(source); // says if it is not there
        if (context.images.isGiven())
            throw Error(
                message("{} holds no images: --preprocess and the options beside it say how "
                        "images become features, and have no effect on anything else",
                        printable(source)));
        return features;
    }
    const auto checkpoint = openCheckpoint(context.checkpoint);
    const auto engine = loadTorchEngine();
    engine->setThreads(context.common.threads);
    std::optional<ClassSet> classes;
    if (!context.counts.empty())
        classes = readClassSet(context.counts, std::nullopt, context.naming);
    return openImages({*checkpoint, headQuery(context.head), source, classes ? &*classes : nullptr,
                       context.naming, context.images.options(), context.common.device,
                       context.common.threads},
                      *engine, consoleProgress("extracting features", "images"));
}

} // namespace monotail::cli
