// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "dataset/class_names.h"
#include "dataset/text_source.h"

/// One reader per kind of source; readClassSet() chooses between them and settles what they say.
namespace monotail {

/// The count of a class that a source does not mention.
constexpr std::int64_t absentCount = -1;

/// More images than this in one class are taken for a mistake; sums of counts stay in 64 bits.
constexpr std::int64_t maxCount = 100'000'000'000;

enum class Listing {
    Complete, ///< one entry per class, in class order
    Sparse,   ///< entries name their class; absent classes count 0
};

/// What one source says about the classes, before it meets the head's class count.
struct ClassCounts
{
    std::vector<std::int64_t> counts; ///< by class index, absentCount where nothing is said
    std::vector<std::string> names;   ///< by class index; empty = the source has no names
    Listing listing = Listing::Complete;
    std::string kind; ///< "label list", for people
    Warnings warnings;
};

struct CountsQuery
{
    std::optional<std::int64_t> classes; ///< the head's, or else what --classes says
    NameTable names;
};

/// Of the class at `rank`: largest * (1 / imbalance)^(rank / (classes - 1)), the common CIFAR-LT
/// cut, as published lists are made: in double precision, rounded down.
std::int64_t exponentialCount(std::int64_t largest, double imbalance, std::int64_t rank,
                              std::int64_t classes);

/// The law "exp:500:100:100"; nothing if the source does not begin with "exp:".
std::optional<ClassCounts> readCountsLaw(const std::string& source);
ClassCounts readCountsLines(const TextSource& source);
ClassCounts readCountsCsv(const TextSource& source, const CountsQuery& query);
ClassCounts readCountsList(const TextSource& source, const CountsQuery& query);
ClassCounts readCountsJson(const TextSource& source);
ClassCounts readCountsFolder(const std::filesystem::path& folder, const CountsQuery& query);
/// .npy with one count per class.
ClassCounts readCountsNpy(std::shared_ptr<const MappedFile> file);
/// A feature file's labels, or the counts that a checkpoint stores.
ClassCounts readCountsTensors(const std::string& source, const CountsQuery& query);

/// Text of any of the kinds above, told apart by what is in it.
ClassCounts readCountsText(const TextSource& source, const CountsQuery& query);

/// How often each label occurs; `source` is named in messages.
ClassCounts countLabels(const std::vector<std::int64_t>& labels, const CountsQuery& query,
                        const std::string& source);

/// A count, or Error: no whole number, negative, or absurdly large.
std::int64_t parseCount(std::string_view text, const std::string& place);
std::int64_t checkedCount(std::int64_t count, const std::string& place);

} // namespace monotail
