// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "checkpoint/pickle.h"

namespace monotail {

/// The stack machine behind readPickle(), as Python's pickletools documents it.
class PickleMachine
{
public:
    PickleMachine(std::span<const std::byte> bytes, std::string source, const PickleLimits& limits);
    PickleGraph run();

private:
    // Each handles the opcodes of one group; false: the opcode is none of them.
    bool runAtom(unsigned op);
    bool runText(unsigned op);
    bool runLineText(unsigned op);
    bool runStack(unsigned op);
    bool runMemo(unsigned op);
    bool runContainer(unsigned op);
    bool runEntry(unsigned op);
    bool runObject(unsigned op);

    [[noreturn]] void fail(const std::string& what) const;
    [[noreturn]] void failUnknown(unsigned op) const;
    std::string_view take(std::uint64_t size);
    template <typename Integer>
    Integer takeNumber();
    std::string_view takeLine();

    void push(PickleNode node);
    void pushId(PickleId id) { m_stack.push_back(id); }
    void pushText(PickleKind kind, std::string_view text);
    void pushItems(PickleKind kind, std::vector<PickleId> items);
    void pushLong(std::string_view littleEndian);
    void pushNumberLine(std::string_view line);
    void pushGlobal(std::string_view module, std::string_view name);
    void pushObject(PickleId callable, PickleId arguments);
    PickleId add(PickleNode node);
    PickleId addTuple(std::vector<PickleId> items);
    PickleId top();
    PickleId pop();
    std::vector<PickleId> popMark();
    PickleNode& node(PickleId id) { return m_graph.nodes[id]; }

    void memoize(std::uint64_t key);
    void recall(std::uint64_t key);
    std::uint64_t memoKey(std::string_view line) const;
    void append(PickleId list, const std::vector<PickleId>& items);
    void setItems(PickleId dict, const std::vector<PickleId>& items);
    void build(PickleId object, PickleId state);
    /// The one kind of call that is understood here, because SETITEMS follows it: empty
    /// dictionaries, or dictionaries from a list of pairs.
    bool pushedDictionary(PickleId callable, PickleId arguments);

    std::span<const std::byte> m_bytes;
    std::string m_source;
    PickleLimits m_limits;
    PickleGraph m_graph;
    std::size_t m_at = 0;
    std::size_t m_copied = 0;
    std::vector<PickleId> m_stack;
    std::vector<std::size_t> m_marks;
    std::unordered_map<std::uint64_t, PickleId> m_memo;
    PickleId m_none = noPickle;
    PickleId m_true = noPickle;
    PickleId m_false = noPickle;
    PickleId m_emptyTuple = noPickle;
    std::size_t m_classNameBytes = 0; ///< texts may be shared, names are made of them anew
};

/// Undoes Python's backslash escapes of protocol 0: repr() of a byte string, or the
/// raw-unicode-escape of a text (only \uXXXX and \UXXXXXXXX).
enum class PickleEscapes { ByteString, RawUnicode };
std::string unescapedPickle(std::string_view text, PickleEscapes escapes);

} // namespace monotail
