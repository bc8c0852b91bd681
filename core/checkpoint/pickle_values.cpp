// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"
#include "checkpoint/pickle_machine.h"

/// The values a pickle builds, and the operations that combine them.
namespace monotail {

namespace {

constexpr std::array<std::string_view, 5> dictionaries{
    "collections.OrderedDict", "collections.defaultdict", "collections.Counter",
    "__builtin__.dict",        "builtins.dict",
};

} // namespace

bool PickleMachine::runContainer(unsigned op)
{
    switch (op) {
    case ')':
        pushId(m_emptyTuple);
        return true;
    case 0x85: // TUPLE1, TUPLE2, TUPLE3
    case 0x86:
    case 0x87: {
        std::vector<PickleId> items(op - 0x84);
        for (auto item = items.rbegin(); item != items.rend(); ++item)
            *item = pop();
        pushId(addTuple(std::move(items)));
        return true;
    }
    case 't':
        pushId(addTuple(popMark()));
        return true;
    case ']':
    case 'l':
        pushItems(PickleKind::List, op == 'l' ? popMark() : std::vector<PickleId>());
        return true;
    case '}':
        pushItems(PickleKind::Dict, {});
        return true;
    case 0x8f: // EMPTY_SET
    case 0x91: // FROZENSET
        pushItems(PickleKind::Set, op == 0x91 ? popMark() : std::vector<PickleId>());
        return true;
    case 'd': {
        const std::vector<PickleId> items = popMark();
        pushItems(PickleKind::Dict, {});
        setItems(top(), items);
        return true;
    }
    default:
        return false;
    }
}

bool PickleMachine::runEntry(unsigned op)
{
    switch (op) {
    case 'a': {
        const PickleId item = pop();
        append(top(), {item});
        return true;
    }
    case 's': {
        const PickleId value = pop();
        const PickleId key = pop();
        setItems(top(), {key, value});
        return true;
    }
    case 'e':
    case 0x90: { // ADDITEMS
        const std::vector<PickleId> items = popMark();
        append(top(), items);
        return true;
    }
    case 'u': {
        const std::vector<PickleId> items = popMark();
        setItems(top(), items);
        return true;
    }
    default:
        return false;
    }
}

bool PickleMachine::runObject(unsigned op)
{
    switch (op) {
    case 0x93: { // STACK_GLOBAL
        const PickleId name = pop();
        const PickleId module = pop();
        if (node(name).kind != PickleKind::Text || node(module).kind != PickleKind::Text)
            fail("the name of a class is not a text");
        pushGlobal(node(module).text, node(name).text);
        return true;
    }
    case 'R':
    case 0x81:   // NEWOBJ
    case 0x92: { // NEWOBJ_EX: keyword arguments, which nothing here looks at
        if (op == 0x92)
            pop();
        const PickleId arguments = pop();
        const PickleId callable = pop();
        pushObject(callable, arguments);
        return true;
    }
    case 'o': { // OBJ: class and arguments after the mark
        std::vector<PickleId> items = popMark();
        if (items.empty())
            fail("an object has no class");
        const PickleId callable = items.front();
        items.erase(items.begin());
        pushObject(callable, addTuple(std::move(items)));
        return true;
    }
    case 'b': {
        const PickleId state = pop();
        build(top(), state);
        return true;
    }
    case 'Q':
        pushItems(PickleKind::Persistent, {pop()});
        return true;
    default:
        return false;
    }
}

PickleId PickleMachine::add(PickleNode value)
{
    if (m_graph.nodes.size() >= m_limits.nodes)
        throw Error(message(m_limits.use == PickleUse::Values
                                ? "{}: the pickle holds more than {} values; save its numbers as "
                                  "NumPy arrays"
                                : "{}: the checkpoint's list of contents holds more than {} "
                                  "values; save the state_dict alone",
                            m_source, toGroupedText(static_cast<std::int64_t>(m_limits.nodes))));
    m_graph.nodes.push_back(std::move(value));
    return static_cast<PickleId>(m_graph.nodes.size() - 1);
}

PickleId PickleMachine::addTuple(std::vector<PickleId> items)
{
    PickleNode tuple;
    tuple.kind = PickleKind::Tuple;
    tuple.items = std::move(items);
    return add(std::move(tuple));
}

void PickleMachine::push(PickleNode value)
{
    pushId(add(std::move(value)));
}

void PickleMachine::pushText(PickleKind kind, std::string_view text)
{
    PickleNode value;
    value.kind = kind;
    value.text = text;
    push(std::move(value));
}

void PickleMachine::pushItems(PickleKind kind, std::vector<PickleId> items)
{
    PickleNode value;
    value.kind = kind;
    value.items = std::move(items);
    push(std::move(value));
}

void PickleMachine::pushLong(std::string_view littleEndian)
{
    if (littleEndian.size() > 8)
        return pushText(PickleKind::BigInteger, littleEndian);
    const bool negative = !littleEndian.empty() && (littleEndian.back() & 0x80);
    std::uint64_t bits = negative ? ~std::uint64_t{0} : 0;
    for (auto c = littleEndian.rbegin(); c != littleEndian.rend(); ++c)
        bits = bits << 8 | static_cast<unsigned char>(*c);
    PickleNode value;
    value.kind = PickleKind::Integer;
    value.integer = static_cast<std::int64_t>(bits);
    push(std::move(value));
}

void PickleMachine::pushGlobal(std::string_view module, std::string_view name)
{
    if (module.size() + name.size() > 1000)
        fail("the name of a class is too long");
    m_classNameBytes += module.size() + name.size();
    if (m_classNameBytes > 100'000'000)
        fail("it names too many classes");
    m_graph.texts.push_back(std::string(module) + "." + std::string(name));
    pushText(PickleKind::Global, m_graph.texts.back());
}

void PickleMachine::pushObject(PickleId callable, PickleId arguments)
{
    const PickleKind kind = node(callable).kind;
    if (kind != PickleKind::Global && kind != PickleKind::Object && kind != PickleKind::Persistent)
        fail("an object is made from something that is no class");
    if (node(arguments).kind != PickleKind::Tuple)
        fail("the arguments of a call are no tuple");
    if (pushedDictionary(callable, arguments))
        return;
    PickleNode object;
    object.kind = PickleKind::Object;
    object.callable = callable;
    object.arguments = arguments;
    push(std::move(object));
}

bool PickleMachine::pushedDictionary(PickleId callable, PickleId arguments)
{
    if (std::find(dictionaries.begin(), dictionaries.end(), node(callable).text) ==
        dictionaries.end())
        return false;
    std::vector<PickleId> pairs;
    if (!node(arguments).items.empty()) {
        const PickleId first = node(arguments).items.front();
        if (node(first).kind == PickleKind::List || node(first).kind == PickleKind::Tuple)
            for (const PickleId pair : node(first).items) {
                if (node(pair).items.size() != 2)
                    fail("a dictionary is made from something that is no pair");
                pairs.insert(pairs.end(), node(pair).items.begin(), node(pair).items.end());
            }
        else if (node(first).kind == PickleKind::Dict)
            pairs = node(first).items;
    }
    // A few bytes can ask for a copy of a long list: copies count like values.
    m_copied += pairs.size();
    if (m_copied > m_limits.nodes)
        fail("it copies dictionaries too often");
    pushItems(PickleKind::Dict, {});
    setItems(top(), pairs);
    return true;
}

PickleId PickleMachine::top()
{
    if (m_stack.size() <= (m_marks.empty() ? 0 : m_marks.back()))
        fail(message("a value is missing before byte {}", m_at));
    return m_stack.back();
}

PickleId PickleMachine::pop()
{
    const PickleId id = top();
    m_stack.pop_back();
    return id;
}

std::vector<PickleId> PickleMachine::popMark()
{
    if (m_marks.empty())
        fail(message("a mark is missing before byte {}", m_at));
    const auto first = m_stack.begin() + static_cast<std::ptrdiff_t>(m_marks.back());
    m_marks.pop_back();
    std::vector<PickleId> items(first, m_stack.end());
    m_stack.erase(first, m_stack.end());
    return items;
}

void PickleMachine::memoize(std::uint64_t key)
{
    m_memo[key] = top();
}

void PickleMachine::recall(std::uint64_t key)
{
    const auto found = m_memo.find(key);
    if (found == m_memo.end())
        fail(message("it refers to value {}, which is not there", key));
    pushId(found->second);
}

} // namespace monotail
