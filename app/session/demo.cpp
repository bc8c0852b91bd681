// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/demo.h"

#include "dataset/idx.h"
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

ImageList readImages(const std::filesystem::path& path, const FeatureSet& features)
{
    const NumberArray pixels = readIdx(MappedFile::open(path));
    const std::int64_t count = features.samples();
    if (pixels.type != NumberType::UInt8 || pixels.shape.size() != 3 || pixels.shape[0] != count)
        throw Error(path.string() + " does not hold the demo's images");
    ImageList list;
    list.source = path.string();
    list.kind = "IDX";
    list.split = "test";
    list.arrays = {{pixels, 1, pixels.shape[1], pixels.shape[2], count}};
    for (std::int64_t i = 0; i < count; ++i)
        list.samples.push_back({std::to_string(i), features.labels[static_cast<std::size_t>(i)]});
    return list;
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

std::shared_ptr<const ImageList> demoImages(const FeatureSet& features)
{
    try {
        if (isDemo(features.source))
            return std::make_shared<ImageList>(
                readImages(resourceFolder() / "demo" / imagesName, features));
    } catch (const Error&) {
        // The example is about features: without its images it is whole.
    }
    return nullptr;
}

} // namespace monotail
