// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace monotail {

/// Element types of tensors, named as PyTorch names them.
enum class DType {
    Float64,
    Float32,
    Float16,
    BFloat16,
    Int64,
    Int32,
    Int16,
    Int8,
    UInt8,
    Bool,
    Complex128,
    Complex64,
    Complex32,
    QInt8,
    QUInt8,
    QInt32,
    UInt64,
    UInt32,
    UInt16,
    Float8E4M3FN, ///< no infinities
    Float8E5M2,
};

std::size_t sizeOf(DType type);
std::string_view nameOf(DType type); ///< "float32", "bfloat16", ...
bool isFloating(DType type);         ///< float64, float32, float16, bfloat16
/// "float32" -> Float32.
std::optional<DType> dtypeNamed(std::string_view name);
/// "FloatStorage" -> Float32 (the class names that checkpoints mention).
std::optional<DType> dtypeOfStorage(std::string_view storageClass);
/// "F32" -> Float32 (the names that safetensors files use).
std::optional<DType> dtypeOfSafetensors(std::string_view name);
/// The way back: Float32 -> "FloatStorage", "F32"; empty where there is no such name.
std::string_view storageName(DType type);
std::string_view safetensorsName(DType type);
bool isQuantised(DType type); ///< qint8, quint8, qint32

/// One little-endian element as a number. Complex and quantised types are not numbers: throws
/// Error.
double readElement(DType type, const std::byte* at);
/// Writes `value` rounded to nearest even in the stored type (floating types only) and returns
/// what was stored.
double writeElement(DType type, std::byte* at, double value);

} // namespace monotail
