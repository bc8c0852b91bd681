// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/pickle.h"
#include "dataset/numbers.h"
#include "platform/mapped_file.h"

namespace monotail {

/// Whether the file is a Python pickle that torch.save did not write.
bool looksLikePickle(const MappedFile& file);

/// A pickled dictionary of arrays, lists and texts, such as a feature dump or a CIFAR batch.
/// Dictionaries and tuples in it are opened one level deep: "train.feats", "0.1".
class PickledValues
{
public:
    /// Throws Error for a pickle that is damaged or too large.
    explicit PickledValues(std::shared_ptr<const MappedFile> file);

    const std::string& name() const { return m_name; } ///< the file, for messages
    /// A value without a name, such as one array alone, has the empty key.
    const std::vector<std::string>& keys() const { return m_keys; }
    std::optional<std::size_t> find(std::string_view key) const;

    /// Throws Error, naming the value, if it is neither an array nor a list of numbers.
    NumberArray array(std::size_t at) const;
    /// Nothing if it is no text.
    std::optional<std::string> text(std::size_t at) const;
    /// The texts of a list; nothing if it is no list of texts.
    std::optional<std::vector<std::string>> texts(std::size_t at) const;
    std::string kind(std::size_t at) const; ///< "a list of 10 entries", for messages

private:
    void add(std::string key, PickleId value);
    void addEntries(PickleId container, const std::string& prefix);

    std::shared_ptr<const MappedFile> m_file;
    std::string m_name;
    PickleGraph m_graph;
    std::vector<std::string> m_keys;
    std::vector<PickleId> m_values;
};

} // namespace monotail
