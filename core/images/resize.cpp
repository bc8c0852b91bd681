// SPDX-License-Identifier: GPL-3.0-or-later
// Antialiased resizing in 8 bits with the arithmetic of PIL's Image.resize: every output pixel is a
// weighted sum over the pixels below the filter, which a reduction widens; first along the rows,
// then along the columns, the weights in fixed point with 22 bits and each pass rounded to 8 bits.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "images/centre.h"
#include "images/preprocessing.h"

namespace monotail {

namespace {

constexpr int precision = 32 - 8 - 2; // two bits for what a cubic filter overshoots
constexpr std::int32_t half = 1 << (precision - 1);

/// The pixels below the filter at every output position, and their weights.
struct Weights
{
    std::size_t stride = 0;          // of `values`, from one position to the next
    std::vector<std::int64_t> first; // pixel
    std::vector<std::int64_t> count;
    std::vector<std::int32_t> values;

    const std::int32_t* of(std::int64_t position) const
    {
        return values.data() + static_cast<std::size_t>(position) * stride;
    }
};

double weightAt(double x, ResizeFilter filter)
{
    x = std::abs(x);
    if (filter == ResizeFilter::Bilinear)
        return x < 1 ? 1 - x : 0;
    constexpr double a = -0.5; // Keys' cubic convolution
    if (x < 1)
        return ((a + 2) * x - (a + 3)) * x * x + 1;
    if (x < 2)
        return (((x - 5) * x + 8) * x - 4) * a;
    return 0;
}

Weights weightsFor(std::int64_t in, std::int64_t out, ResizeFilter filter)
{
    const double scale = static_cast<double>(in) / static_cast<double>(out);
    const double widening = std::max(scale, 1.0);
    const double support = (filter == ResizeFilter::Bilinear ? 1.0 : 2.0) * widening;
    Weights weights;
    weights.stride = static_cast<std::size_t>(std::ceil(support)) * 2 + 1;
    weights.values.resize(weights.stride * static_cast<std::size_t>(out));
    std::vector<double> row(weights.stride);
    for (std::int64_t position = 0; position < out; ++position) {
        const double centre = (static_cast<double>(position) + 0.5) * scale;
        const auto first =
            std::max<std::int64_t>(static_cast<std::int64_t>(centre - support + 0.5), 0);
        const auto last = std::min(static_cast<std::int64_t>(centre + support + 0.5), in);
        double sum = 0;
        for (std::int64_t i = first; i < last; ++i) {
            const double weight =
                weightAt((static_cast<double>(i) - centre + 0.5) * (1.0 / widening), filter);
            row[static_cast<std::size_t>(i - first)] = weight;
            sum += weight;
        }
        std::int32_t* values =
            weights.values.data() + static_cast<std::size_t>(position) * weights.stride;
        for (std::int64_t i = 0; i < last - first; ++i) {
            const double weight = row[static_cast<std::size_t>(i)] / (sum != 0 ? sum : 1);
            values[i] =
                static_cast<std::int32_t>(weight * (1 << precision) + (weight < 0 ? -0.5 : 0.5));
        }
        weights.first.push_back(first);
        weights.count.push_back(last - first);
    }
    return weights;
}

std::uint8_t rounded(std::int32_t sum)
{
    return static_cast<std::uint8_t>(std::clamp(sum >> precision, 0, 255));
}

Picture alongRows(const Picture& picture, std::int64_t width, ResizeFilter filter)
{
    const Weights weights = weightsFor(picture.width, width, filter);
    const std::int64_t channels = picture.channels;
    Picture out{width, picture.height, channels, {}};
    out.pixels.resize(static_cast<std::size_t>(width * picture.height * channels));
    for (std::int64_t y = 0; y < picture.height; ++y)
        for (std::int64_t x = 0; x < width; ++x)
            for (std::int64_t c = 0; c < channels; ++c) {
                std::int32_t sum = half;
                const auto i = static_cast<std::size_t>(x);
                for (std::int64_t t = 0; t < weights.count[i]; ++t)
                    sum += weights.of(x)[t] *
                           picture.pixels[static_cast<std::size_t>(
                               (y * picture.width + weights.first[i] + t) * channels + c)];
                out.pixels[static_cast<std::size_t>((y * width + x) * channels + c)] = rounded(sum);
            }
    return out;
}

Picture alongColumns(const Picture& picture, std::int64_t height, ResizeFilter filter)
{
    const Weights weights = weightsFor(picture.height, height, filter);
    const std::int64_t stride = picture.width * picture.channels;
    Picture out{picture.width, height, picture.channels, {}};
    out.pixels.resize(static_cast<std::size_t>(stride * height));
    for (std::int64_t y = 0; y < height; ++y)
        for (std::int64_t x = 0; x < stride; ++x) {
            std::int32_t sum = half;
            const auto i = static_cast<std::size_t>(y);
            for (std::int64_t t = 0; t < weights.count[i]; ++t)
                sum +=
                    weights.of(y)[t] *
                    picture.pixels[static_cast<std::size_t>((weights.first[i] + t) * stride + x)];
            out.pixels[static_cast<std::size_t>(y * stride + x)] = rounded(sum);
        }
    return out;
}

} // namespace

Picture resized(const Picture& picture, PictureSize size, ResizeFilter filter)
{
    Picture out = size.width == picture.width ? picture : alongRows(picture, size.width, filter);
    return size.height == out.height ? out : alongColumns(out, size.height, filter);
}

Picture prepared(const Picture& picture, const Preprocessing& preprocessing, std::int64_t channels)
{
    Picture out = withChannels(picture, channels);
    if (preprocessing.resize > 0)
        out = resized(out, resizedTo(out, preprocessing.resize), preprocessing.filter);
    return preprocessing.crop > 0 ? centreCropped(out, preprocessing.crop) : out;
}

} // namespace monotail
