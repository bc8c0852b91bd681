// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/export.h"

#include <algorithm>
#include <array>

#include "base/sha256.h"
#include "base/text.h"
#include "checkpoint/head_edits.h"
#include "checkpoint/output_target.h"
#include "checkpoint/provenance.h"
#include "report/export_write.h"

namespace monotail {

namespace {

std::string fileDigest(const MappedFile& file)
{
    Sha256 digest;
    digest.add(file.bytes().data(), file.bytes().size());
    return digest.hex();
}

constexpr std::array<std::string_view, 5> formatNames{"auto", "patch", "state-dict", "safetensors",
                                                      "scripted-head"};

Json patchedBytes(const ExportResult& result)
{
    return result.format == ExportFormat::Patch ? Json(result.bytes) : Json(nullptr);
}

/// What the source is, taken before anything is written from it.
Json sourceJson(const Checkpoint& checkpoint)
{
    Json out{{"source", checkpoint.path.filename().string()},
             {"source_sha256", fileDigest(*checkpoint.file)}};
    for (const auto& shard : checkpoint.shards)
        out["source_shards"][shard->path.filename().string()] = fileDigest(*shard->file);
    return out;
}

Json provenanceJson(const ExportRequest& request, const ExportResult& result, const Json& source,
                    const std::string& writtenHead)
{
    const FitOptions& fit = request.profile.options;
    Json out{{"schema", 1},
             {"program", message("Monotail {}", MONOTAIL_VERSION)},
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
    out.update(source);
    out["data"] = request.data ? Json(request.data->source) : Json(nullptr);
    out["announced"] = result.announced ? metricsJson(*result.announced) : Json(nullptr);
    out["warnings"] = result.warnings;
    if (request.trained)
        out["retrained"] = {{"name", request.trained->name}, {"record", request.trained->record}};
    return out;
}

bool isSafetensors(const Checkpoint& checkpoint)
{
    return checkpoint.shards.empty() ? checkpoint.format == "safetensors"
                                     : checkpoint.shards.front()->format == "safetensors";
}

/// Where the user did not say: as the head needs it, and as the target is called.
ExportFormat formatOf(const ExportRequest& request)
{
    if (request.format != ExportFormat::Automatic)
        return request.format;
    if (request.target.extension() == ".safetensors" && !isSafetensors(request.checkpoint))
        return ExportFormat::Safetensors;
    return formatFor(request.checkpoint, request.head, request.rescaling,
                     request.trained ? request.trained->head.get() : nullptr);
}

void warnOfName(const Checkpoint& checkpoint, ExportResult& result)
{
    const bool isWritten = result.format == ExportFormat::Safetensors ||
                           (result.format == ExportFormat::Patch && isSafetensors(checkpoint));
    if (isWritten != (result.output.extension() == ".safetensors"))
        result.writing.push_back(
            message("{}: the file is {}, which its name does not say", result.output.string(),
                    isWritten ? "safetensors" : "a PyTorch file, not safetensors"));
}

/// Evaluates the head as written and returns its digest. The file is in place: cancelling is too
/// late, and would cost the record.
std::string readBack(const ExportRequest& request, const HeadCandidate& place, ExportResult& result)
{
    const auto written = openCheckpoint(request.target);
    const ClassifierHead head = readWritten(request, result, *written, place);
    if (request.data) // nothing rescaled: the file's own head
        result.announced = evaluateHead(*written, head, request.classes, *request.data,
                                        request.rule, {}, *request.scorer, {})
                               .before;
    return headDigest(head);
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
                       const Rescaling& rescaling, const ClassifierHead* trained)
{
    if (trained)
        checkPlainFile(checkpoint, *trained, rescaling);
    if (head.source.kind == HeadKind::Samn || (trained && becomesPlain(head.source)))
        return ExportFormat::StateDict;
    const HeadEdits edits = planHeadEdits(checkpoint, head, rescaling.scale, rescaling.bias,
                                          trained ? &trained->weight : nullptr);
    return edits.additions.empty() ? ExportFormat::Patch : ExportFormat::StateDict;
}

ExportResult exportCorrected(const ExportRequest& request, const Progress& progress)
{
    ExportResult result;
    result.output = request.target;
    result.provenance = provenancePath(request.target);
    checkTarget(request.checkpoint, result.provenance);
    // Made first: what would keep the record from being written is found before the checkpoint is.
    AtomicFile record(result.provenance, request.overwrite);
    const Json source = sourceJson(request.checkpoint);
    result.format = formatOf(request);
    std::error_code none;
    const bool isNew = !std::filesystem::exists(request.target, none);
    const HeadCandidate place = writeTarget(request, result, progress);
    warnOfName(request.checkpoint, result);
    result.warnings = request.warnings;
    result.warnings.insert(result.warnings.end(), result.writing.begin(), result.writing.end());
    try {
        const std::string writtenHead = readBack(request, place, result);
        record.append(dump(provenanceJson(request, result, source, writtenHead)));
        record.commit();
    } catch (const Error&) { // no corrected checkpoint without its record
        if (isNew)
            std::filesystem::remove(request.target, none);
        throw;
    }
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
