// SPDX-License-Identifier: GPL-3.0-or-later
#include "extract/network_choice.h"

#include "base/sha256.h"
#include "base/text.h"
#include "checkpoint/head.h"
#include "platform/growing_file.h"

namespace monotail {

namespace {

std::string digestOf(const MappedFile& file)
{
    Sha256 digest;
    digest.add(file.bytes().data(), file.bytes().size());
    return digest.hex();
}

NetworkChoice scripted(const ImageProblem& problem, const TorchEngine& engine)
{
    NetworkChoice choice;
    const HeadSearch heads = findHeads(problem.checkpoint, problem.head);
    if (!heads.candidates.empty()) {
        choice.head = heads.candidates.front();
        choice.backboneDigest = backboneDigest(problem.checkpoint, *choice.head);
        choice.headDigest = headDigest(readHead(problem.checkpoint, *choice.head));
    }
    choice.key = message("torchscript {} {}", digestOf(*problem.checkpoint.file),
                         choice.head ? choice.head->weight : std::string());
    choice.description = choice.head ? "the TorchScript module up to its head"
                                     : "the TorchScript module as a feature extractor";
    choice.make = [&problem, &engine, head = choice.head](const NetworkOptions& options) {
        return engine.makeScriptedNetwork(problem.checkpoint.path, head, options);
    };
    return choice;
}

NetworkChoice rebuilt(const ImageProblem& problem, const TorchEngine& engine,
                      const HeadCandidate& head)
{
    NetworkChoice choice;
    const BackbonePlan plan = planBackbone(problem.checkpoint, head, problem.options.backbone);
    choice.head = head;
    choice.backboneDigest = backboneDigest(problem.checkpoint, head);
    choice.key = message("{} {} {}", choice.backboneDigest, plan.prefix, describe(plan));
    choice.description = plan.family;
    choice.plan = describe(plan);
    choice.warnings = plan.warnings;
    choice.make = [&problem, &engine, plan](const NetworkOptions& options) {
        return engine.makeNetwork(problem.checkpoint, plan, options);
    };
    return choice;
}

} // namespace

NetworkChoice chooseNetwork(const ImageProblem& problem, const TorchEngine& engine)
{
    if (problem.checkpoint.format == "torchscript")
        return scripted(problem, engine);
    const HeadSearch heads = findHeads(problem.checkpoint, problem.head);
    const std::size_t tied = std::max<std::size_t>(heads.tied, 1);
    for (std::size_t i = 0; i + 1 < tied && i + 1 < heads.candidates.size(); ++i) {
        try {
            return rebuilt(problem, engine, heads.candidates[i]);
        } catch (const Error&) { // the next one may fit
        }
    }
    if (heads.candidates.empty() || tied == 1)
        return rebuilt(problem, engine, chooseHead(problem.checkpoint, problem.head));
    return rebuilt(problem, engine, heads.candidates[tied - 1]);
}

std::string digestOf(const ImageList& images)
{
    Sha256 digest;
    const auto add = [&](const std::string& text) {
        digest.add(text);
        digest.add(std::string_view("\0", 1));
    };
    add(images.kind);
    if (images.isFiles())
        add(std::filesystem::absolute(images.root).string());
    for (std::int64_t i = 0; i < images.size(); ++i) {
        const ImageSample& sample = images.samples[static_cast<std::size_t>(i)];
        const FileStamp stamp = images.isFiles() ? stampOf(images.path(i)) : FileStamp{};
        add(message("{} {} {} {} {}", sample.id, sample.label, sample.position, stamp.size,
                    stamp.changed));
    }
    for (const PixelArray& array : images.arrays)
        for (std::int64_t i = 0; i < array.count; ++i)
            digest.add(array.image(i),
                       static_cast<std::size_t>(array.channels * array.height * array.width));
    return digest.hex();
}

} // namespace monotail
