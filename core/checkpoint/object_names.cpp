// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "checkpoint/torch_objects.h"

/// What the values of a pickle are called, as Python would print it.
namespace monotail {

std::string_view globalName(const PickleGraph& graph, PickleId id)
{
    if (id == noPickle || graph.at(id).kind != PickleKind::Global)
        return {};
    return graph.at(id).text;
}

std::string_view lastPart(std::string_view dotted)
{
    return dotted.substr(dotted.rfind('.') + 1); // npos + 1 is 0
}

namespace {

constexpr int deepestWrapper = 8;         ///< classes made of calls of ...
constexpr int deepestKey = 4;             ///< tuples in keys
constexpr std::size_t longestKey = 2'000; ///< about, of tuples: their texts may be shared
constexpr std::size_t mostBits = 16;      ///< entries of a tensor's metadata; real ones have two
constexpr std::string_view oldBuiltins = "__builtin__.";

/// Protocols 0 to 2 carry Python 2's names.
std::string todaysName(std::string_view name)
{
    if (name.substr(0, oldBuiltins.size()) == oldBuiltins)
        return "builtins." + std::string(name.substr(oldBuiltins.size()));
    return std::string(name);
}

/// Which argument of `callable` is the class of what it makes, if one is.
std::optional<std::size_t> placeOfClass(std::string_view callable)
{
    constexpr std::array<std::string_view, 5> first{"_reconstructor", "_reconstruct", "__newobj__",
                                                    "_rebuild_wrapper_subclass",
                                                    "getattr"}; // members of enumerations
    const std::string_view maker = lastPart(callable);
    for (const std::string_view name : first)
        if (maker == name)
            return 0;
    if (maker == "_rebuild_from_type_v2")
        return 1;
    return {};
}

/// Python's repr() of a text: quoted, control characters escaped.
std::string quoted(std::string_view text)
{
    const bool hasSingle = text.find('\'') != std::string_view::npos;
    const char quote = hasSingle && text.find('"') == std::string_view::npos ? '"' : '\'';
    std::string out(1, quote);
    for (const char c : text) {
        if (c == '\n')
            out += "\\n";
        else if (c == '\r')
            out += "\\r";
        else if (c == '\t')
            out += "\\t";
        else if (c == quote || c == '\\')
            out += {'\\', c};
        else
            out += c;
    }
    return out + quote;
}

/// Python's repr() of a float: the shortest digits, an exponent from 1e16 and below 1e-4.
std::string realText(double value)
{
    const double size = std::fabs(value);
    if (!std::isfinite(value))
        return toText(value);
    const bool isPlain = size == 0 || (size >= 1e-4 && size < 1e16);
    std::array<char, 32> buffer{};
    const auto result =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                      isPlain ? std::chars_format::fixed : std::chars_format::scientific);
    std::string text(buffer.data(), result.ptr);
    return isPlain && text.find('.') == std::string::npos ? text + ".0" : text;
}

enum class InTuple { No, Yes };

std::string keyTextAt(const PickleGraph& graph, PickleId id, InTuple place, int depth)
{
    const PickleNode& node = graph.at(id);
    switch (node.kind) {
    case PickleKind::Text:
        return place == InTuple::Yes ? quoted(node.text.substr(0, longestKey))
                                     : std::string(node.text);
    case PickleKind::Integer:
        return toText(node.integer);
    case PickleKind::Bool:
        return node.integer ? "True" : "False";
    case PickleKind::Real:
        return realText(node.real);
    case PickleKind::None:
        return "None";
    case PickleKind::Global:
        return message("<class '{}'>", todaysName(node.text));
    case PickleKind::Persistent:
    case PickleKind::Object:
        return message("<{}>", className(graph, id));
    case PickleKind::Tuple: {
        std::string out;
        for (const PickleId item : node.items)
            if (depth < deepestKey && out.size() < longestKey)
                out += (out.empty() ? "" : ", ") + keyTextAt(graph, item, InTuple::Yes, depth + 1);
        return message("({}{})", out, node.items.size() == 1 ? "," : "");
    }
    default:
        return "?";
    }
}

bool isTrue(const PickleGraph& graph, const PickleNode& dict, std::string_view key)
{
    for (std::size_t i = 0; i + 1 < std::min(dict.items.size(), 2 * mostBits); i += 2)
        if (graph.at(dict.items[i]).text == key && graph.at(dict.items[i + 1]).integer != 0)
            return true;
    return false;
}

/// "torch.sparse_coo": given as such, or as _get_layout('torch.sparse_coo').
std::string layoutText(const PickleGraph& graph, PickleId id)
{
    const PickleNode& node = graph.at(id);
    if (node.kind == PickleKind::Object && !graph.at(node.arguments).items.empty())
        if (const PickleNode& text = graph.at(graph.at(node.arguments).items[0]);
            text.kind == PickleKind::Text)
            return printable(text.text);
    return node.kind == PickleKind::Global ? std::string(node.text) : "sparse";
}

std::optional<std::string> unreadObject(const PickleGraph& graph, const PickleNode& object)
{
    const std::string_view name = globalName(graph, object.callable);
    const PickleNode& arguments = graph.at(object.arguments);
    if (arguments.items.empty())
        return {};
    if (name == "torch._utils._rebuild_sparse_tensor" ||
        name == "torch._utils._rebuild_sparse_csr_tensor")
        return layoutText(graph, arguments.items[0]) + " tensor";
    if (name == "torch._utils._rebuild_nested_tensor")
        return "nested tensor";
    if (name == "torch._utils._rebuild_meta_tensor_no_storage")
        return "meta tensor, without numbers";
    if (name == "torch._utils._rebuild_device_tensor_from_numpy" ||
        name == "torch._utils._rebuild_xla_tensor")
        return "tensor of another device, its numbers are not shown";
    if (const std::string bits = pendingBits(graph, object.callable, object.arguments);
        !bits.empty())
        return message("tensor with a pending {}, its numbers are not shown", bits);
    if (name == "torch._utils._rebuild_tensor_v3" && arguments.items.size() >= 7)
        return message("{} tensor, a type that is not read", globalName(graph, arguments.items[6]));
    return {};
}

} // namespace

std::string pendingBits(const PickleGraph& graph, PickleId callable, PickleId arguments)
{
    const std::string_view name = globalName(graph, callable);
    const bool isThird = name == "torch._utils._rebuild_tensor_v3";
    if (!isThird && name != "torch._utils._rebuild_tensor_v2")
        return {};
    const std::vector<PickleId>& items = graph.at(arguments).items;
    const std::size_t place = isThird ? 7 : 6;
    if (items.size() <= place || graph.at(items[place]).kind != PickleKind::Dict)
        return {};
    std::vector<std::string> bits;
    if (isTrue(graph, graph.at(items[place]), "conj"))
        bits.push_back("conjugation");
    if (isTrue(graph, graph.at(items[place]), "neg"))
        bits.push_back("negation");
    return joined(bits, " and ");
}

std::string className(const PickleGraph& graph, PickleId id)
{
    for (int depth = 0; depth < deepestWrapper; ++depth) {
        const PickleNode& node = graph.at(id);
        if (node.kind == PickleKind::Global) {
            return todaysName(node.text);
        } else if (node.kind == PickleKind::Persistent) {
            // ('module', class, file, source), ('storage', class, ...)
            const PickleNode& tuple = graph.at(node.items[0]);
            if (tuple.kind != PickleKind::Tuple || tuple.items.size() < 2)
                break;
            id = tuple.items[1];
        } else if (node.kind == PickleKind::Object) {
            const std::string_view maker = globalName(graph, node.callable);
            const std::vector<PickleId>& arguments = graph.at(node.arguments).items;
            const auto place = placeOfClass(maker);
            if (maker == "_codecs.encode")
                return "builtins.bytes";
            if (lastPart(maker) == "_frombuffer")
                return "numpy.ndarray";
            if (lastPart(maker) == "scalar" && maker.substr(0, 5) == "numpy")
                return "numpy.generic";
            id = place && *place < arguments.size() ? arguments[*place] : node.callable;
        } else {
            break;
        }
    }
    return "unknown object";
}

std::optional<std::string> unreadTensor(const PickleGraph& graph, PickleId id)
{
    for (int depth = 0; depth < deepestWrapper; ++depth) {
        const PickleNode& node = graph.at(id);
        if (node.kind != PickleKind::Object)
            return {};
        if (auto text = unreadObject(graph, node))
            return text;
        const std::string_view name = lastPart(globalName(graph, node.callable));
        const std::vector<PickleId>& arguments = graph.at(node.arguments).items;
        if (arguments.empty() || (name != "_rebuild_parameter" && name != "Parameter" &&
                                  name != "_rebuild_parameter_with_state"))
            return {};
        id = arguments[0];
    }
    return {};
}

std::string objectText(const PickleGraph& graph, PickleId id)
{
    switch (graph.at(id).kind) {
    case PickleKind::Bytes:
        return "builtins.bytes";
    case PickleKind::Set:
        return "builtins.set";
    case PickleKind::BigInteger:
        return "integer of more than 64 bits";
    default:
        return className(graph, id);
    }
}

std::string keyText(const PickleGraph& graph, PickleId id)
{
    return keyTextAt(graph, id, InTuple::No, 0);
}

} // namespace monotail
