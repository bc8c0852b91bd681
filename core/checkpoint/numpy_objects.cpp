// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/numpy_objects.h"

namespace monotail {

namespace {

constexpr std::size_t mostAxes = 64;
constexpr std::size_t longestCode = 32;   ///< of an element type
constexpr std::size_t longestScalar = 64; ///< bytes

/// What a call of `module.name` was given; nothing if the value is none. NumPy 2 renamed
/// numpy.core to numpy._core.
const std::vector<PickleId>* argumentsOf(const PickleGraph& graph, const PickleNode& node,
                                         std::string_view name)
{
    if (node.kind != PickleKind::Object || node.arguments == noPickle)
        return nullptr;
    const PickleNode& callable = graph.at(node.callable);
    if (callable.kind != PickleKind::Global)
        return nullptr;
    constexpr std::string_view core = "numpy.core.", newCore = "numpy._core.";
    const bool isNew = callable.text.substr(0, newCore.size()) == newCore;
    const bool isCalled =
        callable.text == name || (isNew && name.substr(0, core.size()) == core &&
                                  callable.text.substr(newCore.size()) == name.substr(core.size()));
    return isCalled ? &graph.at(node.arguments).items : nullptr;
}

std::optional<std::vector<std::int64_t>> shapeOf(const PickleGraph& graph, PickleId id)
{
    const PickleNode& tuple = graph.at(id);
    if (tuple.kind != PickleKind::Tuple || tuple.items.size() > mostAxes)
        return {};
    std::vector<std::int64_t> shape;
    for (const PickleId item : tuple.items) {
        if (graph.at(item).kind != PickleKind::Integer)
            return {};
        shape.push_back(graph.at(item).integer);
    }
    return shape;
}

/// _reconstruct(ndarray, (0,), b'b') and the state (1, shape, dtype, is Fortran, data).
std::optional<NumpyArray> reconstructed(const PickleGraph& graph, const PickleNode& node)
{
    if (node.state == noPickle || graph.at(node.state).kind != PickleKind::Tuple)
        return {};
    const std::vector<PickleId>& state = graph.at(node.state).items;
    if (state.size() != 5)
        return {};
    const auto shape = shapeOf(graph, state[1]);
    const auto descr = numpyDescr(graph, state[2]);
    if (!shape || !descr)
        return {};
    const bool isFortran = graph.at(state[3]).integer != 0;
    return NumpyArray{*descr, *shape, isFortran ? ArrayOrder::ColumnMajor : ArrayOrder::RowMajor,
                      state[4]};
}

/// _frombuffer(buffer, dtype, shape, order).
std::optional<NumpyArray> fromBuffer(const PickleGraph& graph,
                                     const std::vector<PickleId>& arguments)
{
    if (arguments.size() != 4)
        return {};
    const auto descr = numpyDescr(graph, arguments[1]);
    const auto shape = shapeOf(graph, arguments[2]);
    if (!shape || !descr)
        return {};
    const bool isFortran = graph.at(arguments[3]).text == "F";
    return NumpyArray{*descr, *shape, isFortran ? ArrayOrder::ColumnMajor : ArrayOrder::RowMajor,
                      arguments[0]};
}

/// Code points up to 255 back to bytes, as Python's encode('latin1') does.
std::optional<std::string> latin1(std::string_view utf8)
{
    std::string bytes;
    bytes.reserve(utf8.size());
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto lead = static_cast<unsigned char>(utf8[i]);
        if (lead < 0x80) {
            bytes += utf8[i];
            continue;
        }
        const auto tail =
            i + 1 < utf8.size() ? static_cast<unsigned char>(utf8[i + 1]) : std::uint8_t{0};
        if ((lead != 0xc2 && lead != 0xc3) || (tail & 0xc0) != 0x80)
            return {};
        bytes += static_cast<char>(((lead & 3) << 6) | (tail & 0x3f));
        ++i;
    }
    return bytes;
}

} // namespace

std::optional<NumpyArray> numpyArray(const PickleGraph& graph, PickleId id)
{
    const PickleNode& node = graph.at(id);
    if (argumentsOf(graph, node, "numpy.core.multiarray._reconstruct"))
        return reconstructed(graph, node);
    if (const auto* arguments = argumentsOf(graph, node, "numpy.core.numeric._frombuffer"))
        return fromBuffer(graph, *arguments);
    return {};
}

std::optional<NumpyScalar> numpyScalar(const PickleGraph& graph, PickleId id)
{
    const auto* arguments = argumentsOf(graph, graph.at(id), "numpy.core.multiarray.scalar");
    if (!arguments || arguments->size() != 2)
        return {};
    auto descr = numpyDescr(graph, (*arguments)[0]);
    const PickleId data = (*arguments)[1];
    if (!descr)
        return {};
    if (const auto bytes = bytesInPlace(graph, data); bytes && bytes->size() <= longestScalar)
        return NumpyScalar{std::move(*descr), std::string(*bytes)};
    if (auto bytes = encodedBytes(graph, data, longestScalar))
        return NumpyScalar{std::move(*descr), std::move(*bytes)};
    return {};
}

std::optional<std::string> numpyDescr(const PickleGraph& graph, PickleId id)
{
    const PickleNode& node = graph.at(id);
    const auto* arguments = argumentsOf(graph, node, "numpy.dtype");
    if (!arguments || arguments->empty() || graph.at(arguments->front()).kind != PickleKind::Text)
        return {};
    std::string_view code = graph.at(arguments->front()).text.substr(0, longestCode);
    if (code == "?")
        code = "b1";
    if (code == "i1" || code == "u1" || code == "b1")
        return "|" + std::string(code);
    std::string_view order = "<";
    if (node.state != noPickle && graph.at(node.state).kind == PickleKind::Tuple) {
        const std::vector<PickleId>& state = graph.at(node.state).items; // (3, '<', ...)
        if (state.size() > 1 && graph.at(state[1]).text.size() == 1 &&
            graph.at(state[1]).text != "=")
            order = graph.at(state[1]).text;
    }
    return std::string(order) + std::string(code);
}

std::optional<std::string_view> bytesInPlace(const PickleGraph& graph, PickleId id)
{
    const PickleNode& node = graph.at(id);
    if (node.kind == PickleKind::Bytes || node.kind == PickleKind::Text)
        return node.text;
    return {};
}

std::optional<std::string> encodedBytes(const PickleGraph& graph, PickleId id, std::size_t longest)
{
    const PickleNode& node = graph.at(id);
    const auto* arguments = argumentsOf(graph, node, "_codecs.encode");
    if (!arguments)
        for (const char* type :
             {"__builtin__.bytes", "builtins.bytes", "__builtin__.bytearray", "builtins.bytearray"})
            if (const auto* given = argumentsOf(graph, node, type); given && given->empty())
                return std::string();
    if (!arguments || arguments->empty() || graph.at(arguments->front()).kind != PickleKind::Text)
        return {};
    const std::string_view text = graph.at(arguments->front()).text;
    return text.size() > longest ? std::nullopt : latin1(text);
}

} // namespace monotail
