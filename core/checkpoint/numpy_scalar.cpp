// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "base/text.h"
#include "checkpoint/torch_objects.h"

namespace monotail {

namespace {

struct NumpyType
{
    std::string_view code;
    DType dtype;
};
constexpr std::array<NumpyType, 10> numpyTypes{{
    {"f8", DType::Float64},
    {"f4", DType::Float32},
    {"f2", DType::Float16},
    {"i8", DType::Int64},
    {"i4", DType::Int32},
    {"i2", DType::Int16},
    {"i1", DType::Int8},
    {"u1", DType::UInt8},
    {"b1", DType::Bool},
    {"?", DType::Bool},
}};

bool calls(const PickleGraph& graph, const PickleNode& node, std::string_view name)
{
    return node.kind == PickleKind::Object && graph.at(node.callable).kind == PickleKind::Global &&
           graph.at(node.callable).text == name;
}

/// numpy.dtype('f4', ...) with state (version, '<', ...): nothing unless little-endian.
std::optional<DType> numpyDtype(const PickleGraph& graph, PickleId id)
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
    for (const NumpyType& type : numpyTypes)
        if (code.kind == PickleKind::Text && code.text == type.code)
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

std::optional<PickleScalar> numpyScalar(const PickleGraph& graph, const PickleNode& node)
{
    if (!calls(graph, node, "numpy.core.multiarray.scalar") &&
        !calls(graph, node, "numpy._core.multiarray.scalar"))
        return {};
    const std::vector<PickleId>& arguments = graph.at(node.arguments).items;
    if (arguments.size() != 2)
        return {};
    const auto dtype = numpyDtype(graph, arguments[0]);
    const auto bytes = bytesOf(graph, arguments[1]);
    if (!dtype || !bytes || bytes->size() != sizeOf(*dtype))
        return {};
    const double value = readElement(*dtype, reinterpret_cast<const std::byte*>(bytes->data()));
    if (isFloating(*dtype))
        return value;
    return static_cast<std::int64_t>(value);
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
