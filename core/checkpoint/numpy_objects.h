// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/pickle.h"

/// What NumPy (1 and 2) writes into pickles, read from the values and never by calling anything.
namespace monotail {

enum class ArrayOrder {
    RowMajor,
    ColumnMajor, ///< "Fortran order": the first index runs fastest
};

/// An array: multiarray._reconstruct and its state, or numeric._frombuffer of protocol 5.
struct NumpyArray
{
    std::string descr; ///< of its elements, see numpyDescr()
    std::vector<std::int64_t> shape;
    ArrayOrder order = ArrayOrder::RowMajor;
    PickleId data = noPickle; ///< bytes; of an array of objects, a list
};
/// Nothing if the value is no such array.
std::optional<NumpyArray> numpyArray(const PickleGraph& graph, PickleId id);

struct NumpyScalar
{
    std::string descr;
    std::string bytes; ///< as many as the element has
};
std::optional<NumpyScalar> numpyScalar(const PickleGraph& graph, PickleId id);

/// A numpy.dtype as .npy files write it: "<f4", "|u1", ">i8", "|O8", "|V12".
std::optional<std::string> numpyDescr(const PickleGraph& graph, PickleId id);

/// Bytes that lie in the pickle as such, also as Python 2's str.
std::optional<std::string_view> bytesInPlace(const PickleGraph& graph, PickleId id);
/// Bytes that Python 3 wrote with protocols 0 to 2: _codecs.encode(text, 'latin1'), or bytes().
/// Nothing also where the text has other characters, or more than `longest` bytes.
std::optional<std::string> encodedBytes(const PickleGraph& graph, PickleId id,
                                        std::size_t longest = SIZE_MAX);

} // namespace monotail
