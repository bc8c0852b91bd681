// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/dtype.h"
#include "dataset/features.h"

namespace monotail {

/// Element types of feature files: those of tensors, and numpy's unsigned ones.
enum class NumberType {
    Float16,
    BFloat16,
    Float32,
    Float64,
    Int8,
    Int16,
    Int32,
    Int64,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    Bool,
};

std::size_t sizeOf(NumberType type);
/// Nothing for complex and quantised types.
std::optional<NumberType> numberTypeOf(DType type);

/// An array of little-endian numbers in memory, with whatever keeps that memory alive. Whoever
/// makes one has checked that every element lies inside.
struct NumberArray
{
    std::string name; ///< "val.npz: features", for messages
    NumberType type = NumberType::Float32;
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> stride; ///< in elements
    const std::byte* data = nullptr;
    std::shared_ptr<const void> owner;
};

/// A list of whole numbers (N, or N x 1). Throws Error naming the first entry that is not whole;
/// `entry` is what to call it ("sample").
std::vector<std::int64_t> readWholeNumbers(const NumberArray& array, std::string_view entry);

/// An N x D array as rows (trailing sizes of 1 are dropped). Throws Error for other shapes.
/// Reading throws Error naming the first sample with a number that is not finite as float32.
std::shared_ptr<const RowSource> asRows(NumberArray array);

} // namespace monotail
