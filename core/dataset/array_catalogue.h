// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "dataset/numbers.h"

namespace monotail {

/// What a file is, by its first bytes; where these do not tell, by its name.
enum class FileKind { Npy, Npz, Checkpoint, Text };
FileKind fileKind(const MappedFile& file);

/// The named arrays of a feature source, whatever its format. They are read one by one, so that
/// what nobody asks for need not be readable.
struct ArrayCatalogue
{
    std::string name; ///< the source, for messages
    std::vector<std::string> keys;
    std::function<NumberArray(std::size_t)> read; ///< by position in `keys`
    std::shared_ptr<const Checkpoint> checkpoint; ///< null for numpy's formats
};

/// .safetensors, .pt, .npz, a folder with features.npy and labels.npy, or
/// "features.npy,labels.npy[,logits.npy]". Throws Error that says what is there instead.
ArrayCatalogue openArrays(const std::string& source);
bool isNpyList(const std::string& source);

/// The array with the first of these names that is there, upper or lower case; else the one whose
/// last dotted part is such a name. Throws Error, naming them, where several fit equally.
std::optional<std::size_t> findArray(const ArrayCatalogue& catalogue,
                                     std::initializer_list<std::string_view> names);

/// The catalogue's labels. Throws Error where there are none or one is no class index.
std::vector<std::int64_t> readLabels(const ArrayCatalogue& catalogue);

/// '"a", "b" and 3 more', for messages.
std::string keyList(const ArrayCatalogue& catalogue);

} // namespace monotail
