// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <limits>

#include "checkpoint/byte_order.h"
#include "checkpoint/numpy_objects.h"
#include "checkpoint/torch_objects.h"

namespace monotail {

namespace {

struct NumpyType
{
    std::string_view code;
    DType dtype;
};
constexpr std::array<NumpyType, 12> numpyTypes{{
    {"f8", DType::Float64},
    {"f4", DType::Float32},
    {"f2", DType::Float16},
    {"i8", DType::Int64},
    {"i4", DType::Int32},
    {"i2", DType::Int16},
    {"i1", DType::Int8},
    {"u8", DType::UInt64},
    {"u4", DType::UInt32},
    {"u2", DType::UInt16},
    {"u1", DType::UInt8},
    {"b1", DType::Bool},
}};

/// "<f4" as a tensor's element type; nothing unless little-endian.
std::optional<DType> dtypeOf(std::string_view descr)
{
    for (const NumpyType& type : numpyTypes)
        if (descr.substr(1) == type.code && descr.front() != '>')
            return type.dtype;
    return {};
}

/// UTF-8 of numpy's texts, 4 bytes for each character and zeros at the end.
std::optional<PickleScalar> textOf(std::string_view utf32)
{
    std::string out;
    for (std::size_t i = 0; i + 4 <= utf32.size(); i += 4) {
        const auto c = loadLittle<std::uint32_t>(reinterpret_cast<const std::byte*>(&utf32[i]));
        const auto put = [&](std::uint32_t bits) { out += static_cast<char>(bits); };
        if (c >= 0x110000)
            return {};
        if (c >= 0x10000)
            put(0xf0 | c >> 18);
        if (c >= 0x800)
            put(c >= 0x10000 ? 0x80 | (c >> 12 & 0x3f) : 0xe0 | c >> 12);
        if (c >= 0x80)
            put(c >= 0x800 ? 0x80 | (c >> 6 & 0x3f) : 0xc0 | c >> 6);
        if (c != 0)
            put(c >= 0x80 ? 0x80 | (c & 0x3f) : c);
    }
    return out;
}

/// One element; integers as such, because a double would round large ones.
std::optional<PickleScalar> numberOf(DType type, const std::byte* at)
{
    switch (type) {
    case DType::Bool:
        return std::string(*at == std::byte{0} ? "False" : "True"); // as Python's own
    case DType::Int64:
        return loadLittle<std::int64_t>(at);
    case DType::UInt64: {
        const auto value = loadLittle<std::uint64_t>(at);
        if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return {};
        return static_cast<std::int64_t>(value);
    }
    default:
        if (isFloating(type))
            return readElement(type, at);
        return static_cast<std::int64_t>(readElement(type, at));
    }
}

std::optional<PickleScalar> valueOf(const NumpyScalar& scalar)
{
    if (scalar.descr.size() > 1 && scalar.descr[1] == 'U' && scalar.descr[0] != '>')
        return textOf(scalar.bytes);
    const auto dtype = dtypeOf(scalar.descr);
    if (!dtype || scalar.bytes.size() != sizeOf(*dtype))
        return {};
    return numberOf(*dtype, reinterpret_cast<const std::byte*>(scalar.bytes.data()));
}

} // namespace

std::optional<PickleScalar> scalarValue(const PickleGraph& graph, PickleId id)
{
    const PickleNode& node = graph.at(id);
    switch (node.kind) {
    case PickleKind::Integer:
        return node.integer;
    case PickleKind::Real:
        return node.real;
    case PickleKind::Text:
        return std::string(node.text);
    case PickleKind::Bool:
        return std::string(node.integer ? "True" : "False");
    case PickleKind::Object:
        if (const auto scalar = numpyScalar(graph, id))
            return valueOf(*scalar);
        return {};
    default:
        return {};
    }
}

} // namespace monotail
