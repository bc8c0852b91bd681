// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace monotail {

/// The classes of a problem: what index c means, and how many training images it has.
struct ClassSet
{
    std::vector<std::int64_t> counts; ///< C, from the training split; 0 = absent there
    std::vector<std::string> names;   ///< C; the index as text where nobody names the class
    std::string countsSource;         ///< where the counts come from, for people
    std::string namesSource;          ///< empty while the names are just indices
    Warnings warnings;
    std::vector<std::string> ids; ///< C, such as wnids, where the names are words for them

    std::int64_t size() const { return static_cast<std::int64_t>(counts.size()); }
};

/// Files that tie folder or class names to indices. Both optional.
struct ClassNaming
{
    std::filesystem::path
        classes; ///< --classes: one name per line in class order, or CSV index,name
    std::filesystem::path classMap; ///< --class-map: CSV or blank-separated "name index" lines
};

/// Training counts from any source of EXPERIENCE: text with one integer per line; CSV with a header
/// (label|class|index|name) and (count|train_count|n); a label list (`path label` per line); an
/// image folder with one folder per class; a feature file's labels; .npy; a JSON list; a law
/// "exp:500:100:100" (largest count, imbalance factor, classes, cut as the CIFAR-LT code cuts it).
/// `classes`, where known, is the head's class count: a disagreement is an Error that says both.
/// In a CSV or label list an absent class counts 0; a duplicate is an Error.
ClassSet readClassSet(const std::string& source, std::optional<std::int64_t> classes,
                      const ClassNaming& naming = {});

/// One number per class from a CSV with a header (label|class|index|name) and one other column, for
/// --order and scales=FILE. Throws Error if a class is missing, named twice, or not finite.
std::vector<double> readClassNumbers(const std::filesystem::path& path, const ClassSet& classes);

} // namespace monotail
