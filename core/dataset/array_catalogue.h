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
enum class FileKind { Npy, Npz, Checkpoint, Pickle, Idx, Text };
FileKind fileKind(const MappedFile& file);

/// The named arrays of a feature source, whatever its format. They are read one by one, so that
/// what nobody asks for need not be readable.
struct ArrayCatalogue
{
    std::string name; ///< the source, for messages
    std::vector<std::string> keys;
    std::function<NumberArray(std::size_t)> read; ///< by position in `keys`
    std::shared_ptr<const Checkpoint> checkpoint; ///< null for other formats
    std::string form = "a feature file";          ///< for people: "labels of a feature file"
    std::string instead;  ///< "this is ...", where the source is known to be no feature file
    FeatureOrigin origin; ///< what formats without metadata tell
    Warnings warnings;
};

/// .safetensors, .pt, .npz, a pickle, an IDX file, a folder with features.npy and labels.npy, or
/// "features.npy,labels.npy[,logits.npy]". Throws Error that says what is there instead.
ArrayCatalogue openArrays(const std::string& source);
bool isNpyList(const std::string& source);

/// The array with the first of these names that is there, upper or lower case; else the one whose
/// last dotted part is such a name. Throws Error, naming them, where several fit equally.
std::optional<std::size_t> findArray(const ArrayCatalogue& catalogue,
                                     std::initializer_list<std::string_view> names);

/// labels, targets, y, or CIFAR-100's fine_labels.
std::optional<std::size_t> findLabels(const ArrayCatalogue& catalogue);

/// The catalogue's labels. Throws Error where there are none or one is no class index.
std::vector<std::int64_t> readLabels(const ArrayCatalogue& catalogue);

/// 'it holds "a", "b" and 3 more', or what the source is instead; for messages.
std::string whatIsThere(const ArrayCatalogue& catalogue);

} // namespace monotail
