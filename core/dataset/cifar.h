// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "dataset/array_catalogue.h"
#include "dataset/pickled_values.h"

/// CIFAR-10 and CIFAR-100 as their authors pickle them for Python: data_batch_1 to 5 and
/// test_batch, or train and test, with the class names in batches.meta or meta beside them.
namespace monotail {

struct CifarBatch
{
    std::string name;   ///< the file, for messages
    NumberArray images; ///< N x 3072 uint8: 32 x 32 of red, of green and of blue, row by row
    std::vector<std::int64_t> labels;    ///< N; of CIFAR-100 the fine ones
    std::vector<std::string> labelNames; ///< by class index; empty without a meta file
    std::string part;                    ///< "training batch 1 of 5", empty if it does not say
};

bool isCifarBatch(const PickledValues& values);

/// Throws Error for any other file, and where images and labels differ in number.
CifarBatch readCifarBatch(const std::filesystem::path& path);

/// The class names in batches.meta or meta. Throws Error for any other file.
std::vector<std::string> readCifarNames(const std::filesystem::path& path);

/// Says what the file is, its split and class names, if it is one of the above.
void describeCifar(const PickledValues& values, const std::filesystem::path& path,
                   ArrayCatalogue& catalogue);

} // namespace monotail
