// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <limits>

#include "base/text.h"
#include "checkpoint/byte_order.h"
#include "checkpoint/torch_objects.h"

namespace monotail {

namespace {

struct NumpyType
{
    std::string_view code;
    DType dtype;
};
constexpr std::array<NumpyType, 13> numpyTypes{{
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
    {"?", DType::Bool},
}};

bool calls(const PickleGraph& graph, const PickleNode& node, std::string_view name)
{
    return node.kind == PickleKind::Object && graph.at(node.callable).kind == PickleKind::Global &&
           graph.at(node.callable).text == name;
}

/// The code of numpy.dtype('f4', ...) with state (version, '<', ...): nothing unless little-endian.
std::optional<std::string_view> numpyCode(const PickleGraph& graph, PickleId id)
{
    const PickleNode& node = graph.at(id);
    if (!calls(graph, node, "numpy.dtype") || graph.at(node.arguments).items.empty())
        return {};
    const PickleNode& code = graph.at(graph.at(node.arguments).items[0]);
    if (node.state != noPickle) {
        const PickleNode& state = graph.at(node.state);
        if (state.kind == PickleKind::Tuple && state.items.size() > 1 &&
            graph.at(state.items[1]).text == ">")
            return {};
    }
    if (code.kind != PickleKind::Text)
        return {};
    return code.text;
}

std::optional<DType> numpyDtype(std::string_view code)
{
    for (const NumpyType& type : numpyTypes)
        if (code == type.code)
            return type.dtype;
    return {};
}

/// Code points up to 255 back to bytes, as Python's encode('latin1') does.
std::string latin1(std::string_view utf8)
{
    std::string bytes;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto lead = static_cast<unsigned char>(utf8[i]);
        if ((lead == 0xc2 || lead == 0xc3) && i + 1 < utf8.size())
            bytes += static_cast<char>(((lead & 3) << 6) |
                                       (static_cast<unsigned char>(utf8[++i]) & 0x3f));
        else
            bytes += utf8[i];
    }
    return bytes;
}

/// Bytes: as such, as Python 2's str, or as _codecs.encode(text, 'latin1') of protocol 2.
std::optional<std::string> bytesOf(const PickleGraph& graph, PickleId id)
{
    const PickleNode& node = graph.at(id);
    if (node.text.size() > 256)
        return {};
    if (node.kind == PickleKind::Bytes || node.kind == PickleKind::Text)
        return std::string(node.text);
    if (!calls(graph, node, "_codecs.encode") || graph.at(node.arguments).items.empty())
        return {};
    const PickleNode& text = graph.at(graph.at(node.arguments).items[0]);
    if (text.kind != PickleKind::Text || text.text.size() > 256)
        return {};
    return latin1(text.text);
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

std::optional<PickleScalar> numpyScalar(const PickleGraph& graph, const PickleNode& node)
{
    if (!calls(graph, node, "numpy.core.multiarray.scalar") &&
        !calls(graph, node, "numpy._core.multiarray.scalar"))
        return {};
    const std::vector<PickleId>& arguments = graph.at(node.arguments).items;
    if (arguments.size() != 2)
        return {};
    const auto code = numpyCode(graph, arguments[0]);
    const auto bytes = bytesOf(graph, arguments[1]);
    if (!code || !bytes)
        return {};
    if (code->substr(0, 1) == "U")
        return textOf(*bytes);
    const auto dtype = numpyDtype(*code);
    if (!dtype || bytes->size() != sizeOf(*dtype))
        return {};
    return numberOf(*dtype, reinterpret_cast<const std::byte*>(bytes->data()));
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
        return numpyScalar(graph, node);
    default:
        return {};
    }
}

} // namespace monotail
