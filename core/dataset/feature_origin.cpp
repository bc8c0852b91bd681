// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/feature_origin.h"

#include "dataset/json_lists.h"

namespace monotail {

FeatureOrigin readFeatureOrigin(const ArrayCatalogue& catalogue)
{
    if (!catalogue.checkpoint)
        return catalogue.origin;
    const auto& metadata = catalogue.checkpoint->metadata;
    const auto entry = [&](const char* key) {
        const auto found = metadata.find(key);
        return found == metadata.end() ? std::string() : found->second;
    };
    FeatureOrigin origin;
    origin.backboneDigest = entry("backbone_sha256");
    origin.logitsHeadDigest = entry("logits_head_sha256");
    origin.split = entry("split");
    origin.precision = entry("precision");
    origin.preprocessing = entry("preprocessing");
    origin.classes = jsonTexts(entry("classes"));
    origin.imageRoot = entry("image_root");
    origin.imagesDigest = entry("images_sha256");
    origin.backbone = entry("backbone_plan");
    origin.shard = entry("shard");
    origin.unreadable = jsonTexts(entry("unreadable"));
    origin.notes = jsonTexts(entry("notes"));
    return origin;
}

} // namespace monotail
