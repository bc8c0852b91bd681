// SPDX-License-Identifier: GPL-3.0-or-later
#include "images/read_image.h"

#include "base/text.h"
#include "platform/mapped_file.h"

namespace monotail {

namespace {

struct Place
{
    const PixelArray& array;
    std::int64_t image = 0;
};

Place placeOf(const ImageList& images, std::int64_t sample)
{
    std::int64_t image = sample;
    for (const PixelArray& array : images.arrays) {
        if (image < array.count)
            return {array, image};
        image -= array.count;
    }
    throw Error(message("{}: there is no image {}", images.source, sample));
}

void check(const PixelArray& array)
{
    const NumberArray& images = array.images;
    std::int64_t values = images.shape.empty() ? 0 : 1;
    for (std::size_t axis = 1; axis < images.shape.size(); ++axis)
        values *= images.shape[axis];
    if (images.type != NumberType::UInt8 || images.shape.size() < 2 ||
        images.shape[0] < array.count || values != array.channels * array.height * array.width)
        throw Error(message("{}: {} images of {} x {} pixels in {} channels of 8 bits were "
                            "expected",
                            images.name, array.count, array.width, array.height, array.channels));
}

/// Element `value` of an image, of which the array may have the axes in any order.
std::uint8_t at(const NumberArray& images, std::int64_t image, std::int64_t value)
{
    std::int64_t offset = image * images.stride[0];
    for (std::size_t axis = images.shape.size() - 1; axis > 0; --axis) {
        offset += value % images.shape[axis] * images.stride[axis];
        value /= images.shape[axis];
    }
    return std::to_integer<std::uint8_t>(images.data[offset]);
}

/// channels x H x W to H x W x channels.
Picture interleaved(const Place& place)
{
    const PixelArray& array = place.array;
    check(array);
    Picture picture{array.width, array.height, array.channels, {}};
    const std::int64_t plane = array.width * array.height;
    picture.pixels.resize(static_cast<std::size_t>(plane * array.channels));
    for (std::int64_t channel = 0; channel < array.channels; ++channel)
        for (std::int64_t i = 0; i < plane; ++i)
            picture.pixels[static_cast<std::size_t>(i * array.channels + channel)] =
                at(array.images, place.image, channel * plane + i);
    return picture;
}

} // namespace

DecodedImage readImage(const ImageList& images, std::int64_t sample)
{
    if (sample < 0 || sample >= images.size())
        throw Error(message("{}: there is no image {}", images.source, sample));
    if (!images.isFiles())
        return {interleaved(placeOf(images, sample)), {}};
    const auto file =
        MappedFile::open(images.root / images.samples[static_cast<std::size_t>(sample)].id);
    return decodeImage(file->bytes(), file->path().string());
}

} // namespace monotail
