// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/catalogue.h"

#include <unordered_map>

#include "base/text.h"
#include "checkpoint/catalogue_budget.h"
#include "checkpoint/tensor_layout.h"

namespace monotail {

namespace {

// As CatalogueBudget: values shared many times over are walked once for each name they have.
constexpr std::size_t deepest = 200;
constexpr std::size_t mostScalars = 10'000;
constexpr std::size_t mostObjects = 1'000;
constexpr std::size_t longestKey = 1'000;
constexpr std::size_t longestText = 4'000;

class Walker
{
public:
    Walker(const PickleGraph& graph, Checkpoint& checkpoint)
        : m_graph(graph), m_checkpoint(checkpoint), m_budget(checkpoint),
          m_onPath(graph.nodes.size(), false)
    {}

    void visit(PickleId id);

private:
    void visitDict(const PickleNode& dict);
    void visitSequence(const PickleNode& list);
    std::vector<std::int64_t> wholeNumbers(const PickleNode& list) const;
    void visitObject(PickleId id);
    void visitState(PickleId id);
    void visitModule(const PickleNode& state);
    void visitEntries(const PickleNode& dict);
    void visitChild(const std::string& key, PickleId value);
    void addTensor(const TensorReference& reference);
    void addScalar(PickleScalar value);
    void addObject(const std::string& what);
    bool isContainer(PickleId id) const;
    const PickleNode* moduleState(const PickleNode& object) const;

    const PickleGraph& m_graph;
    Checkpoint& m_checkpoint;
    CatalogueBudget m_budget;
    std::vector<bool> m_onPath; ///< values may contain themselves
    std::string m_name;         ///< of the value being visited
    std::size_t m_container = 0;
    std::size_t m_depth = 0;
    bool m_inModule = false;
};

bool Walker::isContainer(PickleId id) const
{
    const PickleKind kind = m_graph.at(id).kind;
    return kind == PickleKind::Dict || kind == PickleKind::List || kind == PickleKind::Tuple ||
           kind == PickleKind::Object;
}

void Walker::visit(PickleId id)
{
    if (m_onPath[id] || !isContainer(id))
        return;
    if (m_depth == deepest)
        throw Error(message("{}: values are nested more than {} levels deep at {}; save the "
                            "state_dict alone",
                            m_checkpoint.path.string(), deepest, printable(m_name)));
    m_onPath[id] = true;
    ++m_depth;
    const PickleNode& node = m_graph.at(id);
    if (node.kind == PickleKind::Dict)
        visitDict(node);
    else if (node.kind == PickleKind::Object)
        visitObject(id);
    else
        visitSequence(node);
    --m_depth;
    m_onPath[id] = false;
}

void Walker::visitChild(const std::string& key, PickleId value)
{
    m_budget.spendSteps(1 + (key.size() + m_graph.at(value).text.size()) / 16);
    if (key.size() > longestKey)
        return;
    const std::size_t length = m_name.size();
    if (length > 0)
        m_name += '.';
    m_name += key;
    if (auto scalar = scalarValue(m_graph, value)) {
        if (!m_inModule)
            addScalar(std::move(*scalar));
    } else if (isContainer(value)) {
        visit(value);
    } else if (!m_inModule && m_graph.at(value).kind != PickleKind::None) {
        addObject(objectText(m_graph, value));
    }
    m_name.resize(length);
}

void Walker::visitEntries(const PickleNode& dict)
{
    for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2)
        visitChild(keyText(m_graph, dict.items[i]), dict.items[i + 1]);
}

void Walker::visitDict(const PickleNode& dict)
{
    const std::size_t outer = m_container;
    if (!m_inModule)
        m_container = m_name.empty() ? 0 : m_name.size() + 1;
    visitEntries(dict);
    m_container = outer;
}

/// The list's numbers, if it holds whole numbers and nothing else.
std::vector<std::int64_t> Walker::wholeNumbers(const PickleNode& list) const
{
    std::vector<std::int64_t> values;
    for (const PickleId item : list.items) {
        if (m_graph.at(item).kind == PickleKind::Text)
            return {}; // not copied, it may be long
        const auto scalar = scalarValue(m_graph, item);
        const auto* whole = scalar ? std::get_if<std::int64_t>(&*scalar) : nullptr;
        if (!whole)
            return {};
        values.push_back(*whole);
    }
    return values;
}

/// Elements are named by their index; texts and broken numbers in lists are not listed.
void Walker::visitSequence(const PickleNode& list)
{
    m_budget.spendSteps(list.items.size());
    if (std::vector<std::int64_t> values = wholeNumbers(list);
        !m_inModule && values.size() > 1 && m_budget.takesList(values.size())) {
        m_budget.spendBytes(m_name.size());
        m_checkpoint.lists.push_back({m_name, std::move(values)});
    }
    for (std::size_t i = 0; i < list.items.size(); ++i) {
        m_budget.spendSteps(1);
        if (isContainer(list.items[i]) && !scalarValue(m_graph, list.items[i]))
            visitChild(std::to_string(i), list.items[i]);
    }
}

const PickleNode* Walker::moduleState(const PickleNode& object) const
{
    if (object.state == noPickle || m_graph.at(object.state).kind != PickleKind::Dict)
        return nullptr;
    const PickleNode& state = m_graph.at(object.state);
    if (className(m_graph, object.callable).rfind("__torch__", 0) == 0)
        return &state; // TorchScript: parameters and submodules lie side by side
    for (std::size_t i = 0; i < state.items.size(); i += 2) {
        const PickleNode& key = m_graph.at(state.items[i]);
        if (key.kind == PickleKind::Text && (key.text == "_parameters" || key.text == "_modules"))
            return &state;
    }
    return nullptr;
}

void Walker::visitObject(PickleId id)
{
    const PickleNode& object = m_graph.at(id);
    if (const auto tensor = tensorReference(m_graph, id))
        return addTensor(*tensor);
    if (const auto unread = unreadTensor(m_graph, id))
        return addObject(*unread);
    const PickleNode* module = moduleState(object);
    if (!m_inModule)
        addObject(objectText(m_graph, id));
    if (module) {
        const std::size_t container = m_container;
        const bool outermost = !m_inModule;
        if (outermost)
            m_container = m_name.empty() ? 0 : m_name.size() + 1;
        m_inModule = true;
        visitModule(*module);
        m_inModule = !outermost;
        m_container = container;
        return;
    }
    visitEntries(object);
    if (object.elements != noPickle)
        visitSequence(m_graph.at(object.elements));
    if (object.state != noPickle)
        visitState(object.state);
}

/// An object's attributes: a dictionary, or (dictionary, slots).
void Walker::visitState(PickleId id)
{
    const PickleNode& state = m_graph.at(id);
    if (m_onPath[id])
        return;
    if (state.kind == PickleKind::Dict)
        visit(id);
    else if (state.kind == PickleKind::Tuple && state.items.size() == 2)
        for (const PickleId part : state.items)
            if (m_graph.at(part).kind == PickleKind::Dict)
                visit(part);
}

/// torch.nn.Module keeps what it owns in three dictionaries that names leave out.
void Walker::visitModule(const PickleNode& state)
{
    for (std::size_t i = 0; i + 1 < state.items.size(); i += 2) {
        const std::string key = keyText(m_graph, state.items[i]);
        const PickleNode& value = m_graph.at(state.items[i + 1]);
        if ((key == "_parameters" || key == "_buffers" || key == "_modules") &&
            value.kind == PickleKind::Dict)
            visit(state.items[i + 1]);
        else
            visitChild(key, state.items[i + 1]);
    }
}

void Walker::addTensor(const TensorReference& reference)
{
    Tensor tensor;
    tensor.name = m_name.empty() ? "tensor" : m_name;
    tensor.dtype = reference.dtype;
    tensor.shape = reference.shape;
    tensor.stride = reference.stride;
    tensor.storage = reference.storage.key;
    tensor.container = m_name.empty() ? 0 : m_container;
    if (__builtin_add_overflow(reference.offset, reference.storage.viewOffset, &tensor.offset))
        tensor.offset = -1;
    checkLayout(m_checkpoint, tensor);
    m_budget.spendTensor(tensor);
    m_checkpoint.tensors.push_back(std::move(tensor));
}

void Walker::addScalar(PickleScalar value)
{
    if (m_checkpoint.scalars.size() == mostScalars)
        return;
    if (const auto* text = std::get_if<std::string>(&value); text && text->size() > longestText)
        return addObject(message("text of {} bytes", text->size()));
    m_budget.spendBytes(m_name.size());
    m_checkpoint.scalars.push_back({m_name, std::move(value)});
}

void Walker::addObject(const std::string& what)
{
    if (m_checkpoint.objects.size() == mostObjects)
        return;
    m_budget.spendBytes(m_name.size() + what.size());
    m_checkpoint.objects.push_back(m_name.empty() ? what : m_name + ": " + what);
}

/// Two entries of one name (the last wins in Python too) would make names ambiguous.
void dropRepeatedNames(Checkpoint& checkpoint)
{
    std::unordered_map<std::string, std::size_t> last;
    for (std::size_t i = 0; i < checkpoint.tensors.size(); ++i)
        last[checkpoint.tensors[i].name] = i;
    if (last.size() == checkpoint.tensors.size())
        return;
    std::vector<Tensor> kept;
    std::string repeated;
    for (std::size_t i = 0; i < checkpoint.tensors.size(); ++i) {
        Tensor& tensor = checkpoint.tensors[i];
        if (last[tensor.name] != i)
            repeated = tensor.name;
        else
            kept.push_back(std::move(tensor));
    }
    checkpoint.warnings.push_back(message("{} tensors carry a name that a later one carries too "
                                          "({}); the last of each name is used",
                                          checkpoint.tensors.size() - kept.size(),
                                          printable(repeated)));
    checkpoint.tensors = std::move(kept);
}

} // namespace

std::map<std::string, StorageReference> mentionedStorages(const PickleGraph& graph)
{
    std::map<std::string, StorageReference> storages;
    for (PickleId id = 0; id < graph.nodes.size(); ++id)
        if (const auto storage = storageReference(graph, id))
            storages.emplace(storage->key, *storage);
    return storages;
}

void catalogue(const PickleGraph& graph, Checkpoint& checkpoint)
{
    Walker(graph, checkpoint).visit(graph.root);
    dropRepeatedNames(checkpoint);
}

} // namespace monotail
