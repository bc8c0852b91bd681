// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/export_write.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "checkpoint/head_new_file.h"
#include "checkpoint/head_tensors.h"
#include "checkpoint/output_target.h"
#include "checkpoint/patch.h"
#include "evaluate/torch_engine.h"

namespace monotail {

namespace {

const RowMatrix* newRows(const ExportRequest& request)
{
    return request.trained ? &request.trained->head->weight : nullptr;
}

HeadCandidate writePatch(const ExportRequest& request, ExportResult& result,
                         const Progress& progress)
{
    const auto patches = planHeadPatch(request.checkpoint, request.head, request.rescaling.scale,
                                       request.rescaling.bias, newRows(request));
    const PatchResult patch =
        patchCheckpoint(request.checkpoint, patches, request.target, request.overwrite, progress,
                        tensorNamesOf(request.head.source));
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
                                         request.rescaling.bias, format, newRows(request));
    const NewFileResult file =
        writeNewFile(request.checkpoint, plan.content, request.target, request.overwrite, progress);
    result.bytes = file.bytes;
    result.maxRounding = file.maxRounding;
    result.verified = file.verified;
    result.writing = plan.warnings;
    return plan.head;
}

const ClassifierHead& headToWrite(const ExportRequest& request)
{
    return request.trained ? *request.trained->head : request.head;
}

void checkSizes(const ClassifierHead& head, const Rescaling& rescaling)
{
    const auto classes = static_cast<std::size_t>(head.classes());
    if (rescaling.scale.size() != classes || rescaling.bias.size() != classes)
        throw Error(message("{}: the head has {} classes, but there are {} scales and {} biases",
                            printable(head.source.weight), classes, rescaling.scale.size(),
                            rescaling.bias.size()));
}

/// The head with the rescaling in its numbers, and how far float32 is from them.
struct ScaledHead
{
    ClassifierHead head;
    double maxRounding = 0;
};

ScaledHead scaledHead(const ClassifierHead& head, const Rescaling& rescaling)
{
    checkSizes(head, rescaling);
    ScaledHead out{head, 0};
    const auto rounded = [&](double value, std::int64_t c) {
        const auto stored = static_cast<float>(value);
        if (!std::isfinite(stored))
            throw Error(message("{}: class {} would get the value {}, which float32 cannot hold; "
                                "choose another method or parameter",
                                printable(head.source.weight), c, value));
        out.maxRounding = std::max(out.maxRounding, std::abs(static_cast<double>(stored) - value));
        return stored;
    };
    for (std::int64_t c = 0; c < head.classes(); ++c) {
        const auto at = static_cast<std::size_t>(c);
        for (std::int64_t d = 0; d < head.features(); ++d)
            out.head.weight(c, d) =
                rounded(rescaling.scale[at] * static_cast<double>(head.weight(c, d)), c);
        out.head.bias(c) = rounded(rescaling.bias[at], c);
    }
    return out;
}

/// The tensors of the module that writeScriptedHead() writes.
HeadCandidate scriptedCandidate(const ClassifierHead& head)
{
    HeadCandidate place;
    place.weight = "weight";
    place.bias = "bias";
    place.classes = head.classes();
    place.features = head.features();
    return place;
}

HeadCandidate writeScripted(const ExportRequest& request, ExportResult& result)
{
    checkTarget(request.checkpoint, request.target);
    const ScaledHead scaled = scaledHead(headToWrite(request), request.rescaling);
    loadTorchEngine()->writeScriptedHead(scaled.head, request.target, request.overwrite);
    result.verified = true; // by readWritten(), which throws where it is not as it should be
    result.bytes = std::filesystem::file_size(request.target);
    result.maxRounding = scaled.maxRounding;
    result.writing.push_back(message("the new file is the head alone: a TorchScript module that "
                                     "takes the backbone's features (N x {}) and gives logits (N x "
                                     "{})",
                                     scaled.head.features(), scaled.head.classes()));
    return scriptedCandidate(scaled.head);
}

} // namespace

void checkPlainFile(const Checkpoint& checkpoint, const ClassifierHead& trained,
                    const Rescaling& rescaling)
{
    constexpr std::string_view offer =
        "write the head as a TorchScript module that normalises (--format scripted-head)";
    if (trained.unitParts > 1)
        throw Error(message("{}: the retrained head normalises its features in {} parts, which no "
                            "plain linear head can repeat; {}",
                            checkpoint.path.string(), trained.unitParts, offer));
    const bool hasBias = std::any_of(rescaling.bias.begin(), rescaling.bias.end(),
                                     [](double bias) { return bias != 0; });
    if (trained.unitParts > 0 && hasBias)
        throw Error(message("{}: the retrained head normalises its features and has a bias, so a "
                            "plain linear head would predict otherwise; {}",
                            checkpoint.path.string(), offer));
}

HeadCandidate writeTarget(const ExportRequest& request, ExportResult& result,
                          const Progress& progress)
{
    if (result.format == ExportFormat::ScriptedHead)
        return writeScripted(request, result);
    const bool isTrained = request.trained.has_value();
    if (isTrained)
        checkPlainFile(request.checkpoint, *request.trained->head, request.rescaling);
    const HeadCandidate place = result.format == ExportFormat::Patch
                                    ? writePatch(request, result, progress)
                                    : writeNew(request, result, progress);
    if (isTrained && request.trained->head->unitParts > 0)
        result.writing.push_back("the retrained head normalises its features, the plain linear "
                                 "head written does not: predictions are the same, confidences are "
                                 "not (--format scripted-head keeps both)");
    return place;
}

ClassifierHead readWritten(const ExportRequest& request, const ExportResult& result,
                           const Checkpoint& written, const HeadCandidate& place)
{
    ClassifierHead head = readHead(written, place);
    if (result.format != ExportFormat::ScriptedHead)
        return head;
    const ClassifierHead wanted = scaledHead(headToWrite(request), request.rescaling).head;
    if (head.weight != wanted.weight || head.bias != wanted.bias)
        throw Error(message("{}: the head reads back differently from what was written; the disk "
                            "may be failing, write it elsewhere",
                            request.target.string()));
    head.unitParts = wanted.unitParts;
    return head;
}

} // namespace monotail
