// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/dtype.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/text.h"
#include "checkpoint/byte_order.h"

namespace monotail {

namespace {

struct Entry
{
    std::string_view name;
    std::size_t size;
    std::string_view storage;
    std::string_view safetensors;
};

// In the order of the enumeration.
constexpr std::array<Entry, 21> entries{{
    {"float64", 8, "DoubleStorage", "F64"},
    {"float32", 4, "FloatStorage", "F32"},
    {"float16", 2, "HalfStorage", "F16"},
    {"bfloat16", 2, "BFloat16Storage", "BF16"},
    {"int64", 8, "LongStorage", "I64"},
    {"int32", 4, "IntStorage", "I32"},
    {"int16", 2, "ShortStorage", "I16"},
    {"int8", 1, "CharStorage", "I8"},
    {"uint8", 1, "ByteStorage", "U8"},
    {"bool", 1, "BoolStorage", "BOOL"},
    {"complex128", 16, "ComplexDoubleStorage", ""},
    {"complex64", 8, "ComplexFloatStorage", "C64"},
    {"complex32", 4, "ComplexHalfStorage", ""},
    {"qint8", 1, "QInt8Storage", ""},
    {"quint8", 1, "QUInt8Storage", ""},
    {"qint32", 4, "QInt32Storage", ""},
    {"uint64", 8, "", "U64"},
    {"uint32", 4, "", "U32"},
    {"uint16", 2, "", "U16"},
    {"float8_e4m3fn", 1, "", "F8_E4M3"},
    {"float8_e5m2", 1, "", "F8_E5M2"},
}};

const Entry& entryOf(DType type)
{
    return entries[static_cast<std::size_t>(type)];
}

std::optional<DType> lookUp(std::string_view name, std::string_view Entry::*column)
{
    for (std::size_t i = 0; i < entries.size(); ++i)
        if (!name.empty() && entries[i].*column == name)
            return static_cast<DType>(i);
    return {};
}

/// A binary format narrower than double: 1 sign bit, exponent bits, mantissa bits.
struct Narrow
{
    int exponentBits;
    int mantissaBits;

    int bias() const { return (1 << (exponentBits - 1)) - 1; }
    std::uint16_t infinity() const
    {
        return static_cast<std::uint16_t>(((1 << exponentBits) - 1) << mantissaBits);
    }
};
constexpr Narrow half{5, 10};
constexpr Narrow brain{8, 7};

double decode(Narrow format, std::uint16_t bits)
{
    const int mantissa = bits & ((1 << format.mantissaBits) - 1);
    const int exponent = (bits & format.infinity()) >> format.mantissaBits;
    double value = 0;
    if ((bits & format.infinity()) == format.infinity())
        value = mantissa ? std::numeric_limits<double>::quiet_NaN()
                         : std::numeric_limits<double>::infinity();
    else if (exponent == 0)
        value = std::ldexp(mantissa, 1 - format.bias() - format.mantissaBits);
    else
        value = std::ldexp(mantissa + (1 << format.mantissaBits),
                           exponent - format.bias() - format.mantissaBits);
    return bits & 0x8000 ? -value : value;
}

/// The 8-bit format of 4 exponent bits and bias 7 that has no infinities: its largest exponent is
/// one like the others, only all ones are no number (Micikevicius et al., arXiv 2209.05433).
double decodeE4M3(std::uint8_t bits)
{
    const int exponent = bits >> 3 & 15;
    const int mantissa = bits & 7;
    double value = std::ldexp(exponent ? mantissa + 8 : mantissa, std::max(exponent, 1) - 10);
    if ((bits & 0x7f) == 0x7f)
        value = std::numeric_limits<double>::quiet_NaN();
    return bits & 0x80 ? -value : value;
}

/// Rounds once, from double, to nearest even; through float it would round twice.
std::uint16_t encode(Narrow format, double value)
{
    const auto sign = static_cast<std::uint16_t>(std::signbit(value) ? 0x8000 : 0);
    if (std::isnan(value))
        return static_cast<std::uint16_t>(sign | format.infinity() |
                                          (1 << (format.mantissaBits - 1)));
    if (std::isinf(value))
        return sign | format.infinity();
    if (value == 0)
        return sign;
    int exponent = 0;
    std::frexp(value, &exponent); // |value| in [2^(exponent-1), 2^exponent)
    const int lowest = 1 - format.bias();
    const int scale = std::max(exponent - 1, lowest) - format.mantissaBits;
    // In units of the last place; the default rounding mode of nearbyint is nearest even.
    const double units = std::nearbyint(std::ldexp(std::fabs(value), -scale));
    // units < 2^(mantissaBits+1); a carry runs into the exponent field, as it should.
    const int field = std::max(exponent - 1, lowest) - lowest;
    const double bits = units + std::ldexp(field, format.mantissaBits);
    if (bits >= format.infinity())
        return sign | format.infinity();
    return static_cast<std::uint16_t>(sign | static_cast<std::uint16_t>(bits));
}

[[noreturn]] void failNotNumber(DType type)
{
    throw Error(message("elements of type {} are not real numbers", nameOf(type)));
}

} // namespace

std::size_t sizeOf(DType type)
{
    return entryOf(type).size;
}

std::string_view nameOf(DType type)
{
    return entryOf(type).name;
}

bool isFloating(DType type)
{
    return type == DType::Float64 || type == DType::Float32 || type == DType::Float16 ||
           type == DType::BFloat16;
}

std::optional<DType> dtypeNamed(std::string_view name)
{
    return lookUp(name, &Entry::name);
}

std::optional<DType> dtypeOfStorage(std::string_view storageClass)
{
    return lookUp(storageClass, &Entry::storage);
}

std::optional<DType> dtypeOfSafetensors(std::string_view name)
{
    return lookUp(name, &Entry::safetensors);
}

bool isQuantised(DType type)
{
    return type == DType::QInt8 || type == DType::QUInt8 || type == DType::QInt32;
}

std::string_view storageName(DType type)
{
    return entryOf(type).storage;
}

std::string_view safetensorsName(DType type)
{
    return entryOf(type).safetensors;
}

double readElement(DType type, const std::byte* at)
{
    switch (type) {
    case DType::Float64:
        return std::bit_cast<double>(loadLittle<std::uint64_t>(at));
    case DType::Float32:
        return static_cast<double>(std::bit_cast<float>(loadLittle<std::uint32_t>(at)));
    case DType::Float16:
        return decode(half, loadLittle<std::uint16_t>(at));
    case DType::BFloat16:
        return decode(brain, loadLittle<std::uint16_t>(at));
    case DType::Int64:
        return static_cast<double>(loadLittle<std::int64_t>(at));
    case DType::Int32:
        return loadLittle<std::int32_t>(at);
    case DType::Int16:
        return loadLittle<std::int16_t>(at);
    case DType::Int8:
        return loadLittle<std::int8_t>(at);
    case DType::UInt8:
        return loadLittle<std::uint8_t>(at);
    case DType::Bool:
        return *at == std::byte{0} ? 0 : 1;
    case DType::UInt64:
        return static_cast<double>(loadLittle<std::uint64_t>(at));
    case DType::UInt32:
        return loadLittle<std::uint32_t>(at);
    case DType::UInt16:
        return loadLittle<std::uint16_t>(at);
    case DType::Float8E4M3FN:
        return decodeE4M3(loadLittle<std::uint8_t>(at));
    case DType::Float8E5M2: // the upper half of a float16
        return decode(half, static_cast<std::uint16_t>(loadLittle<std::uint8_t>(at) << 8));
    default:
        failNotNumber(type);
    }
}

double writeElement(DType type, std::byte* at, double value)
{
    switch (type) {
    case DType::Float64:
        storeLittle(at, std::bit_cast<std::uint64_t>(value));
        break;
    case DType::Float32:
        storeLittle(at, std::bit_cast<std::uint32_t>(static_cast<float>(value)));
        break;
    case DType::Float16:
        storeLittle(at, encode(half, value));
        break;
    case DType::BFloat16:
        storeLittle(at, encode(brain, value));
        break;
    default:
        throw Error(
            message("numbers are written to floating tensors only, not to {}", nameOf(type)));
    }
    return readElement(type, at);
}

} // namespace monotail
