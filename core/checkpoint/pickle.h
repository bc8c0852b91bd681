// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace monotail {

/// What a Python pickle describes, as data. Nothing that it names is imported or called.
enum class PickleKind {
    None,
    Bool,
    Integer,
    BigInteger, ///< more than 64 bits: `text` holds its little-endian bytes, or decimal digits
    Real,
    Text,
    Bytes,
    Tuple,
    List,
    Dict,
    Set,
    Global,     ///< `text` is "module.name"
    Object,     ///< what calling a global would have made
    Persistent, ///< a reference out of the pickle: items[0] is its identifier
};

using PickleId = std::uint32_t; ///< index of a node; values may be shared and may form cycles
constexpr PickleId noPickle = 0xffffffff;

struct PickleNode
{
    PickleKind kind = PickleKind::None;
    std::int64_t integer = 0; ///< also of a Bool
    double real = 0;
    std::string_view text;       ///< into the file, or into PickleGraph::texts
    std::vector<PickleId> items; ///< Dict, and Object that is a dict: key, value, key, value, ...
    PickleId callable = noPickle;
    PickleId arguments = noPickle; ///< a Tuple
    PickleId state = noPickle;     ///< what BUILD gave
    PickleId elements = noPickle;  ///< a List, of an Object that is a list
};

struct PickleGraph
{
    std::vector<PickleNode> nodes;
    std::deque<std::string> texts;
    PickleId root = 0;
    std::size_t size = 0; ///< bytes that the pickle took

    const PickleNode& at(PickleId id) const { return nodes[id]; }
};

/// What the pickle is for the user; errors call it so.
enum class PickleUse {
    Checkpoint, ///< a checkpoint's list of contents
    Values,     ///< the file itself: arrays and lists
};

/// How much one pickle may describe; far above what real checkpoints hold.
struct PickleLimits
{
    std::size_t nodes = 5'000'000;
    PickleUse use = PickleUse::Checkpoint;
};

/// Runs the pickle at the start of `bytes` (protocols 0 to 5), which must outlive the result.
/// Throws Error that starts with `source`: for a pickle that is truncated, damaged, or too large.
PickleGraph readPickle(std::span<const std::byte> bytes, const std::string& source,
                       const PickleLimits& limits = {});

} // namespace monotail
