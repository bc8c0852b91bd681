// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/pickled_values.h"

#include <algorithm>

#include "base/text.h"
#include "checkpoint/numpy_objects.h"
#include "checkpoint/torch_container.h"
#include "checkpoint/torch_objects.h"
#include "dataset/pickled_arrays.h"

namespace monotail {

namespace {

/// Dumps hold a handful; these bound time and memory for files that are built to hurt.
constexpr std::size_t mostEntries = 10'000;
constexpr std::size_t mostTexts = 1'000'000;
constexpr std::size_t longestKey = 200;
constexpr std::size_t longestText = 1'000;

/// Protocols 0 and 1 have no mark of their own: a dictionary, a list, an array or tuples of them as
/// Python begins them, and the end that every pickle has.
bool looksLikeOldPickle(std::string_view text)
{
    if (text.back() != '.')
        return false;
    const std::size_t marks = std::min<std::size_t>(text.find_first_not_of('('), 4);
    text.remove_prefix(std::min(marks, text.size()));
    const std::string_view start = text.substr(0, 2);
    const char next = text.size() > 2 ? text[2] : '\xff';
    if (start == "dp" || start == "lp")
        return marks > 0 && next >= '0' && next <= '9';
    if (start == "}q" || start == "]q")
        return next == 0 || next == 1;
    return text.rfind("cnumpy.", 0) == 0 || text.rfind("ccollections\n", 0) == 0;
}

/// What a dictionary holds, or an object that is one or has attributes.
const std::vector<PickleId>* pairsOf(const PickleGraph& graph, PickleId id)
{
    const PickleNode& node = graph.at(id);
    if (node.kind == PickleKind::Dict)
        return &node.items;
    if (node.kind != PickleKind::Object || numpyArray(graph, id) || numpyScalar(graph, id))
        return nullptr;
    if (!node.items.empty())
        return &node.items;
    const bool hasState = node.state != noPickle && graph.at(node.state).kind == PickleKind::Dict;
    return hasState ? &graph.at(node.state).items : nullptr;
}

/// A tuple or list of arrays, dictionaries or tuples rather than one of numbers.
bool isBundle(const PickleGraph& graph, PickleId id)
{
    const PickleNode& node = graph.at(id);
    if ((node.kind != PickleKind::Tuple && node.kind != PickleKind::List) || node.items.empty())
        return false;
    const PickleId first = node.items.front();
    const PickleKind kind = graph.at(first).kind;
    const bool isTuple = node.kind == PickleKind::Tuple;
    return numpyArray(graph, first) || pairsOf(graph, first) ||
           (isTuple && (kind == PickleKind::Tuple || kind == PickleKind::List));
}

/// A text, or Python 3's bytes in any form, cut at `longest`.
std::optional<std::string> textOf(const PickleGraph& graph, PickleId id, std::size_t longest)
{
    if (const auto text = bytesInPlace(graph, id))
        return std::string(text->substr(0, longest));
    return encodedBytes(graph, id, longest);
}

std::string keyOf(const PickleGraph& graph, PickleId id)
{
    if (auto text = textOf(graph, id, longestKey))
        return std::move(*text);
    return keyText(graph, id).substr(0, longestKey);
}

} // namespace

bool looksLikePickle(const MappedFile& file)
{
    const auto bytes = file.bytes();
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (text.size() < 3)
        return false;
    const bool isNew = text[0] == '\x80' && text[1] >= 2 && text[1] <= 5;
    return (isNew || looksLikeOldPickle(text)) && !looksLikeLegacy(file);
}

PickledValues::PickledValues(std::shared_ptr<const MappedFile> file)
    : m_file(std::move(file)), m_name(printable(m_file->path().string())),
      m_graph(readPickle(m_file->bytes(), m_name, {PickleLimits{}.nodes, PickleUse::Values}))
{
    if (pairsOf(m_graph, m_graph.root) || isBundle(m_graph, m_graph.root))
        addEntries(m_graph.root, {});
    else
        add({}, m_graph.root);
}

void PickledValues::add(std::string key, PickleId value)
{
    if (m_keys.size() == mostEntries)
        throw Error(message("{}: the pickle holds more than {} entries; save the features and "
                            "labels alone",
                            m_name, toGroupedText(std::int64_t{mostEntries})));
    m_keys.push_back(std::move(key));
    m_values.push_back(value);
}

void PickledValues::addEntries(PickleId container, const std::string& prefix)
{
    const auto addOne = [&](const std::string& key, PickleId value) {
        const bool isTop = prefix.empty();
        const bool isContainer =
            pairsOf(m_graph, value) ||
            (m_graph.at(value).kind == PickleKind::Tuple && isBundle(m_graph, value));
        if (isTop && isContainer)
            addEntries(value, key + ".");
        else
            add(prefix + key, value);
    };
    if (const auto* pairs = pairsOf(m_graph, container)) {
        for (std::size_t i = 0; i + 1 < pairs->size(); i += 2)
            addOne(keyOf(m_graph, (*pairs)[i]), (*pairs)[i + 1]);
        return;
    }
    const std::vector<PickleId>& items = m_graph.at(container).items;
    for (std::size_t i = 0; i < items.size(); ++i)
        addOne(std::to_string(i), items[i]);
}

std::optional<std::size_t> PickledValues::find(std::string_view key) const
{
    const auto found = std::find(m_keys.begin(), m_keys.end(), key);
    if (found == m_keys.end())
        return {};
    return static_cast<std::size_t>(found - m_keys.begin());
}

NumberArray PickledValues::array(std::size_t at) const
{
    const std::string name =
        m_keys[at].empty() ? m_name : message("{}: {}", m_name, printable(m_keys[at], 60));
    return pickledArray(m_graph, m_values[at], name, m_file);
}

std::optional<std::string> PickledValues::text(std::size_t at) const
{
    return textOf(m_graph, m_values[at], longestText);
}

std::optional<std::vector<std::string>> PickledValues::texts(std::size_t at) const
{
    const PickleNode& list = m_graph.at(m_values[at]);
    if ((list.kind != PickleKind::List && list.kind != PickleKind::Tuple) ||
        list.items.size() > mostTexts)
        return {};
    std::vector<std::string> texts;
    for (const PickleId item : list.items) {
        auto text = textOf(m_graph, item, longestText);
        if (!text)
            return {};
        texts.push_back(std::move(*text));
    }
    return texts;
}

std::string PickledValues::kind(std::size_t at) const
{
    return pickledKind(m_graph, m_values[at]);
}

} // namespace monotail
