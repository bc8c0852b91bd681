// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/safetensors_writer.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "checkpoint/byte_order.h"
#include "checkpoint/safetensors_header.h"

// https://github.com/huggingface/safetensors, section "Format".
namespace monotail {

namespace {

using nlohmann::json;

constexpr std::string_view metadataName = "__metadata__";

std::vector<const FileTensor*> widestFirst(const NewFile& content)
{
    std::vector<const FileTensor*> order;
    order.reserve(content.tensors.size());
    for (const FileTensor& tensor : content.tensors)
        order.push_back(&tensor);
    std::stable_sort(order.begin(), order.end(), [](const FileTensor* a, const FileTensor* b) {
        return sizeOf(a->dtype) > sizeOf(b->dtype);
    });
    return order;
}

/// Padded so that the data after it starts at a multiple of 8.
std::string headerText(const NewFile& content, const std::vector<const FileTensor*>& order)
{
    json header = json::object();
    json& metadata = header[std::string(metadataName)] = content.metadata;
    metadata["format"] = "pt";
    std::uint64_t at = 0;
    for (const FileTensor* tensor : order) {
        const std::uint64_t end = at + byteCount(*tensor);
        header[tensor->name] = {{"dtype", safetensorsName(tensor->dtype)},
                                {"shape", tensor->shape},
                                {"data_offsets", {at, end}}};
        at = end;
    }
    std::string text = header.dump();
    text.append((8 - text.size() % 8) % 8, ' ');
    if (text.size() > longestSafetensorsHeader)
        throw Error(message("the names and sizes of the tensors would take {} bytes, a "
                            "safetensors header holds {}; use --format state-dict",
                            text.size(), longestSafetensorsHeader));
    return text;
}

} // namespace

void checkSafetensors(const NewFile& content)
{
    for (const FileTensor& tensor : content.tensors) {
        if (tensor.name == metadataName)
            throw Error(message("{}: this name has a meaning of its own in safetensors files; use "
                                "--format state-dict",
                                tensor.name));
        if (safetensorsName(tensor.dtype).empty())
            throw Error(message("{}: a safetensors file cannot hold {}; use --format state-dict or "
                                "patch",
                                printable(tensor.name), nameOf(tensor.dtype)));
    }
}

void writeSafetensors(const NewFile& content, const TensorWriter& write, const ByteSink& sink)
{
    const std::vector<const FileTensor*> order = widestFirst(content);
    const std::string header = headerText(content, order);
    std::array<std::byte, 8> length{};
    storeLittle(length.data(), static_cast<std::uint64_t>(header.size()));
    sink(length);
    sink(std::as_bytes(std::span(header)));
    for (const FileTensor* tensor : order)
        write(*tensor, sink);
}

} // namespace monotail
