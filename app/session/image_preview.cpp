// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/image_preview.h"

#include <algorithm>

#include "checkpoint/head.h"
#include "images/read_image.h"
#include "rescale/problem.h"
#include "session/browsing.h"

namespace monotail {

namespace {

constexpr std::int64_t shownImages = 4;

QString textOf(const Error& error)
{
    return QString::fromUtf8(error.what());
}

std::shared_ptr<const ImageList> readList(const Inputs& inputs)
{
    ImageQuery query;
    query.source = inputs.data;
    query.root = inputs.images.root;
    query.naming = inputs.naming;
    std::optional<ClassSet> classes;
    if (!inputs.counts.empty()) {
        classes = readClassSet(inputs.counts, std::nullopt, inputs.naming);
        query.classSet = &*classes;
    }
    return std::make_shared<const ImageList>(readImageList(query));
}

ImagePreview::Entry entryOf(const ImageList& images, std::int64_t sample,
                            const Preprocessing& preprocessing)
{
    ImagePreview::Entry entry;
    entry.name = QString::fromStdString(images.samples[static_cast<std::size_t>(sample)].id);
    try {
        const Picture picture = readImage(images, sample).picture;
        entry.stored = toImage(picture);
        entry.prepared = toImage(prepared(picture, preprocessing, picture.channels));
    } catch (const Error& error) {
        entry.problem = textOf(error);
    }
    return entry;
}

void addBackbone(const Inputs& inputs, ImagePreview& preview)
{
    try {
        const auto checkpoint = openCheckpoint(inputs.checkpoint);
        if (checkpoint->format == "torchscript") {
            preview.backbone = QStringLiteral("TorchScript");
            return;
        }
        const HeadCandidate head =
            chooseHead(*checkpoint, inputs.head, inputs.counts, inputs.naming);
        const BackbonePlan plan = planBackbone(*checkpoint, head, inputs.images.backbone);
        preview.backbone = QString::fromStdString(plan.family);
        preview.assumptions = plan.assumptions;
    } catch (const Error& error) {
        preview.problem = textOf(error);
    }
}

} // namespace

ImagePreview previewImages(const Inputs& inputs, const std::shared_ptr<const ImageList>& images)
{
    ImagePreview preview;
    addBackbone(inputs, preview);
    try {
        preview.images = images ? images : readList(inputs);
        preview.preprocessing = preprocessingOf(inputs.images.preprocessing, preview.images->kind);
        const std::int64_t count = std::min(shownImages, preview.images->size());
        for (std::int64_t i = 0; i < count; ++i)
            preview.entries.push_back(entryOf(*preview.images, preview.images->size() * i / count,
                                              preview.preprocessing));
    } catch (const Error& error) {
        preview.problem = textOf(error);
    }
    return preview;
}

} // namespace monotail
