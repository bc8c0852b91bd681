// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/state_dict_zip.h"

#include <algorithm>

#include "base/text.h"
#include "checkpoint/pickle_writer.h"
#include "checkpoint/zip_writer.h"

namespace monotail {

namespace {

constexpr std::size_t longestFolder = 100;

bool isPlain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

/// The folder in the archive: PyTorch takes the file's name without its last ending.
std::string folderFor(const std::filesystem::path& target)
{
    std::string folder = target.stem().string().substr(0, longestFolder);
    std::replace_if(
        folder.begin(), folder.end(), [](char c) { return !isPlain(c); }, '_');
    return folder.find_first_not_of('.') == std::string::npos ? "archive" : folder;
}

} // namespace

void checkStateDict(const NewFile& content)
{
    // torch.save refuses complex32; the class name that goes with it was never used.
    for (const FileTensor& tensor : content.tensors)
        if (tensor.dtype == DType::Complex32 || storageName(tensor.dtype).empty())
            throw Error(message("{}: a state_dict of stock PyTorch cannot hold {}; use --format "
                                "patch{}",
                                printable(tensor.name), nameOf(tensor.dtype),
                                safetensorsName(tensor.dtype).empty() ? "" : " or safetensors"));
}

void writeStateDict(const NewFile& content, const std::filesystem::path& target,
                    const TensorWriter& write, const ByteSink& sink)
{
    const std::string folder = folderFor(target) + "/";
    ZipWriter zip(sink);
    zip.add(folder + "data.pkl", pickledStateDict(content.tensors));
    zip.add(folder + "byteorder", "little");
    for (std::size_t i = 0; i < content.tensors.size(); ++i) {
        const FileTensor& tensor = content.tensors[i];
        zip.add(folder + "data/" + std::to_string(i), byteCount(tensor),
                [&](const ByteSink& payload) { write(tensor, payload); });
    }
    zip.add(folder + "version", "3\n");
    zip.finish();
}

} // namespace monotail
