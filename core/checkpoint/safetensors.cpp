// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/safetensors.h"

#include <algorithm>

#include "base/text.h"
#include "checkpoint/byte_order.h"
#include "checkpoint/safetensors_header.h"
#include "checkpoint/tensor_layout.h"

// https://github.com/huggingface/safetensors, section "Format".
namespace monotail {

namespace {

using Entry = SafetensorsEntry;

[[noreturn]] void fail(const MappedFile& file, const std::string& what)
{
    throw Error(message("{}: {}", file.path().string(), what));
}

std::string_view headerText(const MappedFile& file)
{
    const auto length = loadLittle<std::uint64_t>(file.at(0, 8).data());
    if (length > longestSafetensorsHeader)
        fail(file, message("the safetensors header should be {} bytes long, the limit is {}; the "
                           "file is damaged",
                           length, longestSafetensorsHeader));
    const auto bytes = file.at(8, length);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Sizes that agree with the element type, one tensor after the other, none beside.
void checkOffsets(const MappedFile& file, const std::vector<Entry>& entries, std::uint64_t buffer)
{
    std::uint64_t expected = 0;
    for (const Entry& entry : entries) {
        const std::string name = message("tensor '{}'", printable(entry.name));
        if (entry.end > buffer)
            fail(file, message("{} ends at byte {} of the data, but only {} bytes are there: the "
                               "file is truncated or still being written",
                               name, entry.end, buffer));
        if (entry.begin < expected)
            fail(file, name + " overlaps another tensor; the file is damaged");
        if (entry.begin > expected || entry.end < entry.begin)
            fail(file, message("there is a hole in the data before {}; the file is damaged", name));
        expected = entry.end;
    }
    if (expected != buffer)
        fail(file,
             message("{} bytes follow the last tensor; the file is damaged", buffer - expected));
}

DType dtypeOf(const MappedFile& file, const Entry& entry)
{
    const auto dtype = dtypeOfSafetensors(entry.dtype);
    if (!dtype)
        fail(file, message("tensor '{}' has the unknown element type '{}'; save it as F32, F16 or "
                           "BF16",
                           printable(entry.name), printable(entry.dtype)));
    const auto count = elementCount(entry.shape);
    std::int64_t bytes = 0;
    if (!count ||
        __builtin_mul_overflow(*count, static_cast<std::int64_t>(sizeOf(*dtype)), &bytes) ||
        static_cast<std::uint64_t>(bytes) != entry.end - entry.begin)
        fail(file, message("tensor '{}' of type {} should not have {} bytes; the file is damaged",
                           printable(entry.name), printable(entry.dtype), entry.end - entry.begin));
    return *dtype;
}

} // namespace

bool looksLikeSafetensors(const MappedFile& file)
{
    const auto bytes = file.bytes();
    // As a number, eight characters of text are far above 2^40.
    return bytes.size() > 8 && bytes[8] == std::byte{'{'} &&
           loadLittle<std::uint64_t>(bytes.data()) < std::uint64_t{1} << 40;
}

Checkpoint readSafetensors(std::shared_ptr<const MappedFile> file)
{
    const std::string_view text = headerText(*file);
    SafetensorsHeader header = parseSafetensorsHeader(text, file->path().string());
    const std::uint64_t start = 8 + text.size();
    std::stable_sort(header.entries.begin(), header.entries.end(),
                     [](const Entry& a, const Entry& b) {
                         return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
                     });
    checkOffsets(*file, header.entries, file->bytes().size() - start);
    Checkpoint checkpoint;
    checkpoint.path = file->path();
    checkpoint.format = "safetensors";
    checkpoint.metadata = std::move(header.metadata);
    for (const Entry& entry : header.entries) {
        const DType dtype = dtypeOf(*file, entry);
        Tensor tensor;
        tensor.name = entry.name;
        tensor.dtype = dtype;
        tensor.shape = entry.shape;
        tensor.stride = contiguousStride(entry.shape);
        tensor.storage = entry.name;
        checkpoint.tensors.push_back(std::move(tensor));
        checkpoint.storages[entry.name] = {entry.name, dtype, start + entry.begin,
                                           entry.end - entry.begin};
    }
    checkpoint.file = std::move(file);
    return checkpoint;
}

} // namespace monotail
