// SPDX-License-Identifier: GPL-3.0-or-later
#include "images/picture.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "images/centre.h"
#include "images/preprocessing.h"

namespace monotail {

namespace {

Picture greyOf(const Picture& picture)
{
    Picture grey{picture.width, picture.height, 1, {}};
    grey.pixels.resize(picture.pixels.size() / 3);
    for (std::size_t i = 0; i < grey.pixels.size(); ++i) {
        const std::uint8_t* rgb = picture.pixels.data() + 3 * i;
        // ITU-R 601 in 16 bits: 0.299, 0.587, 0.114
        const unsigned sum = rgb[0] * 19595U + rgb[1] * 38470U + rgb[2] * 7471U + 0x8000U;
        grey.pixels[i] = static_cast<std::uint8_t>(sum >> 16);
    }
    return grey;
}

Picture rgbOf(const Picture& picture)
{
    Picture rgb{picture.width, picture.height, 3, {}};
    rgb.pixels.resize(picture.pixels.size() * 3);
    for (std::size_t i = 0; i < picture.pixels.size(); ++i)
        std::fill_n(rgb.pixels.data() + 3 * i, 3, picture.pixels[i]);
    return rgb;
}

} // namespace

Picture withChannels(const Picture& picture, std::int64_t channels)
{
    if (picture.channels == channels)
        return picture;
    if (channels != 1 && channels != 3)
        throw Error(message("images have 1 or 3 channels, and {} are asked for", channels));
    return channels == 1 ? greyOf(picture) : rgbOf(picture);
}

PictureSize resizedTo(const Picture& picture, std::int64_t side)
{
    if (picture.width <= picture.height)
        return {side, side * picture.height / picture.width};
    return {side * picture.width / picture.height, side};
}

Picture centreCropped(const Picture& picture, std::int64_t side)
{
    const Span columns = centreOf(picture.width, side);
    const Span rows = centreOf(picture.height, side);
    Picture crop{side, side, picture.channels, {}};
    const auto stride = static_cast<std::size_t>(side * picture.channels);
    crop.pixels.resize(stride * static_cast<std::size_t>(side));
    for (std::int64_t y = 0; y < rows.size; ++y) {
        const std::int64_t from =
            ((rows.from + y) * picture.width + columns.from) * picture.channels;
        const auto to = static_cast<std::size_t>(rows.to + y) * stride +
                        static_cast<std::size_t>(columns.to * picture.channels);
        std::memcpy(crop.pixels.data() + to, picture.pixels.data() + from,
                    static_cast<std::size_t>(columns.size * picture.channels));
    }
    return crop;
}

} // namespace monotail
