// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/patch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "base/text.h"
#include "checkpoint/byte_edits.h"
#include "checkpoint/copies.h"
#include "checkpoint/output_target.h"
#include "checkpoint/shards.h"
#include "checkpoint/tensor_region.h"
#include "checkpoint/work_meter.h"
#include "checkpoint/zip_checksums.h"

namespace monotail {

namespace {

constexpr std::uint64_t chunkBytes = 1 << 20;

/// All patches as bytes in the file.
struct Edits
{
    std::vector<ByteEdits> tensors;
    std::uint64_t bytes = 0;
    double maxRounding = 0;
};

const Tensor& patchedTensor(const Checkpoint& checkpoint, const TensorPatch& patch)
{
    const Tensor* tensor = checkpoint.find(patch.tensor);
    const std::string name = printable(patch.tensor);
    if (!tensor)
        throw Error(message("{}: there is no tensor {}", checkpoint.path.string(), name));
    if (!isFloating(tensor->dtype))
        throw Error(message("{}: a patch needs floating-point numbers, this tensor holds {}; write "
                            "a new file instead",
                            name, nameOf(tensor->dtype)));
    if (static_cast<std::int64_t>(patch.values.size()) != tensor->elements())
        throw Error(message("{}: {} new numbers for {} elements", name, patch.values.size(),
                            tensor->elements()));
    return *tensor;
}

bool sharesBytes(const Checkpoint& checkpoint, const Tensor& other, const ByteEdits& edits)
{
    const TensorRegion region = regionOf(checkpoint, other);
    return edits.touches(region.begin, region.end) &&
           anyBlock(region, [&](std::uint64_t begin, std::uint64_t end) {
               return edits.touches(begin, end);
           });
}

void checkUnshared(const Checkpoint& checkpoint, const Tensor& tensor, const ByteEdits& edits)
{
    constexpr std::size_t named = 5;
    std::vector<std::string> names;
    std::size_t sharing = 0;
    for (const Tensor& other : checkpoint.tensors)
        if (&other != &tensor && sharesBytes(checkpoint, other, edits) && ++sharing <= named)
            names.push_back(printable(other.name));
    if (sharing == 0)
        return;
    const std::string more = sharing > named ? message(" and {} more", sharing - named) : "";
    throw Error(message("{}: its bytes also belong to {}{}, which a patch would change too; write "
                        "a new file instead (--format state-dict or safetensors)",
                        printable(tensor.name), joined(names, ", "), more));
}

void addPatch(Edits& edits, const Checkpoint& checkpoint, const TensorPatch& patch)
{
    const Tensor& tensor = patchedTensor(checkpoint, patch);
    const TensorRegion region = regionOf(checkpoint, tensor);
    if (!isDistinct(region))
        throw Error(message("{}: elements of this tensor share bytes, so they cannot be set one by "
                            "one; write a new file instead (--format state-dict or safetensors)",
                            printable(tensor.name)));
    ByteEdits& bytes = edits.tensors.emplace_back();
    std::array<std::byte, sizeof(double)> buffer{};
    const auto element = std::span(buffer).first(region.element);
    forEachElement(region, [&](std::uint64_t offset, std::uint64_t index) {
        const double wanted = patch.values[index];
        const double stored = writeElement(tensor.dtype, element.data(), wanted);
        if (!std::isfinite(stored))
            throw Error(message("{}: element {} would get the value {}, which {} cannot hold",
                                printable(tensor.name), index, wanted, nameOf(tensor.dtype)));
        edits.maxRounding = std::max(edits.maxRounding, std::fabs(stored - wanted));
        bytes.add(offset, element);
    });
    checkUnshared(checkpoint, tensor, bytes);
    edits.bytes += bytes.size();
}

Edits encoded(const Checkpoint& checkpoint, const std::vector<TensorPatch>& patches)
{
    Edits edits;
    std::set<std::string> names;
    for (const TensorPatch& patch : patches) {
        if (!names.insert(patch.tensor).second)
            throw Error(message("{}: this tensor is to be patched twice", printable(patch.tensor)));
        addPatch(edits, checkpoint, patch);
    }
    return edits;
}

/// The source from `offset` on with all edits laid over it.
void fillWindow(std::vector<std::byte>& window, const MappedFile& source, std::uint64_t offset,
                const std::vector<ByteEdits>& edits)
{
    const auto bytes = source.bytes().subspan(offset);
    window.assign(bytes.begin(),
                  bytes.begin() + static_cast<std::ptrdiff_t>(std::min(chunkBytes, bytes.size())));
    for (const ByteEdits& edit : edits)
        edit.applyTo(offset, window);
}

void copyEdited(AtomicFile& file, const MappedFile& source, const std::vector<ByteEdits>& edits,
                WorkMeter& meter)
{
    std::vector<std::byte> window;
    for (std::uint64_t offset = 0; offset < source.bytes().size(); offset += window.size()) {
        fillWindow(window, source, offset, edits);
        file.append(window);
        meter.advance(window.size());
    }
}

void verify(const AtomicFile& file, const MappedFile& source, const std::vector<ByteEdits>& edits,
            WorkMeter& meter, const std::filesystem::path& target)
{
    std::vector<std::byte> window;
    std::vector<std::byte> written;
    for (std::uint64_t offset = 0; offset < source.bytes().size(); offset += window.size()) {
        fillWindow(window, source, offset, edits);
        written.resize(window.size());
        file.readAt(offset, written);
        if (written != window)
            failDifferent(source.path(), target, offset);
        meter.advance(window.size());
    }
}

bool isZip(const Checkpoint& checkpoint)
{
    return checkpoint.format == "zip" || checkpoint.format == "torchscript";
}

std::vector<std::string> namesOf(const std::vector<TensorPatch>& patches)
{
    std::vector<std::string> names;
    for (const TensorPatch& patch : patches)
        names.push_back(patch.tensor);
    return names;
}

/// Of a checkpoint that is one file.
PatchResult patchFile(const Checkpoint& checkpoint, const std::vector<TensorPatch>& patches,
                      const std::filesystem::path& target, Overwrite overwrite,
                      const Progress& progress)
{
    const MappedFile& source = *checkpoint.file;
    Edits edits = encoded(checkpoint, patches);
    const std::vector<ZipMember> members =
        isZip(checkpoint) ? editedMembers(source, edits.tensors) : std::vector<ZipMember>();
    AtomicFile file(target, overwrite);

    std::uint64_t work = 2 * source.bytes().size(); // written, read back
    for (const ZipMember& member : members)
        work += member.size;
    WorkMeter meter(progress, work);
    ChecksumEdits checksums = checksumEdits(source, members, edits.tensors,
                                            [&](std::uint64_t bytes) { meter.advance(bytes); });
    edits.tensors.push_back(std::move(checksums.edits));
    copyEdited(file, source, edits.tensors, meter);
    verify(file, source, edits.tensors, meter, target);
    file.commit();
    return {edits.bytes, edits.maxRounding, true, std::move(checksums.warnings)};
}

} // namespace

PatchResult patchCheckpoint(const Checkpoint& checkpoint, const std::vector<TensorPatch>& patches,
                            const std::filesystem::path& target, Overwrite overwrite,
                            const Progress& progress, const std::vector<std::string>& together)
{
    checkTarget(checkpoint, target);
    std::vector<std::string> names = namesOf(patches);
    names.insert(names.end(), together.begin(), together.end());
    const Checkpoint& file = fileHolding(checkpoint, names);
    PatchResult result = patchFile(file, patches, target, overwrite, progress);
    const Warnings copies = untouchedCopies(checkpoint, patches);
    result.warnings.insert(result.warnings.end(), copies.begin(), copies.end());
    if (&file != &checkpoint)
        result.warnings.push_back(message("the new file is a copy of the shard '{}' alone: put it "
                                          "in that one's place beside a copy of the other files",
                                          printable(file.path.filename().string())));
    return result;
}

} // namespace monotail
