// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "checkpoint/byte_order.h"
#include "checkpoint/numpy_objects.h"
#include "checkpoint/torch_objects.h"

namespace monotail {

namespace {

struct NumpyType
{
    std::string_view code;
    DType dtype;
};
constexpr std::array<NumpyType, 9> numpyTypes{{
    {"f8", DType::Float64},
    {"f4", DType::Float32},
    {"f2", DType::Float16},
    {"i8", DType::Int64},
    {"i4", DType::Int32},
    {"i2", DType::Int16},
    {"i1", DType::Int8},
    {"u1", DType::UInt8},
    {"b1", DType::Bool},
}};

/// "<f4" as a tensor's element type; nothing unless little-endian.
std::optional<DType> dtypeOf(std::string_view descr)
{
    for (const NumpyType& type : numpyTypes)
        if (descr.substr(1) == type.code && descr.front() != '>')
            return type.dtype;
    return {};
}

std::optional<PickleScalar> numberOf(const NumpyScalar& scalar)
{
    const auto dtype = dtypeOf(scalar.descr);
    if (!dtype || scalar.bytes.size() != sizeOf(*dtype))
        return {};
    const auto* at = reinterpret_cast<const std::byte*>(scalar.bytes.data());
    if (dtype == DType::Int64) // a double does not hold all of them
        return loadLittle<std::int64_t>(at);
    const double value = readElement(*dtype, at);
    if (isFloating(*dtype))
        return value;
    return static_cast<std::int64_t>(value);
}

} // namespace

std::optional<PickleScalar> scalarValue(const PickleGraph& graph, PickleId id)
{
    const PickleNode& node = graph.at(id);
    switch (node.kind) {
    case PickleKind::Integer:
        return node.integer;
    case PickleKind::Real:
        return node.real;
    case PickleKind::Text:
        return std::string(node.text);
    case PickleKind::Bool:
        return std::string(node.integer ? "True" : "False");
    case PickleKind::Object:
        if (const auto scalar = numpyScalar(graph, id))
            return numberOf(*scalar);
        return {};
    default:
        return {};
    }
}

} // namespace monotail
