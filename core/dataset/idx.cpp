// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/idx.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "checkpoint/tensor_layout.h"
#include "dataset/inflate.h"
#include "dataset/numpy_types.h"

namespace monotail {

namespace {

constexpr std::size_t mostAxes = 8;
constexpr std::size_t longestHeader = 4 + 4 * mostAxes;

struct IdxHeader
{
    NumberType type = NumberType::UInt8;
    std::vector<std::int64_t> shape;

    std::size_t size() const { return 4 + 4 * shape.size(); }
};

std::optional<NumberType> typeOf(std::byte code)
{
    switch (std::to_integer<int>(code)) {
    case 0x08:
        return NumberType::UInt8;
    case 0x09:
        return NumberType::Int8;
    case 0x0b:
        return NumberType::Int16;
    case 0x0c:
        return NumberType::Int32;
    case 0x0d:
        return NumberType::Float32;
    case 0x0e:
        return NumberType::Float64;
    default:
        return {};
    }
}

/// Nothing if the bytes begin with no whole header.
std::optional<IdxHeader> headerOf(std::span<const std::byte> bytes)
{
    if (bytes.size() < 8 || bytes[0] != std::byte{0} || bytes[1] != std::byte{0})
        return {};
    const auto type = typeOf(bytes[2]);
    const auto axes = std::to_integer<std::size_t>(bytes[3]);
    if (!type || axes == 0 || axes > mostAxes || bytes.size() < 4 + 4 * axes)
        return {};
    IdxHeader header{*type, {}};
    for (std::size_t axis = 0; axis < axes; ++axis) {
        std::int64_t size = 0;
        for (const std::byte byte : bytes.subspan(4 + 4 * axis, 4))
            size = size << 8 | std::to_integer<std::int64_t>(byte);
        header.shape.push_back(size);
    }
    return header;
}

bool isGzip(const MappedFile& file)
{
    const auto bytes = file.bytes();
    return bytes.size() > 2 && bytes[0] == std::byte{0x1f} && bytes[1] == std::byte{0x8b};
}

std::optional<IdxHeader> headerOf(const MappedFile& file)
{
    if (isGzip(file))
        return headerOf(inflatedStart(file.bytes(), Packing::Gzip, longestHeader));
    return headerOf(file.bytes());
}

/// The bytes that the header asks for; nothing if they leave 63 bits.
std::optional<std::int64_t> dataSize(const IdxHeader& header)
{
    const auto count = elementCount(header.shape);
    std::int64_t bytes = 0;
    if (!count ||
        __builtin_mul_overflow(*count, static_cast<std::int64_t>(sizeOf(header.type)), &bytes))
        return {};
    return bytes;
}

/// Each number's bytes in reverse.
std::shared_ptr<const std::vector<std::byte>> turned(std::span<const std::byte> bytes,
                                                     std::size_t size)
{
    auto copy = std::make_shared<std::vector<std::byte>>(bytes.begin(), bytes.end());
    for (auto at = copy->begin(); at != copy->end(); at += static_cast<std::ptrdiff_t>(size))
        std::reverse(at, at + static_cast<std::ptrdiff_t>(size));
    return copy;
}

} // namespace

bool looksLikeIdx(const MappedFile& file)
{
    return headerOf(file).has_value();
}

NumberArray readIdx(std::shared_ptr<const MappedFile> file)
{
    const std::string name = printable(file->path().string());
    const auto header = headerOf(*file);
    if (!header)
        throw Error(message("{}: this is no IDX file", name));
    const auto size = dataSize(*header);
    const bool isPacked = isGzip(*file);
    const auto held =
        static_cast<std::int64_t>(file->bytes().size() - (isPacked ? 0 : header->size()));
    if (!size || (!isPacked && *size != held))
        throw Error(message("{}: its header says {} of {} bytes each, but {} bytes follow; the "
                            "file is truncated, damaged or still being written",
                            name, shapeText(header->shape), sizeOf(header->type), held));
    NumberArray array{name, header->type, header->shape, {}, nullptr, nullptr};
    array.stride = numpyStride(header->shape, ArrayOrder::RowMajor);
    std::span<const std::byte> bytes = file->bytes();
    array.owner = std::move(file);
    if (isPacked) {
        const auto unpacked =
            inflated(bytes, Packing::Gzip, header->size() + static_cast<std::uint64_t>(*size), name,
                     "unpack it with gunzip");
        bytes = *unpacked;
        array.owner = unpacked;
    }
    bytes = bytes.subspan(header->size());
    if (sizeOf(array.type) > 1) {
        const auto little = turned(bytes, sizeOf(array.type));
        bytes = *little;
        array.owner = little;
    }
    array.data = bytes.data();
    return array;
}

} // namespace monotail
