// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/new_tensor.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "checkpoint/tensor_runs.h"

namespace monotail {

namespace {

constexpr std::size_t pieceBytes = 1 << 20;

[[noreturn]] void fail(const FileTensor& tensor, const std::string& what)
{
    throw Error(message("{}: {}", printable(tensor.name), what));
}

std::int64_t checkedElements(const FileTensor& tensor)
{
    const auto count = elementCount(tensor.shape);
    std::int64_t bytes = 0;
    if (!count ||
        __builtin_mul_overflow(*count, static_cast<std::int64_t>(sizeOf(tensor.dtype)), &bytes))
        fail(tensor, message("the shape {} is not possible", shapeText(tensor.shape)));
    return *count;
}

void checkSource(const Checkpoint& source, const FileTensor& tensor, std::int64_t count)
{
    if (tensor.source->dtype != tensor.dtype)
        fail(tensor, message("{} in the source, {} in the new file; a tensor keeps its type",
                             nameOf(tensor.source->dtype), nameOf(tensor.dtype)));
    if (tensor.source->elements() != count)
        fail(tensor, message("{} elements in the source, {} in the new file; a copy has the same",
                             tensor.source->elements(), count));
    checkLayout(source, *tensor.source);
}

double checkValues(const FileTensor& tensor, std::int64_t count)
{
    if (!isFloating(tensor.dtype))
        fail(tensor,
             message("new values need a floating-point type, not {}", nameOf(tensor.dtype)));
    if (static_cast<std::int64_t>(tensor.values.size()) != count)
        fail(tensor, message("{} new numbers for {} elements", tensor.values.size(), count));
    double rounding = 0;
    std::array<std::byte, sizeof(double)> element{};
    for (std::size_t i = 0; i < tensor.values.size(); ++i) {
        const double wanted = tensor.values[i];
        const double stored = writeElement(tensor.dtype, element.data(), wanted);
        if (!std::isfinite(stored))
            fail(tensor, message("element {} would get the value {}, which {} cannot hold", i,
                                 wanted, nameOf(tensor.dtype)));
        rounding = std::max(rounding, std::fabs(stored - wanted));
    }
    return rounding;
}

void writeValues(const FileTensor& tensor, const ByteSink& sink)
{
    const std::size_t size = sizeOf(tensor.dtype);
    std::vector<std::byte> piece;
    for (std::size_t done = 0; done < tensor.values.size(); done += piece.size() / size) {
        piece.resize(std::min(pieceBytes, (tensor.values.size() - done) * size));
        for (std::size_t i = 0; i < piece.size() / size; ++i)
            writeElement(tensor.dtype, piece.data() + i * size, tensor.values[done + i]);
        sink(piece);
    }
}

void writeSource(const Checkpoint& source, const Tensor& tensor, const ByteSink& sink)
{
    const std::size_t size = sizeOf(tensor.dtype);
    std::vector<std::byte> gathered; // elements that do not lie side by side
    forEachRun(source, tensor, [&](const std::byte* bytes, std::int64_t count) {
        std::span<const std::byte> run(bytes, static_cast<std::size_t>(count) * size);
        if (count == 1) {
            gathered.insert(gathered.end(), run.begin(), run.end());
            if (gathered.size() < pieceBytes)
                return;
            run = gathered;
        }
        for (; !run.empty(); run = run.subspan(std::min(pieceBytes, run.size())))
            sink(run.first(std::min(pieceBytes, run.size())));
        gathered.clear();
    });
    if (!gathered.empty())
        sink(gathered);
}

} // namespace

double checkTensor(const Checkpoint& source, const FileTensor& tensor)
{
    const std::int64_t count = checkedElements(tensor);
    if (!tensor.source)
        return checkValues(tensor, count);
    checkSource(source, tensor, count);
    return 0;
}

std::uint64_t byteCount(const FileTensor& tensor)
{
    return static_cast<std::uint64_t>(elementCount(tensor.shape).value_or(0)) *
           sizeOf(tensor.dtype);
}

void writeTensor(const Checkpoint& source, const FileTensor& tensor, const ByteSink& sink)
{
    if (tensor.source)
        writeSource(source, *tensor.source, sink);
    else
        writeValues(tensor, sink);
}

} // namespace monotail
