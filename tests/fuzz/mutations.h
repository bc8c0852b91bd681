// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/random.h"

namespace monotail::fuzz {

/// Bytes [begin, begin + size) of a file.
struct Region
{
    std::size_t begin = 0;
    std::size_t size = 0;
};

/// A file to change, and where its structure lies: headers, directories, pickles, counts. Nearly
/// all other bytes are numbers, which any value suits.
struct Specimen
{
    std::string name;
    std::vector<std::byte> bytes;
    std::vector<Region> structure; ///< never empty
};

/// Reads the file and finds its structure. Throws Error if it cannot be opened as a checkpoint.
Specimen readSpecimen(const std::string& path);

/// Changes `bytes`, a copy of `specimen`'s, in one to three ways: bit flips, runs of bytes,
/// truncation, other values in length fields of zip, pickle and JSON headers, parts taken out or
/// doubled, parts of `other`.
void mutate(std::vector<std::byte>& bytes, const Specimen& specimen, const Specimen& other,
            Random& random);

} // namespace monotail::fuzz
