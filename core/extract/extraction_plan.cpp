// SPDX-License-Identifier: GPL-3.0-or-later
#include "extract/extraction_plan.h"

#include "base/sha256.h"
#include "base/text.h"

namespace monotail {

namespace {

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

} // namespace

std::string shardText(const ShardChoice& shard)
{
    return shard.count == 1 ? std::string() : message("{}/{}", shard.index, shard.count);
}

ExtractionPlan planExtraction(const ImageProblem& problem, const TorchEngine& engine)
{
    ExtractionPlan plan;
    plan.network = chooseNetwork(problem, engine);
    plan.images = readImages(problem, plan.network.head ? std::optional(plan.network.head->classes)
                                                        : std::nullopt);
    plan.range = rangeOf(problem.options.shard, plan.images.size());
    if (plan.range.begin == plan.range.end)
        throw Error(message("{}: {} images are too few for {} shards", printable(problem.source),
                            plan.images.size(), problem.options.shard.count));
    plan.preprocessing = preprocessingOf(problem.options.preprocessing, plan.images.kind);
    plan.device = engine.makeScorer(problem.device)->device();
    plan.classes = classNames(problem, plan.images);
    plan.imagesDigest = digestOf(plan.images);
    Sha256 key;
    for (const std::string& part :
         {std::string("features 2"), plan.network.key, describe(plan.preprocessing),
          std::string(nameOf(problem.options.precision)), plan.device,
          shardText(problem.options.shard), plan.imagesDigest}) {
        key.add(part);
        key.add(std::string_view("\0", 1));
    }
    plan.key = key.hex().substr(0, 32);
    return plan;
}

} // namespace monotail
