// SPDX-License-Identifier: GPL-3.0-or-later
#include "images/picture.h"

#include <algorithm>

#include "base/text.h"
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

} // namespace monotail
