// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/numpy_types.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "checkpoint/tensor_layout.h"

namespace monotail {

NumberType numpyType(const std::string& descr, const std::string& name)
{
    constexpr std::pair<std::string_view, NumberType> known[] = {
        {"<f2", NumberType::Float16}, {"<f4", NumberType::Float32}, {"<f8", NumberType::Float64},
        {"|i1", NumberType::Int8},    {"<i2", NumberType::Int16},   {"<i4", NumberType::Int32},
        {"<i8", NumberType::Int64},   {"|u1", NumberType::UInt8},   {"<u2", NumberType::UInt16},
        {"<u4", NumberType::UInt32},  {"<u8", NumberType::UInt64},  {"|b1", NumberType::Bool},
        {"<i1", NumberType::Int8},    {"<u1", NumberType::UInt8},
    };
    for (const auto& [text, type] : known)
        if (descr == text)
            return type;
    if (descr.substr(0, 1) == ">")
        throw Error(message("{}: its numbers are big-endian ({}); save array.astype('<f4') instead",
                            name, printable(descr, 20)));
    if (descr.find('V') != std::string::npos)
        throw Error(
            message("{}: this is a structured array; a plain array of numbers is expected", name));
    if (descr.find('O') != std::string::npos)
        throw Error(message("{}: this is an array of Python objects, which is not read; save plain "
                            "numbers",
                            name));
    throw Error(message("{}: arrays of type {} are not read; float16, float32, float64, integers "
                        "and bool are",
                        name, printable(descr, 20)));
}

std::vector<std::int64_t> numpyStride(const std::vector<std::int64_t>& shape, ArrayOrder order)
{
    if (std::find(shape.begin(), shape.end(), 0) != shape.end())
        return std::vector<std::int64_t>(shape.size());
    if (order == ArrayOrder::RowMajor)
        return contiguousStride(shape);
    auto stride = contiguousStride({shape.rbegin(), shape.rend()});
    std::reverse(stride.begin(), stride.end());
    return stride;
}

} // namespace monotail
