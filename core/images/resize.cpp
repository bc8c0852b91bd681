// SPDX-License-Identifier: GPL-3.0-or-later
// Resizing and cropping at once: only what lies inside the crop is made, which gives the same
// pixels. First along the rows, then along the columns, each rounded to 8 bits, as PIL does; a
// direction of which the size stays is left out.
#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "images/centre.h"
#include "images/preprocessing.h"
#include "images/resize_passes.h"

namespace monotail {

namespace {

constexpr std::int64_t mostPixels = 178'956'970; // as for files

/// What is made of a picture that is resized to `size`, and where it lies in the result.
struct Part
{
    PictureSize size;
    Span columns;
    Span rows;
    ResizeFilter filter = ResizeFilter::Bilinear;
};

using InputRows = PixelRows<const std::uint8_t>;
using OutputRows = PixelRows<std::uint8_t>;

void copyRows(InputRows in, OutputRows out, std::int64_t rows, std::size_t bytes)
{
    for (std::int64_t y = 0; y < rows; ++y)
        std::memcpy(out.row(y), in.row(y), bytes);
}

/// Input rows [from, end) at the part's columns.
void makeColumns(const Picture& picture, const Part& part, std::int64_t from, std::int64_t end,
                 OutputRows out)
{
    const auto channels = static_cast<std::size_t>(picture.channels);
    const InputRows whole{picture.pixels.data(),
                          static_cast<std::size_t>(picture.width) * channels};
    const InputRows in{whole.row(from), whole.stride};
    if (part.size.width == picture.width) {
        const std::size_t skipped = static_cast<std::size_t>(part.columns.from) * channels;
        copyRows({in.data + skipped, in.stride}, out, end - from,
                 static_cast<std::size_t>(part.columns.size) * channels);
        return;
    }
    const ResizeWeights weights = resizeWeights(
        {picture.width, part.size.width, part.columns.from, part.columns.size, part.filter});
    resizeAlongRows(in, out, end - from - 1, picture.channels, weights);
    // A byte more than the picture has may be read behind the last row.
    std::vector<std::uint8_t> last(whole.stride + 1);
    std::memcpy(last.data(), whole.row(end - 1), whole.stride);
    resizeAlongRows({last.data(), whole.stride}, {out.row(end - 1 - from), out.stride}, 1,
                    picture.channels, weights);
}

void makePart(const Picture& picture, const Part& part, OutputRows out)
{
    if (part.size.height == picture.height) {
        makeColumns(picture, part, part.rows.from, part.rows.from + part.rows.size, out);
        return;
    }
    const ResizeWeights weights = resizeWeights(
        {picture.height, part.size.height, part.rows.from, part.rows.size, part.filter});
    const std::int64_t first = weights.at(0).first;
    const auto bytes = static_cast<std::size_t>(part.columns.size * picture.channels);
    std::vector<std::uint8_t> between(bytes * static_cast<std::size_t>(weights.end() - first));
    makeColumns(picture, part, first, weights.end(), {between.data(), bytes});
    resizeAlongColumns({between.data(), bytes}, out, bytes, weights);
}

Picture made(const Picture& picture, const Part& part, PictureSize size)
{
    Picture out{size.width, size.height, picture.channels, {}};
    const auto stride = static_cast<std::size_t>(size.width * picture.channels);
    out.pixels.resize(stride * static_cast<std::size_t>(size.height));
    const std::size_t begin = static_cast<std::size_t>(part.rows.to) * stride +
                              static_cast<std::size_t>(part.columns.to * picture.channels);
    makePart(picture, part, {out.pixels.data() + begin, stride});
    return out;
}

} // namespace

PictureSize resizedTo(const Picture& picture, std::int64_t side)
{
    if (picture.width <= picture.height)
        return {side, side * picture.height / picture.width};
    return {side * picture.width / picture.height, side};
}

Picture resized(const Picture& picture, PictureSize size, ResizeFilter filter)
{
    if (size.width <= 0 || size.height <= 0 || size.width > mostPixels / size.height)
        throw Error(message("resizing to {} x {} pixels is not possible", size.width, size.height));
    return made(picture, {size, {0, 0, size.width}, {0, 0, size.height}, filter}, size);
}

Picture centreCropped(const Picture& picture, std::int64_t side)
{
    const PictureSize size{picture.width, picture.height};
    return made(picture, {size, centreOf(size.width, side), centreOf(size.height, side), {}},
                {side, side});
}

Picture prepared(const Picture& picture, const Preprocessing& preprocessing, std::int64_t channels)
{
    if (picture.channels != channels)
        return prepared(withChannels(picture, channels), preprocessing, channels);
    PictureSize size{picture.width, picture.height};
    if (preprocessing.resize > 0)
        size = resizedTo(picture, preprocessing.resize);
    const std::int64_t side = preprocessing.crop;
    if (side == 0)
        return resized(picture, size, preprocessing.filter);
    return made(
        picture,
        {size, centreOf(size.width, side), centreOf(size.height, side), preprocessing.filter},
        {side, side});
}

} // namespace monotail
