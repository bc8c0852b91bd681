// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/cifar.h"

#include <initializer_list>
#include <optional>
#include <system_error>

#include "base/text.h"
#include "checkpoint/tensor_layout.h"

namespace monotail {

namespace {

constexpr std::int64_t imageBytes = 3072;

std::optional<std::size_t> findFirst(const PickledValues& values,
                                     std::initializer_list<std::string_view> keys)
{
    for (const std::string_view key : keys)
        if (const auto at = values.find(key))
            return at;
    return {};
}

std::optional<std::size_t> findLabels(const PickledValues& values)
{
    return findFirst(values, {"labels", "fine_labels"});
}

std::optional<std::size_t> findNames(const PickledValues& values)
{
    return findFirst(values, {"label_names", "fine_label_names"});
}

/// Nothing where it is no such array, or cannot be read.
std::optional<NumberArray> imagesOf(const PickledValues& values)
{
    const auto at = values.find("data");
    if (!at || !findLabels(values))
        return {};
    try {
        NumberArray images = values.array(*at);
        const bool isRight = images.type == NumberType::UInt8 && images.shape.size() == 2 &&
                             images.shape[1] == imageBytes;
        return isRight ? std::optional(std::move(images)) : std::nullopt;
    } catch (const Error&) {
        return {};
    }
}

std::string partOf(const PickledValues& values)
{
    const auto at = values.find("batch_label");
    return at ? printable(values.text(*at).value_or(""), 60) : std::string();
}

std::vector<std::string> namesIn(const PickledValues& values)
{
    const auto at = findNames(values);
    auto names = at ? values.texts(*at) : std::nullopt;
    if (!names || names->empty())
        throw Error(message("{}: no class names (label_names or fine_label_names) are in it",
                            values.name()));
    return std::move(*names);
}

/// From the meta file in the batch's folder; a damaged one says nothing.
std::vector<std::string> namesBeside(const std::filesystem::path& batch)
{
    for (const char* file : {"batches.meta", "meta"}) {
        const std::filesystem::path path = batch.parent_path() / file;
        std::error_code unknown;
        if (!std::filesystem::is_regular_file(path, unknown))
            continue;
        try {
            return readCifarNames(path);
        } catch (const Error&) {
        }
    }
    return {};
}

} // namespace

bool isCifarBatch(const PickledValues& values)
{
    return imagesOf(values).has_value();
}

CifarBatch readCifarBatch(const std::filesystem::path& path)
{
    const PickledValues values(MappedFile::open(path));
    auto images = imagesOf(values);
    if (!images)
        throw Error(message("{}: this is no batch of CIFAR images: \"data\" of N x 3072 bytes and "
                            "\"labels\" or \"fine_labels\" are expected",
                            values.name()));
    CifarBatch batch{values.name(), std::move(*images), {}, namesBeside(path), partOf(values)};
    batch.labels = readWholeNumbers(values.array(*findLabels(values)), "image");
    if (static_cast<std::int64_t>(batch.labels.size()) != batch.images.shape[0])
        throw Error(message("{}: {} images, but {} labels; the file is damaged", batch.name,
                            batch.images.shape[0], batch.labels.size()));
    return batch;
}

std::vector<std::string> readCifarNames(const std::filesystem::path& path)
{
    return namesIn(PickledValues(MappedFile::open(path)));
}

void describeCifar(const PickledValues& values, const std::filesystem::path& path,
                   ArrayCatalogue& catalogue)
{
    if (isCifarBatch(values)) {
        const std::string part = partOf(values);
        catalogue.form = "CIFAR's python form";
        catalogue.instead = "this is CIFAR's python form: images and labels, not features";
        catalogue.origin.classes = namesBeside(path);
        catalogue.origin.split = part.rfind("testing", 0) == 0 ? "test" : "";
        if (part.rfind("training batch", 0) == 0 && !endsWith(part, "of 1"))
            catalogue.warnings.push_back(message(
                "{} says that it is {}: its counts are those of a part of the training split",
                catalogue.name, part));
    } else if (findNames(values)) {
        catalogue.form = "CIFAR's class names";
        catalogue.instead = "this is CIFAR's list of class names";
    }
}

} // namespace monotail
