// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/numbers.h"

#include <cmath>

#include "base/text.h"
#include "checkpoint/tensor_layout.h"
#include "dataset/number_load.h"

namespace monotail {

namespace {

/// Nothing where the number is not whole or not in range.
template <typename Number>
std::optional<std::int64_t> asWhole(Number value)
{
    if constexpr (std::is_integral_v<Number>) {
        if constexpr (sizeof(Number) == 8 && std::is_unsigned_v<Number>)
            if (value > INT64_MAX)
                return {};
        return static_cast<std::int64_t>(value);
    } else {
        double number = 0;
        if constexpr (std::is_same_v<Number, double>)
            number = value;
        else
            number = toFloat(value);
        if (!(std::fabs(number) <= 9007199254740992.0) || std::trunc(number) != number)
            return {};
        return static_cast<std::int64_t>(number);
    }
}

template <typename Number>
std::string shown(Number value)
{
    if constexpr (std::is_same_v<Number, double>)
        return toText(value);
    else if constexpr (std::is_integral_v<Number>)
        return std::to_string(value);
    else
        return toText(static_cast<double>(toFloat(value)));
}

} // namespace

std::size_t sizeOf(NumberType type)
{
    return withType(type, [](auto value) { return sizeof value; });
}

std::optional<NumberType> numberTypeOf(DType type)
{
    switch (type) {
    case DType::Float64:
        return NumberType::Float64;
    case DType::Float32:
        return NumberType::Float32;
    case DType::Float16:
        return NumberType::Float16;
    case DType::BFloat16:
        return NumberType::BFloat16;
    case DType::Int64:
        return NumberType::Int64;
    case DType::Int32:
        return NumberType::Int32;
    case DType::Int16:
        return NumberType::Int16;
    case DType::Int8:
        return NumberType::Int8;
    case DType::UInt8:
        return NumberType::UInt8;
    case DType::Bool:
        return NumberType::Bool;
    default:
        return {};
    }
}

std::vector<std::int64_t> readWholeNumbers(const NumberArray& array, std::string_view entry)
{
    const bool isList = array.shape.size() == 1 || (array.shape.size() == 2 && array.shape[1] == 1);
    if (!isList)
        throw Error(message("{}: one number per {} is expected, found {}", array.name, entry,
                            shapeText(array.shape)));
    std::vector<std::int64_t> numbers(static_cast<std::size_t>(array.shape[0]));
    withType(array.type, [&](auto type) {
        using Number = decltype(type);
        const std::ptrdiff_t step = array.stride[0] * std::ptrdiff_t{sizeof(Number)};
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            const auto value = load<Number>(array.data + static_cast<std::ptrdiff_t>(i) * step);
            const auto whole = asWhole(value);
            if (!whole)
                throw Error(message("{}: {} {} has {}, which is no whole number", array.name, entry,
                                    i, shown(value)));
            numbers[i] = *whole;
        }
    });
    return numbers;
}

} // namespace monotail
