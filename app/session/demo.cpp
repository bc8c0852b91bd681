// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/demo.h"

#include "dataset/image_list.h"
#include "platform/paths.h"

namespace monotail {

namespace {

constexpr const char* featuresName = "features-test.safetensors";
constexpr const char* imagesName = "t10k-images-idx3-ubyte.gz"; // in the order of the features

bool isDemo(const std::filesystem::path& data)
{
    std::error_code none;
    return data.filename() == featuresName &&
           std::filesystem::equivalent(data, resourceFolder() / "demo" / featuresName, none);
}

} // namespace

Inputs demoInputs(const std::string& part)
{
    const std::filesystem::path folder = resourceFolder() / "demo";
    return {(folder / (part + ".pth.tar")).string(),
            (folder / "counts.csv").string(),
            (folder / featuresName).string(),
            {},
            {}};
}

TrainingSources demoTraining(const Inputs& inputs)
{
    TrainingSources sources;
    try {
        const std::filesystem::path folder = resourceFolder() / "demo";
        std::error_code none;
        const auto parent = std::filesystem::path(inputs.checkpoint).parent_path();
        if (std::filesystem::equivalent(parent, folder, none))
            sources.features = (folder / "features-train.safetensors").string();
    } catch (const Error&) {
        return {}; // it is not installed
    }
    return sources;
}

std::shared_ptr<const ImageList> demoImages(const FeatureSet& features)
{
    try {
        if (!isDemo(features.source))
            return nullptr;
        ImageQuery query;
        query.source = (resourceFolder() / "demo" / imagesName).string();
        auto images = std::make_shared<ImageList>(readImageList(query));
        return images->size() == features.samples() ? images : nullptr;
    } catch (const Error&) {
        return nullptr; // the example is about features: without its images it is whole
    }
}

} // namespace monotail
