// SPDX-License-Identifier: GPL-3.0-or-later
#include "extract/open_images.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "dataset/feature_parts.h"
#include "extract/extraction_plan.h"
#include "extract/feature_file.h"
#include "images/read_image.h"
#include "platform/growing_file.h"

namespace monotail {

namespace {

namespace fs = std::filesystem;

/// So many reasons are kept; the rest of the unreadable images are named without.
constexpr std::size_t toldReasons = 1000;

using Conversions = std::map<std::string, ExtractRun::Conversion>;

Warnings notesOn(const ExtractionPlan& plan, const Conversions& conversions, const ExtractRun& run)
{
    Warnings notes;
    for (const auto& [what, conversion] : conversions)
        notes.push_back(
            message("{}: {} {} {} and converted (first: {})", printable(plan.images.source, 400),
                    conversion.images, conversion.images == 1 ? "image is" : "images are", what,
                    printable(plan.images.samples[static_cast<std::size_t>(conversion.first)].id)));
    if (run.enlarged > 0)
        notes.push_back(message("{}: {} of {} images are smaller than the size they are resized to "
                                "({}) and were enlarged; was the network trained so?",
                                printable(plan.images.source, 400), run.enlarged, run.images,
                                plan.preprocessing.resize));
    if (run.sizes > 1)
        notes.push_back(message("{}: the network was given images of {} different sizes; --resize "
                                "and --crop make them one",
                                printable(plan.images.source, 400), run.sizes));
    return notes;
}

/// Those of this run, and those of the `earlier` samples that an earlier run did: what they are,
/// they say when they are read once more.
Conversions conversionsOf(const ExtractionPlan& plan, const ExtractRun& run,
                          const FeaturePart& part, std::int64_t earlier)
{
    Conversions all = run.conversions;
    if (earlier == 0)
        return all;
    for (const std::int64_t at : part.marked(FeaturePart::Mark::Converted)) {
        if (at >= earlier)
            break;
        const std::int64_t sample = plan.range.begin + at;
        try {
            ExtractRun::Conversion& conversion = all[readImage(plan.images, sample).conversion];
            conversion.first =
                conversion.images++ == 0 ? sample : std::min(conversion.first, sample);
        } catch (const Error&) { // gone since
        }
    }
    return all;
}

/// Why each image without features has none: it is read once more.
std::vector<std::string> reasonsOf(const ExtractionPlan& plan,
                                   const std::vector<std::int64_t>& missing, std::int64_t channels)
{
    std::vector<std::string> reasons;
    for (const std::int64_t at : missing) {
        const std::int64_t sample = plan.range.begin + at;
        reasons.push_back(
            reasons.size() < toldReasons
                ? prepareImage(plan.images, sample, plan.preprocessing, channels).error
                : printable(plan.images.samples[static_cast<std::size_t>(sample)].id, 400));
    }
    return reasons;
}

std::map<std::string, std::string> metadataOf(const ImageProblem& problem,
                                              const ExtractionPlan& plan,
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
    put("backbone_plan", plan.network.plan);
    put("images_sha256", plan.imagesDigest);
    put("split", plan.images.split);
    put("shard", shardText(problem.options.shard));
    putList("classes", plan.classes);
    putList("unreadable", unreadable);
    putList("notes", notes);
    return out;
}

[[noreturn]] void failUnreadable(const ExtractionPlan& plan, std::int64_t channels)
{
    throw Error(
        message("{}: none of its {} images could be read (first: {})",
                printable(plan.images.source), plan.range.end - plan.range.begin,
                prepareImage(plan.images, plan.range.begin, plan.preprocessing, channels).error));
}

/// What an earlier run left is no use where it is of other sizes than the network's.
void checkPart(FeaturePart& part, const ExtractionPlan& plan, const FeatureNetwork& network)
{
    const bool isTooLong = part.samples() > plan.range.end - plan.range.begin;
    const bool isOther = network.width() > 0 && part.width() > 0 && part.width() != network.width();
    if (isTooLong || isOther)
        part.reset();
}

/// Runs what is left to do and puts the file into the cache.
void extract(const ImageProblem& problem, const ExtractionPlan& plan, const FeatureCache& cache,
             const Progress& progress, ExtractionReport& report)
{
    FeaturePart part(cache.part(plan.key));
    try {
        const auto network = plan.network.make({problem.device, problem.options.precision});
        checkPart(part, plan, *network);
        const std::int64_t earlier = part.samples();
        const ExtractRun run =
            extractFeatures(plan.images, plan.range, *network, plan.preprocessing, part,
                            {problem.threads, problem.options.batch}, progress);
        if (part.width() == 0)
            failUnreadable(plan, network->inputChannels());
        const auto reasons =
            reasonsOf(plan, part.marked(FeaturePart::Mark::Missing), network->inputChannels());
        const Warnings notes = notesOn(plan, conversionsOf(plan, run, part, earlier), run);
        writeFeatureFile(part, plan.images, plan.range.begin,
                         metadataOf(problem, plan, reasons, notes), cache.file(plan.key),
                         Overwrite::Replace);
        report.computed = run.images;
        report.imagesPerSecond =
            run.seconds > 0 ? static_cast<double>(run.images) / run.seconds : 0;
        report.batch = run.batch;
    } catch (...) {
        if (part.samples() == 0)
            part.remove(); // nothing to go on with
        throw;
    }
    part.remove();
    cache.shrink(problem.options.cacheLimit, cache.file(plan.key));
}

/// Whether an image that could not be read can be now: what keeps it may pass, such as a permission
/// or a disk that was not there.
bool isReadableNow(const ExtractionPlan& plan, const FeatureSet& features)
{
    std::size_t next = 0; // of the ids
    for (std::int64_t sample = plan.range.begin; sample < plan.range.end; ++sample) {
        const std::string& id = plan.images.samples[static_cast<std::size_t>(sample)].id;
        if (next < features.ids.size() && features.ids[next] == id)
            ++next;
        else if (prepareImage(plan.images, sample, plan.preprocessing, 3).error.empty())
            return true;
    }
    return false;
}

/// The cache's features, if they are there, whole and still what they should be.
std::optional<FeatureSet> cachedFeatures(const ExtractionPlan& plan, const FeatureCache& cache)
{
    if (!cache.has(plan.key))
        return {};
    try {
        FeatureSet features = openFeatureFile(cache.file(plan.key).string());
        const auto unreadable = static_cast<std::int64_t>(features.origin.unreadable.size());
        const bool isWhole = features.samples() + unreadable == plan.range.end - plan.range.begin;
        if (isWhole && (unreadable == 0 || !isReadableNow(plan, features)))
            return features;
    } catch (const Error&) { // damaged: made anew
    }
    return {};
}

} // namespace

ExtractionReport extractToCache(const ImageProblem& problem, const TorchEngine& engine,
                                const FeatureCache& cache, const Progress& progress)
{
    const ExtractionPlan plan = planExtraction(problem, engine);
    ExtractionReport report;
    report.file = cache.file(plan.key);
    std::optional<FeatureSet> found = cachedFeatures(plan, cache);
    if (found)
        touch(report.file);
    else
        extract(problem, plan, cache, progress, report);
    const FeatureSet features = found ? *found : openFeatureFile(report.file.string());
    report.samples = features.samples();
    report.width = features.features->width();
    report.unreadable = features.origin.unreadable;
    report.device = plan.device;
    report.backbone = plan.network.description;
    report.preprocessing = describe(plan.preprocessing);
    report.warnings = plan.network.warnings;
    for (const Warnings* more : {&plan.images.warnings, &features.origin.notes})
        report.warnings.insert(report.warnings.end(), more->begin(), more->end());
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
    features.origin.classes.clear(); // those of whoever extracted them; labels are what counts
    for (std::string& warning : features.warnings)
        if (warning.rfind(cached, 0) == 0)
            warning.replace(0, cached.size(), printable(problem.source));
    for (const std::string& warning : report.warnings) // the notes are there already
        if (std::find(features.warnings.begin(), features.warnings.end(), warning) ==
            features.warnings.end())
            features.warnings.push_back(warning);
    return features;
}

} // namespace monotail
