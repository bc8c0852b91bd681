// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/text.h"
#include "checkpoint/pickle_machine.h"

/// The line-based opcodes of protocols 0 and 1, and the operations that change a value.
namespace monotail {

namespace {

std::string utf8(std::uint32_t code)
{
    const auto tail = [&](int shift) { return static_cast<char>(0x80 | ((code >> shift) & 0x3f)); };
    if (code < 0x80)
        return {static_cast<char>(code)};
    if (code < 0x800)
        return {static_cast<char>(0xc0 | (code >> 6)), tail(0)};
    if (code < 0x10000)
        return {static_cast<char>(0xe0 | (code >> 12)), tail(6), tail(0)};
    return {static_cast<char>(0xf0 | ((code >> 18) & 7)), tail(12), tail(6), tail(0)};
}

/// `count` hexadecimal digits at the start of `text`, or -1.
std::int64_t hexadecimal(std::string_view text, std::size_t count)
{
    if (text.size() < count)
        return -1;
    std::int64_t value = 0;
    for (const char c : text.substr(0, count)) {
        const std::size_t digit = std::string_view("0123456789abcdef").find(lowered({&c, 1}));
        if (digit == std::string_view::npos)
            return -1;
        value = value * 16 + static_cast<std::int64_t>(digit);
    }
    return value;
}

/// Reads the escape after a backslash; how many characters it took, 0 if it is none.
std::size_t appendEscape(std::string& out, std::string_view text, PickleEscapes escapes)
{
    if (escapes == PickleEscapes::ByteString) {
        const std::size_t simple = std::string_view("\\'\"nrt").find(text.front());
        if (simple != std::string_view::npos) {
            out += "\\'\"\n\r\t"[simple];
            return 1;
        }
    }
    const bool isByte = escapes == PickleEscapes::ByteString;
    const std::size_t digits = text.front() == 'x' && isByte    ? 2
                               : text.front() == 'u' && !isByte ? 4
                               : text.front() == 'U' && !isByte ? 8
                                                                : 0;
    const std::int64_t code = digits ? hexadecimal(text.substr(1), digits) : -1;
    if (code < 0 || code > 0x10ffff)
        return 0;
    out +=
        isByte ? std::string(1, static_cast<char>(code)) : utf8(static_cast<std::uint32_t>(code));
    return 1 + digits;
}

} // namespace

std::string unescapedPickle(std::string_view text, PickleEscapes escapes)
{
    std::string out;
    while (!text.empty()) {
        if (text.front() == '\\' && text.size() > 1) {
            const std::size_t length = appendEscape(out, text.substr(1), escapes);
            if (length > 0) {
                text.remove_prefix(1 + length);
                continue;
            }
        }
        if (escapes == PickleEscapes::RawUnicode) // Latin-1 outside the escapes
            out += utf8(static_cast<unsigned char>(text.front()));
        else
            out += text.front();
        text.remove_prefix(1);
    }
    return out;
}

bool PickleMachine::runLineText(unsigned op)
{
    switch (op) {
    case 'I':
    case 'L':
    case 'F':
        pushNumberLine(takeLine());
        return true;
    case 'S': {
        const std::string_view line = trimmed(takeLine());
        if (line.size() < 2 || line.front() != line.back() ||
            (line.front() != '\'' && line.front() != '"'))
            fail("a text lacks its quotes");
        m_graph.texts.push_back(
            unescapedPickle(line.substr(1, line.size() - 2), PickleEscapes::ByteString));
        pushText(PickleKind::Text, m_graph.texts.back());
        return true;
    }
    case 'V':
        m_graph.texts.push_back(unescapedPickle(takeLine(), PickleEscapes::RawUnicode));
        pushText(PickleKind::Text, m_graph.texts.back());
        return true;
    case 'P':
        pushText(PickleKind::Text, takeLine());
        pushItems(PickleKind::Persistent, {pop()});
        return true;
    case 'c':
    case 'i': {
        const std::string_view module = takeLine();
        pushGlobal(module, takeLine());
        if (op == 'i') { // INST: the arguments lie after the mark, below the class
            const PickleId callable = pop();
            pushObject(callable, addTuple(popMark()));
        }
        return true;
    }
    default:
        return false;
    }
}

void PickleMachine::pushNumberLine(std::string_view line)
{
    PickleNode value;
    if (line == "00" || line == "01")
        return pushId(line == "01" ? m_true : m_false);
    const std::string_view digits =
        !line.empty() && line.back() == 'L' ? line.substr(0, line.size() - 1) : line;
    if (const auto integer = parseInteger(digits)) {
        value.kind = PickleKind::Integer;
        value.integer = *integer;
    } else if (!digits.empty() &&
               digits.find_first_not_of("-0123456789") == std::string_view::npos) {
        value.kind = PickleKind::BigInteger;
        value.text = digits;
    } else if (const auto real = parseDouble(line)) {
        value.kind = PickleKind::Real;
        value.real = *real;
    } else {
        fail(message("'{}' is no number", printable(line, 40)));
    }
    push(std::move(value));
}

std::uint64_t PickleMachine::memoKey(std::string_view line) const
{
    const auto key = parseInteger(line);
    if (!key || *key < 0)
        fail(message("'{}' is no number of a value", printable(line, 40)));
    return static_cast<std::uint64_t>(*key);
}

void PickleMachine::append(PickleId list, const std::vector<PickleId>& items)
{
    PickleId target = list;
    if (node(list).kind == PickleKind::Object) { // a class derived from list, or a deque
        if (node(list).elements == noPickle) {
            PickleNode elements;
            elements.kind = PickleKind::List;
            const PickleId id = add(std::move(elements));
            node(list).elements = id;
        }
        target = node(list).elements;
    } else if (node(list).kind != PickleKind::List && node(list).kind != PickleKind::Set) {
        fail("values are appended to something that is no list");
    }
    std::vector<PickleId>& into = node(target).items;
    into.insert(into.end(), items.begin(), items.end());
}

void PickleMachine::setItems(PickleId dict, const std::vector<PickleId>& items)
{
    if (node(dict).kind != PickleKind::Dict && node(dict).kind != PickleKind::Object)
        fail("entries are set in something that is no dictionary");
    if (items.size() % 2 != 0)
        fail("a dictionary has a key without a value");
    std::vector<PickleId>& into = node(dict).items;
    into.insert(into.end(), items.begin(), items.end());
}

void PickleMachine::build(PickleId object, PickleId state)
{
    const PickleKind kind = node(object).kind;
    if (kind == PickleKind::Dict || kind == PickleKind::Set || kind == PickleKind::List)
        return; // attributes of a container, such as the _metadata of a state_dict
    if (kind != PickleKind::Object)
        fail("a state is given to something that is no object");
    node(object).state = state;
}

} // namespace monotail
