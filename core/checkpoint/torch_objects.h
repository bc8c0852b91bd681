// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "checkpoint/dtype.h"
#include "checkpoint/pickle.h"

/// What PyTorch and NumPy write into pickles, read from the values and never by calling anything.
namespace monotail {

/// A reference to stored bytes: ('storage', class, key, device, elements[, view]).
struct StorageReference
{
    std::string key;
    DType dtype = DType::Float32;
    std::int64_t elements = 0;
    std::int64_t viewOffset = 0; ///< legacy files only: where the view starts in the storage
};

struct TensorReference
{
    StorageReference storage;
    DType dtype = DType::Float32;
    std::int64_t offset = 0;
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> stride;
};

std::optional<StorageReference> storageReference(const PickleGraph& graph, PickleId id);
/// `_rebuild_tensor`, `_v2`, `_v3`, `_rebuild_qtensor`, and those inside parameters and
/// subclasses. Nothing if the value is no such tensor, of an element type that is not known, or one
/// whose stored numbers are still to be conjugated or negated.
std::optional<TensorReference> tensorReference(const PickleGraph& graph, PickleId id);

using PickleScalar = std::variant<std::int64_t, double, std::string>;
/// A number, text or truth value, also a NumPy scalar; nothing for None and everything else.
std::optional<PickleScalar> scalarValue(const PickleGraph& graph, PickleId id);

/// "conjugation", "negation", or both, that is still to be applied to the stored numbers of the
/// tensor that calling `callable` would make; empty for all others.
std::string pendingBits(const PickleGraph& graph, PickleId callable, PickleId arguments);

/// "torch.Size" for a class or function that the pickle names; empty for other values.
std::string_view globalName(const PickleGraph& graph, PickleId id);
/// "Size" for "torch.Size".
std::string_view lastPart(std::string_view dotted);
/// "argparse.Namespace" for an object or a class.
std::string className(const PickleGraph& graph, PickleId id);
/// Of a tensor that is named and no more: what kind it is, and why. Nothing for other values.
std::optional<std::string> unreadTensor(const PickleGraph& graph, PickleId id);
/// What a value that is neither number, text nor container is listed as.
std::string objectText(const PickleGraph& graph, PickleId id);
/// A dictionary key as Python's str() prints it.
std::string keyText(const PickleGraph& graph, PickleId id);

} // namespace monotail
