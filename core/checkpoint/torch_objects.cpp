// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/torch_objects.h"

#include "base/text.h"

namespace monotail {

namespace {

constexpr int deepestWrapper = 8;         ///< parameters of subclasses of tensors of ...
constexpr std::size_t longestKey = 1'000; ///< of a storage; each of its tensors copies it

std::optional<std::int64_t> integerOf(const PickleGraph& graph, PickleId id)
{
    if (graph.at(id).kind != PickleKind::Integer)
        return {};
    return graph.at(id).integer;
}

/// A tuple or list of integers, or torch.Size around one.
std::optional<std::vector<std::int64_t>> integersOf(const PickleGraph& graph, PickleId id)
{
    const PickleNode* node = &graph.at(id);
    if (node->kind == PickleKind::Object && globalName(graph, node->callable) == "torch.Size") {
        const PickleNode& arguments = graph.at(node->arguments);
        if (arguments.items.size() != 1)
            return {};
        node = &graph.at(arguments.items[0]);
    }
    if (node->kind != PickleKind::Tuple && node->kind != PickleKind::List)
        return {};
    std::vector<std::int64_t> values;
    for (const PickleId item : node->items) {
        const auto value = integerOf(graph, item);
        if (!value || values.size() == 64)
            return {};
        values.push_back(*value);
    }
    return values;
}

/// "torch.bfloat16", the way newer files name an element type beside an untyped storage.
std::optional<DType> dtypeOfGlobal(std::string_view name)
{
    constexpr std::string_view module = "torch.";
    return name.substr(0, module.size()) == module ? dtypeNamed(name.substr(module.size()))
                                                   : std::nullopt;
}

bool isWrapper(std::string_view name)
{
    return name == "torch._utils._rebuild_parameter" ||
           name == "torch._utils._rebuild_parameter_with_state" ||
           name == "torch.nn.parameter.Parameter" || name == "torch.nn.parameter.Buffer";
}

bool isSubclass(std::string_view name)
{
    return name == "torch._tensor._rebuild_from_type_v2" ||
           name == "torch._tensor._rebuild_from_type" || name == "torch.tensor._rebuild_from_type";
}

bool isRebuild(std::string_view name)
{
    return name == "torch._utils._rebuild_tensor" || name == "torch._utils._rebuild_tensor_v2" ||
           name == "torch._utils._rebuild_tensor_v3" || name == "torch._utils._rebuild_qtensor";
}

std::optional<TensorReference> rebuilt(const PickleGraph& graph, PickleId callable, PickleId given)
{
    const PickleNode& arguments = graph.at(given);
    if (arguments.items.size() < 4)
        return {};
    const auto storage = storageReference(graph, arguments.items[0]);
    const auto offset = integerOf(graph, arguments.items[1]);
    const auto shape = integersOf(graph, arguments.items[2]);
    const auto stride = integersOf(graph, arguments.items[3]);
    if (!storage || !offset || !shape || !stride)
        return {};
    if (!pendingBits(graph, callable, given).empty())
        return {}; // the stored numbers are not the tensor's
    TensorReference tensor{*storage, storage->dtype, *offset, *shape, *stride};
    if (globalName(graph, callable) ==
        "torch._utils._rebuild_tensor_v3") { // ..., requires_grad, hooks, dtype, ...
        if (arguments.items.size() < 7)
            return {};
        const auto dtype = dtypeOfGlobal(globalName(graph, arguments.items[6]));
        if (!dtype)
            return {};
        tensor.dtype = *dtype;
    }
    return tensor;
}

/// The tensor that calling `callable` with `arguments` would make.
std::optional<TensorReference> calledTensor(const PickleGraph& graph, PickleId callable,
                                            PickleId arguments, int depth)
{
    const std::string_view name = globalName(graph, callable);
    const PickleNode& given = graph.at(arguments);
    if (depth > deepestWrapper || given.kind != PickleKind::Tuple || given.items.empty())
        return {};
    if (isRebuild(name))
        return rebuilt(graph, callable, arguments);
    if (isWrapper(name)) {
        const PickleNode& inner = graph.at(given.items[0]);
        if (inner.kind == PickleKind::Object)
            return calledTensor(graph, inner.callable, inner.arguments, depth + 1);
    }
    if (isSubclass(name) && given.items.size() >= 3) // function, type, arguments, state
        return calledTensor(graph, given.items[0], given.items[2], depth + 1);
    return {};
}

} // namespace

std::optional<StorageReference> storageReference(const PickleGraph& graph, PickleId id)
{
    if (graph.at(id).kind != PickleKind::Persistent)
        return {};
    const PickleNode& tuple = graph.at(graph.at(id).items[0]);
    if (tuple.kind != PickleKind::Tuple || tuple.items.size() < 5 ||
        graph.at(tuple.items[0]).text != "storage")
        return {};
    const std::string_view storageClass = lastPart(globalName(graph, tuple.items[1]));
    const auto dtype =
        storageClass == "UntypedStorage" ? DType::UInt8 : dtypeOfStorage(storageClass);
    const auto elements = integerOf(graph, tuple.items[4]);
    const PickleNode& key = graph.at(tuple.items[2]);
    if (!dtype || !elements || *elements < 0 || key.kind != PickleKind::Text ||
        key.text.size() > longestKey)
        return {};
    StorageReference storage{std::string(key.text), *dtype, *elements, 0};
    if (tuple.items.size() > 5) { // legacy: None, or (key, offset, size) of a view
        const PickleNode& view = graph.at(tuple.items[5]);
        if (view.kind == PickleKind::Tuple && view.items.size() == 3)
            storage.viewOffset = integerOf(graph, view.items[1]).value_or(-1);
    }
    return storage;
}

std::optional<TensorReference> tensorReference(const PickleGraph& graph, PickleId id)
{
    const PickleNode& node = graph.at(id);
    if (node.kind != PickleKind::Object)
        return {};
    return calledTensor(graph, node.callable, node.arguments, 0);
}

} // namespace monotail
