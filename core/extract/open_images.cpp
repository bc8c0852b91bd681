// SPDX-License-Identifier: GPL-3.0-or-later
#include "extract/open_images.h"

#include <nlohmann/json.hpp>

#include "base/sha256.h"
#include "base/text.h"
#include "dataset/feature_parts.h"
#include "extract/feature_file.h"
#include "extract/network_choice.h"
#include "images/read_image.h"
#include "platform/growing_file.h"

namespace monotail {

namespace {

namespace fs = std::filesystem;

/// So many reasons are kept; the rest of the unreadable images are named without.
constexpr std::size_t toldReasons = 1000;

/// The images and everything that decides what becomes of them.
struct Plan
{
    ImageList images;
    DecodeQueue::Range range;
    Preprocessing preprocessing;
    NetworkChoice network;
    std::string device;
    std::string key;
};

std::vector<std::string> classNames(const ImageProblem& problem, const ImageList& images)
{
    if (!images.classes.empty())
        return images.classes;
    if (!problem.classSet || problem.classSet->namesSource.empty())
        return {};
    return problem.classSet->ids.empty() ? problem.classSet->names : problem.classSet->ids;
}

DecodeQueue::Range rangeOf(const ShardChoice& shard, std::int64_t images)
{
    return {images * shard.index / shard.count, images * (shard.index + 1) / shard.count};
}

std::string shardText(const ShardChoice& shard)
{
    return shard.count == 1 ? std::string() : message("{}/{}", shard.index, shard.count);
}

ImageList readImages(const ImageProblem& problem, std::optional<std::int64_t> classes)
{
    ImageQuery query;
    query.source = problem.source;
    query.root = problem.options.root;
    query.classes = classes;
    query.classSet = problem.classSet;
    query.naming = problem.naming;
    return readImageList(query);
}

Plan planExtraction(const ImageProblem& problem, const TorchEngine& engine)
{
    Plan plan;
    plan.network = chooseNetwork(problem, engine);
    plan.images = readImages(problem, plan.network.head ? std::optional(plan.network.head->classes)
                                                        : std::nullopt);
    plan.range = rangeOf(problem.options.shard, plan.images.size());
    if (plan.range.begin == plan.range.end)
        throw Error(message("{}: {} images are too few for {} shards", printable(problem.source),
                            plan.images.size(), problem.options.shard.count));
    plan.preprocessing = preprocessingOf(problem.options.preprocessing, plan.images.kind);
    plan.device = engine.makeScorer(problem.device)->device();
    Sha256 key;
    for (const std::string& part :
         {std::string("features 1"), plan.network.key, describe(plan.preprocessing),
          std::string(nameOf(problem.options.precision)), plan.device,
          shardText(problem.options.shard), joined(classNames(problem, plan.images), "\n"),
          digestOf(plan.images)}) {
        key.add(part);
        key.add(std::string_view("\0", 1));
    }
    plan.key = key.hex().substr(0, 32);
    return plan;
}

Warnings notesOn(const Plan& plan, const ExtractRun& run)
{
    Warnings notes;
    for (const auto& [what, conversion] : run.conversions)
        notes.push_back(
            message("{}: {} {} {} and converted (first: {})", printable(plan.images.source, 400),
                    conversion.images, conversion.images == 1 ? "image is" : "images are", what,
                    printable(plan.images.samples[static_cast<std::size_t>(conversion.first)].id)));
    if (run.sizes > 1)
        notes.push_back(message("{}: the network was given images of {} different sizes; --resize "
                                "and --crop make them one",
                                printable(plan.images.source, 400), run.sizes));
    return notes;
}

/// Why each image without features has none: it is read once more.
std::vector<std::string> reasonsOf(const Plan& plan, const std::vector<std::int64_t>& missing)
{
    std::vector<std::string> reasons;
    for (const std::int64_t at : missing) {
        const std::int64_t sample = plan.range.begin + at;
        const std::string& id = plan.images.samples[static_cast<std::size_t>(sample)].id;
        reasons.push_back(printable(id, 400));
        if (reasons.size() > toldReasons)
            continue;
        try {
            readImage(plan.images, sample);
        } catch (const Error& error) {
            reasons.back() = error.what(); // names the image
        }
    }
    return reasons;
}

std::map<std::string, std::string> metadataOf(const ImageProblem& problem, const Plan& plan,
                                              const std::vector<std::string>& unreadable,
                                              const Warnings& notes)
{
    std::error_code unknown;
    std::map<std::string, std::string> out{
        {"backbone", plan.network.description},
        {"preprocessing", describe(plan.preprocessing)},
        {"precision", std::string(nameOf(problem.options.precision))},
        {"device", plan.device},
        {"image_root", fs::absolute(plan.images.root, unknown).lexically_normal().string()},
        {"image_source", problem.source}};
    const auto put = [&](const std::string& key, const std::string& value) {
        if (!value.empty())
            out[key] = value;
    };
    const auto putList = [&](const std::string& key, const std::vector<std::string>& values) {
        if (!values.empty())
            out[key] = nlohmann::json(values).dump(-1, ' ', false,
                                                   nlohmann::json::error_handler_t::replace);
    };
    put("backbone_sha256", plan.network.backboneDigest);
    put("logits_head_sha256", plan.network.headDigest);
    put("split", plan.images.split);
    put("shard", shardText(problem.options.shard));
    putList("classes", classNames(problem, plan.images));
    putList("unreadable", unreadable);
    putList("notes", notes);
    return out;
}

/// Runs what is left to do and puts the file into the cache.
void extract(const ImageProblem& problem, const Plan& plan, const FeatureCache& cache,
             const Progress& progress, ExtractionReport& report)
{
    FeaturePart part(cache.part(plan.key));
    const auto network = plan.network.make({problem.device, problem.options.precision});
    const ExtractRun run =
        extractFeatures(plan.images, plan.range, *network, plan.preprocessing, part,
                        {problem.threads, problem.options.batch}, progress);
    const std::int64_t images = plan.range.end - plan.range.begin;
    if (part.width() == 0) {
        part.remove();
        std::string why;
        try {
            readImage(plan.images, plan.range.begin);
        } catch (const Error& error) {
            why = error.what();
        }
        throw Error(message("{}: none of its {} images could be read (first: {})",
                            printable(problem.source), images, why));
    }
    writeFeatureFile(part, plan.images, plan.range.begin,
                     metadataOf(problem, plan, reasonsOf(plan, part.missing()), notesOn(plan, run)),
                     cache.file(plan.key), Overwrite::Replace);
    part.remove();
    cache.shrink(problem.options.cacheLimit, cache.file(plan.key));
    report.computed = run.images;
    report.imagesPerSecond = run.seconds > 0 ? static_cast<double>(run.images) / run.seconds : 0;
    report.batch = run.batch;
}

} // namespace

ExtractionReport extractToCache(const ImageProblem& problem, const TorchEngine& engine,
                                const FeatureCache& cache, const Progress& progress)
{
    const Plan plan = planExtraction(problem, engine);
    ExtractionReport report;
    report.file = cache.file(plan.key);
    if (cache.has(plan.key))
        touch(report.file);
    else
        extract(problem, plan, cache, progress, report);
    const FeatureSet features = openFeatureFile(report.file.string());
    report.samples = features.samples();
    report.width = features.features->width();
    report.unreadable = features.origin.unreadable;
    report.device = plan.device;
    report.backbone = plan.network.description;
    report.preprocessing = describe(plan.preprocessing);
    report.warnings = plan.network.warnings;
    report.warnings.insert(report.warnings.end(), plan.images.warnings.begin(),
                           plan.images.warnings.end());
    return report;
}

FeatureSet openImages(const ImageProblem& problem, const TorchEngine& engine,
                      const Progress& progress)
{
    const ExtractionReport report = extractToCache(problem, engine, FeatureCache(), progress);
    FeatureSet features = openFeatureFile(report.file.string());
    attachImages(features);
    const std::string cached = printable(features.source, 400);
    features.source = problem.source;
    for (std::string& warning : features.warnings)
        if (warning.rfind(cached, 0) == 0)
            warning.replace(0, cached.size(), printable(problem.source));
    features.warnings.insert(features.warnings.begin(), report.warnings.begin(),
                             report.warnings.end());
    return features;
}

} // namespace monotail
