// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/image_json.h"

namespace monotail {

namespace {

template <typename Value>
Json orNull(const std::optional<Value>& value)
{
    return value ? Json(*value) : Json(nullptr);
}

std::optional<std::int64_t> sideIn(const Json& json, const char* key)
{
    if (json.at(key).is_null())
        return {};
    return json.at(key).get<std::int64_t>();
}

} // namespace

Json imageJson(const ImageOptions& options)
{
    const PreprocessingEdits& edits = options.preprocessing;
    const auto filterName = [](ResizeFilter filter) {
        return filter == ResizeFilter::Bicubic ? "bicubic" : "bilinear";
    };
    return {{"root", options.root ? Json(options.root->string()) : Json(nullptr)},
            {"preset", edits.preset},
            {"resize", orNull(edits.resize)},
            {"crop", orNull(edits.crop)},
            {"filter", edits.filter ? Json(filterName(*edits.filter)) : Json(nullptr)},
            {"mean", edits.mean},
            {"std", edits.deviation},
            {"flip_average", edits.flipAverage},
            {"backbone", options.backbone},
            {"precision", nameOf(options.precision)},
            {"batch", options.batch}};
}

ImageOptions readImageJson(const Json& json)
{
    ImageOptions options;
    if (!json.at("root").is_null())
        options.root = json.at("root").get<std::string>();
    PreprocessingEdits& edits = options.preprocessing;
    edits.preset = json.at("preset");
    edits.resize = sideIn(json, "resize");
    edits.crop = sideIn(json, "crop");
    if (!json.at("filter").is_null())
        edits.filter =
            json.at("filter") == "bicubic" ? ResizeFilter::Bicubic : ResizeFilter::Bilinear;
    edits.mean = json.at("mean").get<std::vector<double>>();
    edits.deviation = json.at("std").get<std::vector<double>>();
    edits.flipAverage = json.at("flip_average");
    options.backbone = json.at("backbone").get<BackboneOptions>();
    options.precision = parsePrecision(json.at("precision").get<std::string>());
    options.batch = json.at("batch");
    return options;
}

} // namespace monotail
