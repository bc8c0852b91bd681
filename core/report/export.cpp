// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/export.h"

#include <algorithm>
#include <array>

#include "base/sha256.h"
#include "base/text.h"
#include "checkpoint/head_edits.h"
#include "checkpoint/head_new_file.h"
#include "checkpoint/patch.h"
#include "checkpoint/provenance.h"

namespace monotail {

namespace {

std::string fileDigest(const MappedFile& file)
{
    Sha256 digest;
    digest.add(file.bytes().data(), file.bytes().size());
    return digest.hex();
}

constexpr std::array<std::string_view, 4> formatNames{"auto", "patch", "state-dict", "safetensors"};

Json patchedBytes(const ExportResult& result)
{
    return result.format == ExportFormat::Patch ? Json(result.bytes) : Json(nullptr);
}

Json provenanceJson(const ExportRequest& request, const ExportResult& result,
                    const std::string& writtenHead)
{
    const FitOptions& fit = request.profile.options;
    Json out{{"schema", 1},
             {"program", message("Monotail {}", MONOTAIL_VERSION)},
             {"source", request.checkpoint.path.filename().string()},
             {"source_sha256", fileDigest(*request.checkpoint.file)},
             {"head", request.head.source.weight},
             {"written_head_sha256", writtenHead},
             {"head_kind", nameOf(request.head.source.kind)},
             {"method", request.rescaling.method},
             {"scale", request.rescaling.scale},
             {"bias", request.rescaling.bias},
             {"direction", nameOf(fit.direction)},
             {"ties", nameOf(fit.ties)},
             {"weights", nameOf(fit.weights)},
             {"order", fit.metricName},
             {"counts_source", request.classes.countsSource},
             {"counts", request.classes.counts},
             {"groups", {{"preset", request.rule.preset}, {"rule", describe(request.rule)}}},
             {"format", nameOf(result.format)},
             {"patched_bytes", patchedBytes(result)},
             {"max_rounding", result.maxRounding}};
    for (const auto& shard : request.checkpoint.shards)
        out["source_shards"][shard->path.filename().string()] = fileDigest(*shard->file);
    out["data"] = request.data ? Json(request.data->source) : Json(nullptr);
    out["announced"] = result.announced ? metricsJson(*result.announced) : Json(nullptr);
    out["warnings"] = result.warnings;
    return out;
}

/// Both return the head's place in the file written.
HeadCandidate writePatch(const ExportRequest& request, ExportResult& result,
                         const Progress& progress)
{
    const auto patches = planHeadPatch(request.checkpoint, request.head, request.rescaling.scale,
                                       request.rescaling.bias);
    const PatchResult patch =
        patchCheckpoint(request.checkpoint, patches, request.target, request.overwrite, progress);
    result.bytes = patch.patchedBytes;
    result.maxRounding = patch.maxRounding;
    result.verified = patch.verified;
    result.writing = patch.warnings;
    return request.head.source;
}

HeadCandidate writeNew(const ExportRequest& request, ExportResult& result, const Progress& progress)
{
    const NewFileFormat format = result.format == ExportFormat::Safetensors
                                     ? NewFileFormat::Safetensors
                                     : NewFileFormat::StateDict;
    const NewHeadFile plan = planNewFile(request.checkpoint, request.head, request.rescaling.scale,
                                         request.rescaling.bias, format);
    const NewFileResult file =
        writeNewFile(request.checkpoint, plan.content, request.target, request.overwrite, progress);
    result.bytes = file.bytes;
    result.maxRounding = file.maxRounding;
    result.verified = file.verified;
    result.writing = plan.warnings;
    return plan.head;
}

} // namespace

std::string_view nameOf(ExportFormat format)
{
    return formatNames[static_cast<std::size_t>(format)];
}

ExportFormat parseExportFormat(std::string_view name)
{
    const auto found = std::find(formatNames.begin(), formatNames.end(), name);
    if (found == formatNames.end())
        throw Error(message("the format '{}' is not known; there are {}", printable(name),
                            joined({formatNames.begin(), formatNames.end()}, ", ")));
    return static_cast<ExportFormat>(found - formatNames.begin());
}

ExportFormat formatFor(const Checkpoint& checkpoint, const ClassifierHead& head,
                       const Rescaling& rescaling)
{
    if (head.source.kind == HeadKind::Samn)
        return ExportFormat::StateDict;
    const HeadEdits edits = planHeadEdits(checkpoint, head, rescaling.scale, rescaling.bias);
    return edits.additions.empty() ? ExportFormat::Patch : ExportFormat::StateDict;
}

ExportResult exportCorrected(const ExportRequest& request, const Progress& progress)
{
    ExportResult result;
    result.output = request.target;
    result.provenance = provenancePath(request.target);
    // Made first: what would keep the record from being written is found before the checkpoint is.
    AtomicFile record(result.provenance, request.overwrite);
    result.format = request.format == ExportFormat::Automatic
                        ? formatFor(request.checkpoint, request.head, request.rescaling)
                        : request.format;
    const HeadCandidate place = result.format == ExportFormat::Patch
                                    ? writePatch(request, result, progress)
                                    : writeNew(request, result, progress);
    result.warnings = request.warnings;
    result.warnings.insert(result.warnings.end(), result.writing.begin(), result.writing.end());
    const auto written = openCheckpoint(request.target);
    const ClassifierHead head = readHead(*written, place);
    // The file is in place: cancelling is too late, and would cost the record.
    if (request.data) // nothing rescaled: the file's own head
        result.announced = evaluateHead(*written, head, request.classes, *request.data,
                                        request.rule, {}, *request.scorer, {})
                               .before;
    record.append(dump(provenanceJson(request, result, headDigest(head))));
    record.commit();
    return result;
}

Json exportJson(const ExportResult& result)
{
    return {{"schema", 1},
            {"output", result.output.string()},
            {"format", nameOf(result.format)},
            {"provenance", result.provenance.string()},
            {"patched_bytes", patchedBytes(result)},
            {"max_rounding", result.maxRounding},
            {"verified", result.verified},
            {"announced", result.announced ? metricsJson(*result.announced) : Json(nullptr)},
            {"warnings", result.warnings}};
}

} // namespace monotail
