// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/export_plan.h"

#include "checkpoint/head_new_file.h"
#include "checkpoint/patch.h"
#include "checkpoint/shards.h"

namespace monotail {

namespace {

/// Why it cannot be done; empty if it can.
template <typename Work>
std::string refusalOf(Work work)
{
    try {
        work();
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

/// Every tensor that the written head is read back from.
std::vector<std::string> tensorsOf(const HeadCandidate& head)
{
    std::vector<std::string> names{head.weight};
    const auto add = [&](const std::string& name) {
        if (!name.empty())
            names.push_back(name);
    };
    for (const std::string* name : {&head.bias, &head.scales, &head.magnitude, &head.factor})
        add(*name);
    for (const HeadPart& part : head.experts) {
        add(part.weight);
        add(part.bias);
    }
    return names;
}

/// The rows of a trained head, which take the place of those in the file; null: there is none.
const RowMatrix* newRows(const ExportPlan& plan)
{
    return plan.document->own ? &plan.document->head->weight : nullptr;
}

void planPatch(ExportPlan& plan)
{
    const Checkpoint& checkpoint = *plan.document->checkpoint;
    const ClassifierHead& head = *ownOf(plan.document)->head;
    for (const TensorPatch& patch : planHeadPatch(checkpoint, head, plan.rescaling->scale,
                                                  plan.rescaling->bias, newRows(plan)))
        plan.patchChanges.push_back({patch.tensor, static_cast<std::int64_t>(patch.values.size())});
    plan.patched = fileHolding(checkpoint, tensorsOf(head.source)).path;
    if (plan.patchChanges.empty() && !checkpoint.shards.empty())
        throw Error("nothing in the head changes, so none of the files needs a corrected copy; "
                    "choose a method first, or write a new file");
}

void planNewFile(ExportPlan& plan)
{
    const NewHeadFile file =
        planNewFile(*plan.document->checkpoint, *ownOf(plan.document)->head, plan.rescaling->scale,
                    plan.rescaling->bias, NewFileFormat::StateDict, newRows(plan));
    for (const FileTensor& tensor : file.content.tensors)
        if (!tensor.source)
            plan.newFileChanges.push_back(
                {tensor.name, static_cast<std::int64_t>(tensor.values.size())});
    plan.newFileNotes = file.warnings;
}

} // namespace

ExportPlan planExport(std::shared_ptr<const Document> document,
                      std::shared_ptr<const Rescaling> rescaling)
{
    ExportPlan plan;
    plan.document = std::move(document);
    plan.rescaling = std::move(rescaling);
    const auto refuse = [&](ExportFormat format, const std::string& why) {
        plan.refusals[static_cast<std::size_t>(format)] = why;
    };
    const ClassifierHead* trained = plan.document->own ? plan.document->head.get() : nullptr;
    const std::string none = refusalOf([&] {
        plan.automatic = formatFor(*plan.document->checkpoint, *ownOf(plan.document)->head,
                                   *plan.rescaling, trained);
    });
    const bool isScripted = trained && trained->unitParts > 0;
    if (!none.empty()) { // a head that cannot take it, whatever is written
        plan.refusals.fill(none);
        if (!isScripted)
            return plan;
        plan.automatic = ExportFormat::ScriptedHead; // it normalises by itself
        refuse(ExportFormat::Automatic, {});
        refuse(ExportFormat::ScriptedHead, {});
        return plan;
    }
    refuse(ExportFormat::Patch, refusalOf([&] { planPatch(plan); }));
    const std::string noNewFile = refusalOf([&] { planNewFile(plan); });
    refuse(ExportFormat::StateDict, noNewFile);
    refuse(ExportFormat::Safetensors, noNewFile);
    refuse(ExportFormat::Automatic, plan.refusal(plan.automatic));
    return plan;
}

} // namespace monotail
