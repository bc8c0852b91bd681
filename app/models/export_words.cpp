// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/export_words.h"

#include <QCoreApplication>

#include "base/text.h"
#include "report/text.h"
#include "words/words.h"

namespace monotail {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("ExportWords", text);
}

QString pathText(const std::filesystem::path& path)
{
    return QString::fromStdString(printable(path.string(), 400));
}

QString fileText(const std::filesystem::path& path)
{
    return QString::fromStdString(printable(path.filename().string(), 200));
}

QString grouped(std::int64_t number)
{
    return QString::fromStdString(toGroupedText(number));
}

/// What a format is called inside a sentence.
QString shortName(ExportFormat format)
{
    switch (format) {
    case ExportFormat::Patch:
        return tr("a patched copy");
    case ExportFormat::StateDict:
        return tr("a new state_dict file");
    case ExportFormat::Safetensors:
        return tr("a new safetensors file");
    case ExportFormat::ScriptedHead:
        return tr("a TorchScript module of the head");
    case ExportFormat::Automatic:
        break;
    }
    return {};
}

bool isPossible(const ExportPlan& plan)
{
    return plan.refusal(ExportFormat::Automatic).empty();
}

QString patchExplanation(const ExportPlan* plan)
{
    if (plan && !plan->document->checkpoint->shards.empty() && !plan->patched.empty())
        return tr("A copy of the one file that holds the head, %1: only the head's numbers change, "
                  "every other byte stays. It takes that file's place beside copies of the others.")
            .arg(fileText(plan->patched));
    return tr("A copy of the source in its own format: only the head's numbers change, every other "
              "byte stays as it is.");
}

QString changesText(const std::vector<TensorChange>& changes)
{
    QStringList parts;
    for (const TensorChange& change : changes)
        parts +=
            tr("%1 (%2 numbers)")
                .arg(QString::fromStdString(printable(change.tensor)), grouped(change.numbers));
    return parts.isEmpty() ? tr("nothing: the head is as in the source")
                           : parts.join(tr(" and ")).toHtmlEscaped();
}

QString whatChanges(ExportFormat format, const ExportPlan* plan)
{
    if (!plan)
        return tr("being worked out\u2026");
    const std::string& why = plan->refusal(format);
    if (!why.empty())
        return tr("it cannot be written. \u26a0 %1").arg(inWindow(why).toHtmlEscaped());
    if (plan->meaning(format) == ExportFormat::Patch)
        return changesText(plan->patchChanges);
    QString text = changesText(plan->newFileChanges);
    for (const std::string& note : plan->newFileNotes)
        text += tr("<br>\u26a0 %1").arg(inWindow(note).toHtmlEscaped());
    return text;
}

/// "-samn", "-tau-0.7".
QString methodPart(const Snapshot& snapshot)
{
    QString method = QString::fromStdString(snapshot.rescaling->method);
    method.replace(QLatin1Char('='), QLatin1Char('-'));
    method.remove(QLatin1Char(',')).replace(QLatin1Char(' '), QLatin1Char('-'));
    return QLatin1Char('-') + method;
}

/// The source's name in two parts; of a patch the name of the file that it is a copy of.
SuggestedName sourceName(const Snapshot& snapshot, ExportFormat meaning, const ExportPlan* plan)
{
    const bool isShard = meaning == ExportFormat::Patch && plan && !plan->patched.empty();
    const QString name =
        isShard ? fileName(plan->patched.string()) : fileName(snapshot.document->inputs.checkpoint);
    const auto dot = name.indexOf(QLatin1Char('.'), 1);
    return dot < 0 ? SuggestedName{name, {}} : SuggestedName{name.left(dot), name.mid(dot)};
}

} // namespace

QString formatTitle(ExportFormat format, const ExportPlan* plan)
{
    switch (format) {
    case ExportFormat::Automatic:
        if (!plan)
            return tr("&Automatic");
        return isPossible(*plan) ? tr("&Automatic: %1").arg(shortName(plan->automatic))
                                 : tr("&Automatic: not possible");
    case ExportFormat::Patch:
        return tr("&Patched copy");
    case ExportFormat::StateDict:
        return tr("New state_&dict file");
    case ExportFormat::Safetensors:
        return tr("New &safetensors file");
    case ExportFormat::ScriptedHead:
        return tr("&TorchScript module of the head");
    }
    return {};
}

QString formatExplanation(ExportFormat format, const ExportPlan* plan)
{
    switch (format) {
    case ExportFormat::Automatic:
        return tr("A patched copy where the source has a place for every change, a new state_dict "
                  "file where it has none.");
    case ExportFormat::Patch:
        return patchExplanation(plan);
    case ExportFormat::StateDict:
        return tr("A new PyTorch file with the model's tensors only. It loads with "
                  "torch.load(weights_only=True).");
    case ExportFormat::Safetensors:
        return tr("The same tensors as a safetensors file, which holds nothing but numbers.");
    case ExportFormat::ScriptedHead:
        return tr("The head alone, without the backbone: it takes features, normalises them where "
                  "the head does, and gives logits.");
    }
    return {};
}

SuggestedName suggestedName(const Snapshot& snapshot, ExportFormat format, const ExportPlan* plan)
{
    const ExportFormat meaning = plan                                ? plan->meaning(format)
                                 : format == ExportFormat::Automatic ? ExportFormat::Patch
                                                                     : format;
    SuggestedName name = sourceName(snapshot, meaning, plan);
    if (snapshot.document->own)
        name.stem += QStringLiteral("-run%1").arg(snapshot.document->run);
    name.stem += methodPart(snapshot);
    const bool isPlain =
        name.ending == QLatin1String(".pt") || name.ending == QLatin1String(".pth");
    if (meaning == ExportFormat::Safetensors)
        name.ending = QStringLiteral(".safetensors");
    if (meaning == ExportFormat::ScriptedHead)
        name.ending = QStringLiteral(".pt");
    if (meaning == ExportFormat::StateDict && !isPlain)
        name.ending = QStringLiteral(".pth");
    return name;
}

QString planText(const Session& session, ExportFormat format, const ExportPlan* plan)
{
    const Snapshot& snapshot = session.snapshot();
    const Document& document = *snapshot.document;
    QString text =
        tr("<b>Source:</b> %1 (%2)<br><b>Method:</b> %3<br><b>What changes:</b> %4")
            .arg(headName(document).toHtmlEscaped(),
                 QString::fromStdString(document.checkpoint->format),
                 methodText(*snapshot.rescaling).toHtmlEscaped(), whatChanges(format, plan));
    if (snapshot.hasData() && snapshot.accuracy->rescaling.scale == snapshot.rescaling->scale)
        text += tr("<br><b>Top-1 to expect:</b> %1 % (now %2 %), split: %3")
                    .arg(QString::fromStdString(rateText(snapshot.accuracy->after.top1, 2)),
                         QString::fromStdString(rateText(snapshot.accuracy->before.top1, 2)),
                         splitText(document).toHtmlEscaped());
    for (const std::string& warning : session.warnings())
        text += tr("<br>\u26a0 %1").arg(inWindow(warning).toHtmlEscaped());
    return text;
}

QString resultText(const ExportResult& result)
{
    const QString bytes = grouped(static_cast<std::int64_t>(result.bytes));
    const QString output = pathText(result.output);
    QString text =
        result.format == ExportFormat::Patch
            ? tr("\u2713 Written and verified: %1. Read back, the head is as wanted and every "
                 "other byte is as in the source. %2 bytes changed, largest rounding %3.")
            : tr("\u2713 Written and verified: %1, %4 of %2 bytes with the model's tensors. Read "
                 "back, every tensor is as wanted. Largest rounding %3.");
    const QString rounding = QString::number(result.maxRounding, 'g', 2);
    text = result.format == ExportFormat::Patch
               ? text.arg(output, bytes, rounding)
               : text.arg(output, bytes, rounding, shortName(result.format));
    text += tr(" What it was made from is in %1.").arg(fileText(result.provenance));
    if (result.announced)
        text += tr(" Top-1 of the head as written: %1 %.")
                    .arg(QString::fromStdString(rateText(result.announced->top1, 2)));
    for (const std::string& warning : result.warnings)
        text += tr("\n\u26a0 %1").arg(inWindow(warning));
    return text;
}

} // namespace monotail
