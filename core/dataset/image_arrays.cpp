// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/image_arrays.h"

#include <algorithm>
#include <limits>
#include <system_error>

#include "base/text.h"
#include "dataset/array_catalogue.h"
#include "dataset/cifar.h"
#include "dataset/idx.h"
#include "dataset/text_source.h"

namespace monotail {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t cifarSide = 32;
constexpr std::int64_t cifarBytes = 3 * cifarSide * cifarSide;

bool isFile(const fs::path& path)
{
    std::error_code unknown;
    return fs::is_regular_file(path, unknown);
}

/// A record is one label (CIFAR-10) or a coarse and a fine one (CIFAR-100), and the pixels.
std::int64_t labelBytes(const MappedFile& file)
{
    const auto size = static_cast<std::int64_t>(file.bytes().size());
    const auto fits = [&](std::int64_t labels, int most) {
        if (size == 0 || size % (cifarBytes + labels) != 0)
            return false;
        for (std::int64_t at = labels - 1; at < size; at += cifarBytes + labels)
            if (std::to_integer<int>(file.bytes()[static_cast<std::size_t>(at)]) > most)
                return false;
        return true;
    };
    return fits(1, 9) ? 1 : fits(2, 99) ? 2 : 0;
}

std::vector<std::string> linesOf(const fs::path& path)
{
    std::vector<std::string> lines;
    if (!isFile(path))
        return lines;
    try {
        const TextSource source = readText(path);
        TextLines text(source.text);
        while (const auto line = text.next())
            lines.emplace_back(line->text);
    } catch (const Error&) { // names are a comfort; without them classes have their indices
    }
    return lines;
}

ImageBatchFile readCifarBinary(const fs::path& path)
{
    auto file = MappedFile::open(path);
    const std::int64_t lead = labelBytes(*file);
    const std::string name = printable(path.string());
    if (lead == 0)
        throw Error(message("{}: this is no file of CIFAR's binary form: records of 3073 bytes "
                            "(CIFAR-10) or 3074 bytes (CIFAR-100) are expected; it may be "
                            "truncated",
                            name));
    const std::int64_t record = lead + cifarBytes;
    const std::int64_t count = static_cast<std::int64_t>(file->bytes().size()) / record;
    const std::byte* bytes = file->bytes().data();
    ImageBatchFile out;
    for (std::int64_t i = 0; i < count; ++i)
        out.labels.push_back(std::to_integer<std::int64_t>(bytes[i * record + lead - 1]));
    out.pixels = {{name, NumberType::UInt8, {count, cifarBytes}, {record, 1}, bytes + lead, file},
                  3,
                  cifarSide,
                  cifarSide,
                  count,
                  path.filename().string()};
    out.kind = lead == 1 ? "CIFAR-10" : "CIFAR-100";
    out.classes =
        linesOf(path.parent_path() / (lead == 1 ? "batches.meta.txt" : "fine_label_names.txt"));
    const std::string stem = path.stem().string();
    out.split = stem.rfind("test", 0) == 0                            ? "test"
                : stem.rfind("data_batch", 0) == 0 || stem == "train" ? "train"
                                                                      : "";
    return out;
}

ImageBatchFile readCifarPython(const fs::path& path)
{
    CifarBatch batch = readCifarBatch(path);
    ImageBatchFile out;
    const std::int64_t count = batch.images.shape[0];
    const auto& stride = batch.images.stride;
    if (count > 0 && stride[1] != 1)
        throw Error(message("{}: its images are not stored row by row", batch.name));
    out.pixels = {batch.images, 3, cifarSide, cifarSide, count, path.filename().string()};
    out.labels = std::move(batch.labels);
    out.classes = std::move(batch.labelNames);
    const bool isFine = std::any_of(out.labels.begin(), out.labels.end(),
                                    [](std::int64_t label) { return label > 9; });
    out.kind = isFine || out.classes.size() > 10 ? "CIFAR-100" : "CIFAR-10";
    out.split = batch.part.rfind("testing", 0) == 0    ? "test"
                : batch.part.rfind("training", 0) == 0 ? "train"
                                                       : "";
    return out;
}

/// "train-images-idx3-ubyte.gz" -> "train-labels-idx1-ubyte.gz".
std::string labelsNameOf(const fs::path& images)
{
    std::string name = images.filename().string();
    for (const auto& [mark, other] :
         {std::pair<std::string, std::string>{"images", "labels"}, {"idx3", "idx1"}})
        if (const std::size_t at = name.find(mark); at != std::string::npos)
            name.replace(at, mark.size(), other);
    return name;
}

PixelArray idxPixels(const fs::path& path)
{
    NumberArray images = readIdx(MappedFile::open(path));
    const auto& shape = images.shape;
    const bool isGrey = shape.size() == 3;
    const bool isPlanes = shape.size() == 4 && (shape[1] == 1 || shape[1] == 3);
    if (images.type != NumberType::UInt8 || (!isGrey && !isPlanes))
        throw Error(message("{}: images of 8 bits are expected (N x H x W or N x 3 x H x W); the "
                            "file holds other numbers",
                            images.name));
    const std::int64_t channels = isGrey ? 1 : shape[1];
    const std::int64_t height = shape[shape.size() - 2];
    const std::int64_t width = shape.back();
    const std::int64_t count = shape.front();
    if (count > 0 && (height <= 0 || width <= 0))
        throw Error(message("{}: its images are {} x {} pixels", images.name, width, height));
    return {std::move(images), channels, height, width, count, path.filename().string()};
}

fs::path labelsOf(const fs::path& images)
{
    if (const auto beside = idxLabelsBeside(images))
        return *beside;
    throw Error(message("{}: its labels are not beside it ({} is not there); give both: "
                        "IMAGES,LABELS",
                        printable(images.string()), printable(labelsNameOf(images))));
}

ImageBatchFile readIdxImages(const fs::path& path, const fs::path& labels)
{
    ImageBatchFile out;
    out.pixels = idxPixels(path);
    const fs::path beside = labels.empty() ? labelsOf(path) : labels;
    out.labels = readWholeNumbers(readIdx(MappedFile::open(beside)), "image");
    if (static_cast<std::int64_t>(out.labels.size()) != out.pixels.count)
        throw Error(message("{} holds {} images, {} holds {} labels; they do not belong together",
                            printable(path.string()), out.pixels.count, printable(beside.string()),
                            out.labels.size()));
    out.kind = "IDX";
    // MNIST and those that follow it name their splits so.
    out.split = out.pixels.name.rfind("t10k", 0) == 0    ? "test"
                : out.pixels.name.rfind("train", 0) == 0 ? "train"
                                                         : "";
    return out;
}

bool isIdxOfImages(const std::shared_ptr<const MappedFile>& file)
{
    return looksLikeIdx(*file) && readIdx(file).shape.size() >= 3;
}

} // namespace

ImageFileForm imageFileForm(const fs::path& path)
{
    try {
        const auto file = MappedFile::open(path);
        if (lowered(path.extension().string()) == ".bin" && labelBytes(*file) != 0)
            return ImageFileForm::CifarBinary;
        const FileKind kind = fileKind(*file);
        if (kind == FileKind::Idx && isIdxOfImages(file))
            return ImageFileForm::Idx;
        if (kind == FileKind::Pickle && isCifarBatch(PickledValues(file)))
            return ImageFileForm::CifarPython;
    } catch (const Error&) { // whoever reads it will say why it cannot be
    }
    return ImageFileForm::None;
}

std::optional<fs::path> idxLabelsBeside(const fs::path& images)
{
    const fs::path same = images.parent_path() / labelsNameOf(images);
    if (same == images)
        return {};
    const fs::path packed = same.string() + ".gz";
    const fs::path plain = same.extension() == ".gz" ? fs::path(same).replace_extension() : same;
    for (const fs::path& path : {same, packed, plain})
        if (isFile(path))
            return path;
    return {};
}

ImageBatchFile readPixels(const fs::path& path)
{
    if (imageFileForm(path) != ImageFileForm::Idx)
        return readImageBatch(path);
    ImageBatchFile out;
    out.pixels = idxPixels(path);
    out.kind = "IDX";
    return out;
}

ImageBatchFile readImageBatch(const fs::path& path, const fs::path& labels)
{
    switch (imageFileForm(path)) {
    case ImageFileForm::CifarBinary:
        return readCifarBinary(path);
    case ImageFileForm::CifarPython:
        return readCifarPython(path);
    case ImageFileForm::Idx:
        return readIdxImages(path, labels);
    case ImageFileForm::None:
        break;
    }
    MappedFile::open(path); // says why, if it is that
    if (lowered(path.extension().string()) == ".bin")
        return readCifarBinary(path); // says what is wrong with it
    throw Error(message("{}: this is no file of images: CIFAR-10 or CIFAR-100 in binary or python "
                        "form, or IDX images, are expected",
                        printable(path.string())));
}

std::vector<fs::path> cifarTestFiles(const fs::path& folder)
{
    for (const char* name : {"test_batch.bin", "test.bin", "test_batch", "test"})
        if (isFile(folder / name) && imageFileForm(folder / name) != ImageFileForm::None)
            return {folder / name};
    return {};
}

} // namespace monotail
