// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "checkpoint/dtype.h"
#include "platform/mapped_file.h"

namespace monotail {

/// Where the bytes of a storage lie in its file. One storage may serve several tensors.
struct Storage
{
    std::string key;
    DType dtype = DType::Float32;
    std::uint64_t offset = 0; ///< in the file
    std::uint64_t bytes = 0;
    std::size_t shard = 0; ///< which of Checkpoint::shards its file is, where there are any
};

struct Tensor
{
    std::string name; ///< dotted path as PyTorch would print it: "state_dict.layer1.0.conv1.weight"
    DType dtype = DType::Float32;
    std::vector<std::int64_t> shape;  ///< empty for a scalar
    std::vector<std::int64_t> stride; ///< in elements
    std::int64_t offset = 0;          ///< in elements, into the storage
    std::string storage;              ///< key into Checkpoint::storages
    std::size_t container = 0; ///< how much of the name is the path of the state_dict or module
                               ///< that holds it: 11 for "state_dict.", 0 at the top

    std::int64_t elements() const;
    bool operator==(const Tensor&) const = default;
};

/// A plain value found beside the tensors: "epoch" = 60, "best_acc1" = 68.31, "arch" = "resnet8".
struct ScalarEntry
{
    std::string name;
    std::variant<std::int64_t, double, std::string> value;
};

/// A plain list of whole numbers, such as the class counts that a loss was given.
struct NumberList
{
    std::string name;
    std::vector<std::int64_t> values;
};

/// The catalogue of one file, or of several that an index names. Nothing that the file names is
/// run; tensor data is read on demand.
struct Checkpoint
{
    std::filesystem::path path;
    std::string format;          ///< "zip", "legacy", "torchscript", "safetensors",
                                 ///< "sharded"
    std::vector<Tensor> tensors; ///< in file order
    std::map<std::string, Storage> storages;
    std::vector<ScalarEntry> scalars;
    std::vector<NumberList> lists;
    std::vector<std::string> objects;            ///< other objects, "args: argparse.Namespace"
    std::map<std::string, std::string> metadata; ///< safetensors: its __metadata__
    Warnings warnings;
    std::shared_ptr<const MappedFile> file; ///< that was opened; of a sharded one the index
    /// The files of a sharded checkpoint, each opened for itself; empty for all others.
    std::vector<std::shared_ptr<const Checkpoint>> shards;

    const Tensor* find(const std::string& name) const;
};

/// Reads the catalogue. Throws Error that says what the file is instead (empty, truncated, an HTML
/// page, a git-lfs pointer, ...) and what to do. An index of shards (*.index.json) opens the files
/// beside it that it names, if it is given by its path.
std::shared_ptr<const Checkpoint> openCheckpoint(const std::filesystem::path& path);
std::shared_ptr<const Checkpoint> openCheckpoint(std::shared_ptr<const MappedFile> file);

/// The file that the storage lies in.
const std::shared_ptr<const MappedFile>& storageFile(const Checkpoint& checkpoint,
                                                     const Storage& storage);
/// The size of all files of the checkpoint.
std::uint64_t bytesOnDisk(const Checkpoint& checkpoint);

/// The tensor's numbers, contiguous in row-major order, through its strides and offset.
std::vector<double> readTensor(const Checkpoint& checkpoint, const Tensor& tensor);
std::vector<float> readTensorAsFloat(const Checkpoint& checkpoint, const Tensor& tensor);
/// The tensor's bytes in its own type, contiguous in row-major order.
std::vector<std::byte> readTensorBytes(const Checkpoint& checkpoint, const Tensor& tensor);
/// SHA-256 of those bytes.
std::string tensorDigest(const Checkpoint& checkpoint, const Tensor& tensor);

} // namespace monotail
