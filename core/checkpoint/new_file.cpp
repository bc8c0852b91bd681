// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/new_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "base/text.h"
#include "checkpoint/new_tensor.h"
#include "checkpoint/output_target.h"
#include "checkpoint/safetensors_writer.h"
#include "checkpoint/state_dict_zip.h"
#include "checkpoint/work_meter.h"

namespace monotail {

namespace {

constexpr std::size_t blockBytes = 1 << 20;

/// Joins small pieces into blocks, which cost one system call each.
class Blocks
{
public:
    explicit Blocks(ByteSink sink) : m_sink(std::move(sink)) { m_block.reserve(blockBytes); }
    void add(std::span<const std::byte> bytes)
    {
        while (!bytes.empty()) {
            const std::size_t size = std::min(bytes.size(), blockBytes - m_block.size());
            m_block.insert(m_block.end(), bytes.begin(),
                           bytes.begin() + static_cast<std::ptrdiff_t>(size));
            bytes = bytes.subspan(size);
            if (m_block.size() == blockBytes)
                flush();
        }
    }
    void flush()
    {
        m_sink(m_block);
        m_block.clear();
    }

private:
    ByteSink m_sink;
    std::vector<std::byte> m_block;
};

bool isUtf8(const std::string& text)
{
    try {
        return !nlohmann::json(text).dump().empty();
    } catch (const nlohmann::json::exception&) {
        return false;
    }
}

void checkNames(const NewFile& content)
{
    std::unordered_set<std::string_view> names;
    for (const FileTensor& tensor : content.tensors) {
        if (tensor.name.empty())
            throw Error("a tensor of the new file has no name; every tensor needs one");
        if (!isUtf8(tensor.name))
            throw Error(message("{}: this name is no valid text (UTF-8), which a new file needs; "
                                "use --format patch",
                                printable(tensor.name)));
        if (!names.insert(tensor.name).second)
            throw Error(message("{}: two tensors of the new file would have this name",
                                printable(tensor.name)));
    }
    for (const auto& [key, value] : content.metadata)
        if (!isUtf8(key) || !isUtf8(value))
            throw Error(
                message("the metadata entry '{}' is no valid text (UTF-8)", printable(key)));
}

/// The largest rounding error of the new values.
double checkContent(const Checkpoint& source, const NewFile& content)
{
    checkNames(content);
    for (const FileTensor& tensor : content.tensors)
        if (isQuantised(tensor.dtype))
            throw Error(message("{}: a new file cannot hold quantised tensors ({}); use --format "
                                "patch",
                                printable(tensor.name), nameOf(tensor.dtype)));
    if (content.format == NewFileFormat::StateDict)
        checkStateDict(content);
    else
        checkSafetensors(content);
    double rounding = 0;
    for (const FileTensor& tensor : content.tensors)
        rounding = std::max(rounding, checkTensor(source, tensor));
    return rounding;
}

/// The whole file, front to back, in blocks. The same bytes each time unless the source changes.
void produce(const NewFile& content, const std::filesystem::path& target, const TensorWriter& write,
             const ByteSink& sink)
{
    Blocks blocks(sink);
    const ByteSink add = [&](std::span<const std::byte> bytes) { blocks.add(bytes); };
    if (content.format == NewFileFormat::StateDict)
        writeStateDict(content, target, write, add);
    else
        writeSafetensors(content, write, add);
    blocks.flush();
}

} // namespace

NewFileResult writeNewFile(const Checkpoint& source, const NewFile& content,
                           const std::filesystem::path& target, Overwrite overwrite,
                           const Progress& progress)
{
    checkTarget(source, target);
    NewFileResult result;
    result.maxRounding = checkContent(source, content);
    std::uint64_t work = 0;
    for (const FileTensor& tensor : content.tensors)
        work += 2 * byteCount(tensor); // written, read back
    WorkMeter meter(progress, work);
    const TensorWriter write = [&](const FileTensor& tensor, const ByteSink& sink) {
        writeTensor(source, tensor, [&](std::span<const std::byte> bytes) {
            sink(bytes);
            meter.advance(bytes.size());
        });
    };
    AtomicFile file(target, overwrite);
    meter.advance(0); // nothing to write is no reason not to ask
    produce(content, target, write, [&](std::span<const std::byte> block) {
        file.append(block);
        result.bytes += block.size();
    });
    std::uint64_t at = 0;
    std::vector<std::byte> written;
    produce(content, target, write, [&](std::span<const std::byte> block) {
        written.resize(block.size());
        file.readAt(at, written);
        if (!std::equal(block.begin(), block.end(), written.begin()))
            failDifferent(source.path, target, at);
        at += block.size();
    });
    file.commit();
    result.verified = true;
    return result;
}

} // namespace monotail
