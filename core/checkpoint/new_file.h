// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/progress.h"
#include "checkpoint/checkpoint.h"
#include "platform/atomic_file.h"

namespace monotail {

/// One tensor of a new file: the bytes of a tensor of the source, or new values. Either way it is
/// written contiguous in row-major order, with a storage of its own.
struct FileTensor
{
    std::string name;
    DType dtype = DType::Float32;
    std::vector<std::int64_t> shape; ///< of as many elements as the source has; empty for a scalar
    const Tensor* source = nullptr;  ///< of the source checkpoint, of the same type
    std::vector<double> values;      ///< row-major, where source is null; rounded to nearest even
};

enum class NewFileFormat { StateDict, Safetensors };

struct NewFile
{
    NewFileFormat format = NewFileFormat::StateDict;
    std::vector<FileTensor> tensors;
    std::map<std::string, std::string> metadata; ///< safetensors: more for its __metadata__
};

struct NewFileResult
{
    std::uint64_t bytes = 0; ///< of the new file
    double maxRounding = 0;  ///< largest |stored - wanted| over the new values
    bool verified = false;   ///< read back and compared byte by byte
};

/// Writes a plain state_dict, as torch.save does and torch.load(weights_only=True) opens, or a
/// safetensors file. A large source is not held in memory. Throws Error, naming the tensor, for
/// what the format cannot hold (quantised tensors, some types), for names that are empty or come
/// twice, and for values that are not as many as the shape says or that the type cannot hold; also
/// if the target is the source, exists without Overwrite::Replace or cannot be written. On any
/// failure no target is left behind and the source is untouched.
NewFileResult writeNewFile(const Checkpoint& source, const NewFile& content,
                           const std::filesystem::path& target, Overwrite overwrite,
                           const Progress& progress = {});

} // namespace monotail
