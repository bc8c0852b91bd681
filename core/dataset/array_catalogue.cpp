// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/array_catalogue.h"

#include <algorithm>
#include <system_error>

#include "base/text.h"
#include "checkpoint/safetensors.h"
#include "checkpoint/tensor_layout.h"
#include "checkpoint/torch_container.h"
#include "dataset/cifar.h"
#include "dataset/idx.h"
#include "dataset/npy.h"
#include "dataset/text_source.h"

namespace monotail {

namespace {

namespace fs = std::filesystem;

bool beginsWith(const MappedFile& file, std::string_view text)
{
    const auto bytes = file.bytes().subspan(0, std::min(text.size(), file.bytes().size()));
    return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()) == text;
}

bool isNamedCheckpoint(const fs::path& path)
{
    const std::string name = lowered(path.string());
    for (const char* suffix : {".pt", ".pth", ".pth.tar", ".ckpt", ".safetensors", ".th", ".bin"})
        if (endsWith(name, suffix))
            return true;
    return false;
}

NumberArray arrayOf(const std::shared_ptr<const Checkpoint>& checkpoint, const Tensor& tensor,
                    const std::string& source)
{
    const std::string name = message("{}: {}", source, printable(tensor.name));
    const auto type = numberTypeOf(tensor.dtype);
    if (!type)
        throw Error(
            message("{}: numbers of type {} are not read here", name, nameOf(tensor.dtype)));
    checkLayout(*checkpoint, tensor);
    const Storage& storage = checkpoint->storages.at(tensor.storage);
    const auto held = static_cast<std::int64_t>(storage.bytes / sizeOf(*type));
    // Expanded tensors (stride 0) could claim any size with a few bytes behind them.
    if (tensor.elements() > held)
        throw Error(message("{}: {} in a storage of {} numbers; save the tensor contiguous", name,
                            shapeText(tensor.shape), held));
    const auto offset = static_cast<std::size_t>(tensor.elements() > 0 ? tensor.offset : 0);
    const auto& file = storageFile(*checkpoint, storage);
    const std::byte* data = file->at(storage.offset, storage.bytes).data() + offset * sizeOf(*type);
    return {name, *type, tensor.shape, tensor.stride, data, file};
}

ArrayCatalogue checkpointArrays(const std::string& source)
{
    ArrayCatalogue catalogue;
    catalogue.name = printable(source);
    catalogue.checkpoint = openCheckpoint(source);
    for (const Tensor& tensor : catalogue.checkpoint->tensors)
        catalogue.keys.push_back(tensor.name);
    catalogue.read = [checkpoint = catalogue.checkpoint, name = catalogue.name](std::size_t at) {
        return arrayOf(checkpoint, checkpoint->tensors[at], name);
    };
    return catalogue;
}

ArrayCatalogue npzArrays(std::shared_ptr<const MappedFile> file)
{
    ArrayCatalogue catalogue;
    catalogue.name = printable(file->path().string());
    catalogue.keys = npzKeys(*file);
    catalogue.read = [file = std::move(file), keys = catalogue.keys](std::size_t at) {
        return readNpzArray(file, keys[at]);
    };
    return catalogue;
}

ArrayCatalogue pickleArrays(std::shared_ptr<const MappedFile> file)
{
    const auto path = file->path();
    const auto values = std::make_shared<const PickledValues>(std::move(file));
    ArrayCatalogue catalogue;
    catalogue.name = values->name();
    catalogue.keys = values->keys();
    if (catalogue.keys == std::vector<std::string>{""})
        catalogue.instead = message(
            "it holds {} without a name; pickle a dictionary with the keys \"features\" and "
            "\"labels\"",
            values->kind(0));
    catalogue.read = [values](std::size_t at) { return values->array(at); };
    describeCifar(*values, path, catalogue);
    return catalogue;
}

/// An IDX file holds one array: labels if it is a list, else images or rows.
ArrayCatalogue idxArrays(std::shared_ptr<const MappedFile> file)
{
    ArrayCatalogue catalogue;
    catalogue.name = printable(file->path().string());
    catalogue.form = "an IDX file";
    NumberArray array = readIdx(std::move(file));
    const std::size_t axes = array.shape.size();
    catalogue.keys = {axes == 1 ? "labels" : axes == 2 ? "rows" : "images"};
    catalogue.instead =
        message("this is an IDX file of {} ({})", catalogue.keys.front(), shapeText(array.shape));
    catalogue.read = [array = std::move(array)](std::size_t) { return array; };
    // MNIST and those that follow it name their test split so.
    const std::string stem = std::filesystem::path(catalogue.name).filename().string();
    catalogue.origin.split = stem.rfind("t10k", 0) == 0 ? "test" : "";
    return catalogue;
}

/// .npy files that stand for the arrays of one file.
ArrayCatalogue npyArrays(const std::string& source, std::vector<std::string> keys,
                         std::vector<fs::path> paths)
{
    ArrayCatalogue catalogue;
    catalogue.name = printable(source);
    catalogue.keys = std::move(keys);
    catalogue.read = [paths = std::move(paths)](std::size_t at) {
        return readNpy(MappedFile::open(paths[at]));
    };
    return catalogue;
}

ArrayCatalogue npyFolder(const std::string& source)
{
    std::vector<std::string> keys;
    std::vector<fs::path> paths;
    std::error_code error;
    for (fs::directory_iterator at(source, error), end; !error && at != end; at.increment(error)) {
        if (at->path().extension() != ".npy")
            continue;
        paths.push_back(at->path());
        keys.push_back(at->path().stem().string());
    }
    if (error)
        throw Error(message("{}: cannot read the folder: {}", printable(source), error.message()));
    if (paths.empty())
        throw Error(message("{}: no .npy files are in this folder; features.npy and labels.npy are "
                            "expected in it",
                            printable(source)));
    return npyArrays(source, std::move(keys), std::move(paths));
}

ArrayCatalogue npyList(const std::string& source)
{
    const auto parts = split(source, ',');
    if (parts.size() > 3)
        throw Error(message("{}: two or three .npy files are expected: features, labels and "
                            "perhaps logits",
                            printable(source)));
    std::vector<std::string> keys{"features", "labels", "logits"};
    keys.resize(parts.size());
    return npyArrays(source, std::move(keys), {parts.begin(), parts.end()});
}

} // namespace

FileKind fileKind(const MappedFile& file)
{
    if (looksLikeNpy(file.bytes()))
        return FileKind::Npy;
    if (beginsWith(file, "PK\x03\x04") && looksLikeNpz(file))
        return FileKind::Npz;
    if (looksLikeSafetensors(file))
        return FileKind::Checkpoint;
    if (looksLikePickle(file))
        return FileKind::Pickle;
    if (looksLikeIdx(file))
        return FileKind::Idx;
    // 0x80 begins nearly every pickle, and with it PyTorch's files from before 1.6.
    if (beginsWith(file, "PK") || beginsWith(file, "\x80") || isNamedCheckpoint(file.path()) ||
        looksLikeLegacy(file))
        return FileKind::Checkpoint;
    return FileKind::Text;
}

bool isNpyList(const std::string& source)
{
    const auto parts = split(source, ',');
    const auto isNpy = [](std::string_view part) { return endsWith(lowered(part), ".npy"); };
    std::error_code unknown;
    return parts.size() > 1 && std::all_of(parts.begin(), parts.end(), isNpy) &&
           !fs::exists(source, unknown);
}

ArrayCatalogue openArrays(const std::string& source)
{
    if (isNpyList(source))
        return npyList(source);
    std::error_code unknown;
    if (fs::is_directory(source, unknown))
        return npyFolder(source);
    const std::string name = printable(source);
    auto file = MappedFile::open(source);
    switch (fileKind(*file)) {
    case FileKind::Npy:
        throw Error(message("{}: one .npy file is not enough; give features.npy,labels.npy "
                            "(separated by a comma) or a folder that holds both",
                            name));
    case FileKind::Npz:
        return npzArrays(std::move(file));
    case FileKind::Checkpoint:
        return checkpointArrays(source);
    case FileKind::Pickle:
        return pickleArrays(std::move(file));
    case FileKind::Idx:
        return idxArrays(std::move(file));
    case FileKind::Text:
        break;
    }
    throw Error(message("{}: this is no feature file; .safetensors, .npz, .pt, .pkl, or "
                        "features.npy,labels.npy is expected",
                        name));
}

std::optional<std::size_t> findArray(const ArrayCatalogue& catalogue,
                                     std::initializer_list<std::string_view> names)
{
    for (const std::string_view name : names) {
        std::vector<std::size_t> nested;
        for (std::size_t i = 0; i < catalogue.keys.size(); ++i) {
            const std::string key = lowered(catalogue.keys[i]);
            if (key == name)
                return i;
            if (key.substr(key.rfind('.') + 1) == name)
                nested.push_back(i);
        }
        if (nested.size() > 1)
            throw Error(message("{}: \"{}\" and \"{}\" could both be the {}; leave one of them in "
                                "the file",
                                catalogue.name, printable(catalogue.keys[nested[0]], 60),
                                printable(catalogue.keys[nested[1]], 60), name));
        if (!nested.empty())
            return nested.front();
    }
    return {};
}

std::optional<std::size_t> findLabels(const ArrayCatalogue& catalogue)
{
    return findArray(catalogue, {"labels", "targets", "y", "fine_labels"});
}

std::string whatIsThere(const ArrayCatalogue& catalogue)
{
    if (!catalogue.instead.empty())
        return catalogue.instead;
    // numpy arrays that torch.save() pickled are such objects.
    const bool hasObjects = catalogue.keys.empty() && catalogue.checkpoint;
    const auto& keys = hasObjects ? catalogue.checkpoint->objects : catalogue.keys;
    if (keys.empty())
        return "it holds nothing";
    std::vector<std::string> shown;
    for (std::size_t i = 0; i < std::min<std::size_t>(keys.size(), 5); ++i)
        shown.push_back(inQuotes(keys[i]));
    const std::size_t more = keys.size() - shown.size();
    return message("it holds {}{}{}", hasObjects ? "no tensors, but " : "", joined(shown, ", "),
                   more > 0 ? message(" and {} more", more) : std::string());
}

std::vector<std::int64_t> readLabels(const ArrayCatalogue& catalogue)
{
    const auto at = findLabels(catalogue);
    if (!at)
        throw Error(message("{}: no labels are in it (an array named labels, targets or y); {}",
                            catalogue.name, whatIsThere(catalogue)));
    const NumberArray array = catalogue.read(*at);
    auto labels = readWholeNumbers(array, "sample");
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (labels[i] < 0)
            throw Error(
                message("{}: sample {} has label {}; labels begin at 0", array.name, i, labels[i]));
    return labels;
}

} // namespace monotail
