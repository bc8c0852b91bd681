// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/image_preview.h"

#include <algorithm>
#include <cstring>

#include "checkpoint/head.h"
#include "images/read_image.h"
#include "rescale/problem.h"

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
        entry.stored = imageOf(picture);
        entry.prepared = imageOf(prepared(picture, preprocessing, picture.channels));
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
        preview.backbone = textOf(error);
    }
}

} // namespace

QImage imageOf(const Picture& picture)
{
    const bool isGrey = picture.channels == 1;
    QImage image(static_cast<int>(picture.width), static_cast<int>(picture.height),
                 isGrey ? QImage::Format_Grayscale8 : QImage::Format_RGB888);
    if (image.isNull())
        return image;
    const auto row = static_cast<std::size_t>(picture.width * picture.channels);
    for (int y = 0; y < image.height(); ++y)
        std::memcpy(image.scanLine(y), picture.pixels.data() + static_cast<std::size_t>(y) * row,
                    row);
    return image;
}

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
