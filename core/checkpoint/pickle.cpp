// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/pickle.h"

#include <algorithm>
#include <bit>

#include "base/error.h"
#include "base/text.h"
#include "checkpoint/byte_order.h"
#include "checkpoint/pickle_machine.h"

// Opcodes as in Python's Lib/pickle.py, protocols 0 to 5.
namespace monotail {

PickleGraph readPickle(std::span<const std::byte> bytes, const std::string& source,
                       const PickleLimits& limits)
{
    return PickleMachine(bytes, source, limits).run();
}

PickleMachine::PickleMachine(std::span<const std::byte> bytes, std::string source,
                             const PickleLimits& limits)
    : m_bytes(bytes), m_source(std::move(source)), m_limits(limits)
{
    // One node each, however often they occur.
    m_none = add({});
    PickleNode boolean;
    boolean.kind = PickleKind::Bool;
    m_false = add(boolean);
    boolean.integer = 1;
    m_true = add(boolean);
    m_emptyTuple = addTuple({});
}

PickleGraph PickleMachine::run()
{
    while (true) {
        // Values that are only repeated or marked take memory too.
        if (std::max({m_stack.size(), m_marks.size(), m_memo.size()}) > m_limits.nodes)
            fail("it piles up too many values");
        const auto op = static_cast<unsigned char>(take(1).front());
        if (op == '.')
            break;
        if (!(runAtom(op) || runText(op) || runLineText(op) || runMemo(op) || runStack(op) ||
              runContainer(op) || runEntry(op) || runObject(op)))
            failUnknown(op);
    }
    m_graph.root = pop();
    m_graph.size = m_at;
    return std::move(m_graph);
}

bool PickleMachine::runAtom(unsigned op)
{
    PickleNode value;
    value.kind = PickleKind::Integer;
    switch (op) {
    case 'N':
        pushId(m_none);
        return true;
    case 0x88:
    case 0x89:
        pushId(op == 0x88 ? m_true : m_false);
        return true;
    case 'K':
        value.integer = takeNumber<std::uint8_t>();
        break;
    case 'M':
        value.integer = takeNumber<std::uint16_t>();
        break;
    case 'J':
        value.integer = takeNumber<std::int32_t>();
        break;
    case 0x8a: // LONG1
        pushLong(take(takeNumber<std::uint8_t>()));
        return true;
    case 0x8b: // LONG4
        pushLong(take(takeNumber<std::uint32_t>()));
        return true;
    case 'G': { // BINFLOAT, the one big-endian number
        std::uint64_t bits = 0;
        for (const char c : take(8))
            bits = bits << 8 | static_cast<unsigned char>(c);
        value.kind = PickleKind::Real;
        value.real = std::bit_cast<double>(bits);
        break;
    }
    default:
        return false;
    }
    push(std::move(value));
    return true;
}

bool PickleMachine::runText(unsigned op)
{
    switch (op) {
    case 'X': // BINUNICODE
    case 'T': // BINSTRING: Python 2's str, in checkpoints always text
        pushText(PickleKind::Text, take(takeNumber<std::uint32_t>()));
        return true;
    case 0x8c: // SHORT_BINUNICODE
    case 'U':  // SHORT_BINSTRING
        pushText(PickleKind::Text, take(takeNumber<std::uint8_t>()));
        return true;
    case 0x8d: // BINUNICODE8
        pushText(PickleKind::Text, take(takeNumber<std::uint64_t>()));
        return true;
    case 'B':
        pushText(PickleKind::Bytes, take(takeNumber<std::uint32_t>()));
        return true;
    case 'C':
        pushText(PickleKind::Bytes, take(takeNumber<std::uint8_t>()));
        return true;
    case 0x8e: // BINBYTES8
    case 0x96: // BYTEARRAY8
        pushText(PickleKind::Bytes, take(takeNumber<std::uint64_t>()));
        return true;
    default:
        return false;
    }
}

bool PickleMachine::runStack(unsigned op)
{
    switch (op) {
    case 0x80: // PROTO
        if (const auto protocol = takeNumber<std::uint8_t>(); protocol > 5)
            fail(message("pickle protocol {} is not known", unsigned{protocol}));
        return true;
    case 0x95: // FRAME: a hint for buffering
        take(8);
        return true;
    case '(':
        m_marks.push_back(m_stack.size());
        return true;
    case '0':
        if (!m_marks.empty() && m_marks.back() == m_stack.size())
            m_marks.pop_back(); // as Python does
        else
            pop();
        return true;
    case '1':
        popMark();
        return true;
    case '2':
        pushId(top());
        return true;
    default:
        return false;
    }
}

bool PickleMachine::runMemo(unsigned op)
{
    switch (op) {
    case 'p':
        memoize(memoKey(takeLine()));
        return true;
    case 'q':
        memoize(takeNumber<std::uint8_t>());
        return true;
    case 'r':
        memoize(takeNumber<std::uint32_t>());
        return true;
    case 0x94: // MEMOIZE
        memoize(m_memo.size());
        return true;
    case 'g':
        recall(memoKey(takeLine()));
        return true;
    case 'h':
        recall(takeNumber<std::uint8_t>());
        return true;
    case 'j':
        recall(takeNumber<std::uint32_t>());
        return true;
    default:
        return false;
    }
}

void PickleMachine::fail(const std::string& what) const
{
    const char* subject = m_limits.use == PickleUse::Values
                              ? "this Python pickle"
                              : "the list of what the checkpoint holds (a Python pickle)";
    throw Error(
        message("{}: {} is damaged: {}; copy or download the file again", m_source, subject, what));
}

void PickleMachine::failUnknown(unsigned op) const
{
    if (op == 0x97 || op == 0x98) // NEXT_BUFFER, READONLY_BUFFER
        throw Error(message("{}: this pickle leaves its arrays to buffers outside of the file; "
                            "write it without buffer_callback",
                            m_source));
    fail(message("opcode {} at byte {} is not known", op, m_at - 1));
}

std::string_view PickleMachine::take(std::uint64_t size)
{
    if (size > m_bytes.size() - m_at)
        fail(message("it ends too early, {} bytes expected at byte {} of {}", size, m_at,
                     m_bytes.size()));
    const std::string_view text(reinterpret_cast<const char*>(m_bytes.data()) + m_at, size);
    m_at += size;
    return text;
}

template <typename Integer>
Integer PickleMachine::takeNumber()
{
    const std::string_view text = take(sizeof(Integer));
    return loadLittle<Integer>(reinterpret_cast<const std::byte*>(text.data()));
}

std::string_view PickleMachine::takeLine()
{
    const std::string_view rest(reinterpret_cast<const char*>(m_bytes.data()) + m_at,
                                m_bytes.size() - m_at);
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos)
        fail(message("a line at byte {} has no end", m_at));
    m_at += end + 1;
    return rest.substr(0, end);
}

} // namespace monotail
