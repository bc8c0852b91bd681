// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/export.h"

#include "base/sha256.h"
#include "base/text.h"
#include "checkpoint/provenance.h"

namespace monotail {

namespace {

std::string fileDigest(const MappedFile& file)
{
    Sha256 digest;
    digest.add(file.bytes().data(), file.bytes().size());
    return digest.hex();
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
             {"patched_bytes", result.patch.patchedBytes},
             {"max_rounding", result.patch.maxRounding}};
    out["data"] = request.data ? Json(request.data->source) : Json(nullptr);
    out["announced"] = result.announced ? metricsJson(*result.announced) : Json(nullptr);
    out["warnings"] = result.warnings;
    return out;
}

} // namespace

ExportResult exportCorrected(const ExportRequest& request, const Progress& progress)
{
    ExportResult result;
    result.output = request.target;
    result.provenance = provenancePath(request.target);
    // Made first: what would keep the record from being written is found before the checkpoint is.
    AtomicFile record(result.provenance, request.overwrite);
    const auto patches = planHeadPatch(request.checkpoint, request.head, request.rescaling.scale,
                                       request.rescaling.bias);
    result.patch =
        patchCheckpoint(request.checkpoint, patches, request.target, request.overwrite, progress);
    result.warnings = request.warnings;
    result.warnings.insert(result.warnings.end(), result.patch.warnings.begin(),
                           result.patch.warnings.end());
    const auto written = openCheckpoint(request.target);
    const ClassifierHead head = readHead(*written, request.head.source);
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
            {"format", "patch"},
            {"provenance", result.provenance.string()},
            {"patched_bytes", result.patch.patchedBytes},
            {"max_rounding", result.patch.maxRounding},
            {"verified", result.patch.verified},
            {"announced", result.announced ? metricsJson(*result.announced) : Json(nullptr)},
            {"warnings", result.warnings}};
}

} // namespace monotail
