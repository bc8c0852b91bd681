// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/file_contents.h"

#include <QCoreApplication>
#include <algorithm>

#include "base/text.h"
#include "models/tensor_model.h"

namespace monotail {

namespace {

constexpr std::size_t longestName = 300;
constexpr std::size_t mostListed = 8;       // numbers of a list
constexpr std::size_t mostValuesInLine = 4; // of the summary

QString tr(const char* text)
{
    return QCoreApplication::translate("FileContents", text);
}

QString quoted(const std::string& name)
{
    return QString::fromStdString(printable(name, longestName));
}

QString asText(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString formatName(const std::string& format)
{
    if (format == "zip")
        return tr("PyTorch file (zip)");
    if (format == "legacy")
        return tr("PyTorch file (from before 1.6)");
    if (format == "torchscript")
        return tr("TorchScript module");
    return asText(format);
}

std::string valueText(const ScalarEntry& entry)
{
    if (const auto* text = std::get_if<std::string>(&entry.value))
        return message("\"{}\"", printable(*text));
    if (const auto* number = std::get_if<double>(&entry.value))
        return toText(*number);
    return toText(std::get<std::int64_t>(entry.value));
}

std::string listText(const NumberList& list)
{
    std::vector<std::string> numbers;
    for (std::size_t i = 0; i < std::min(list.values.size(), mostListed); ++i)
        numbers.push_back(toText(list.values[i]));
    if (list.values.size() > mostListed)
        numbers.push_back(message("... ({} numbers)", list.values.size()));
    return joined(numbers, ", ");
}

std::optional<StoredAccuracy> accuracyIn(const Checkpoint& checkpoint)
{
    try {
        return storedAccuracy(checkpoint);
    } catch (const Error&) { // a tensor that cannot be read holds no accuracy to show
        return std::nullopt;
    }
}

QString storedText(const Checkpoint& checkpoint)
{
    const std::optional<StoredAccuracy> stored = accuracyIn(checkpoint);
    if (!stored)
        return tr("It stores no accuracy.");
    return tr("Stored accuracy: %1 = %2 %.")
        .arg(quoted(stored->name), QString::fromStdString(toText(stored->percent, 2)));
}

/// Other values of the top level: what the training script wrote beside the weights.
QString valuesText(const Checkpoint& checkpoint)
{
    const std::optional<StoredAccuracy> stored = accuracyIn(checkpoint);
    QStringList values;
    for (const ScalarEntry& entry : checkpoint.scalars)
        if (entry.name.find('.') == std::string::npos && !(stored && entry.name == stored->name) &&
            static_cast<std::size_t>(values.size()) < mostValuesInLine)
            values += quoted(entry.name) + QStringLiteral(" = ") +
                      QString::fromStdString(valueText(entry));
    return values.isEmpty() ? QString() : values.join(QStringLiteral(", ")) + QLatin1Char('.');
}

QString kindText(HeadKind kind)
{
    switch (kind) {
    case HeadKind::Linear:
        return tr("linear");
    case HeadKind::Lws:
        return tr("linear with learned scales (LWS)");
    case HeadKind::Cosine:
        return tr("cosine: norms have no effect");
    case HeadKind::WeightNorm:
        return tr("weight norm: directions and magnitudes");
    case HeadKind::Samn:
        return tr("trained SAMN head, folded");
    case HeadKind::Experts:
        return tr("experts: the mean of several heads");
    case HeadKind::SampleDependent:
        return tr("depends on each sample (DisAlign): not rescaled");
    }
    return {};
}

QString reading(const HeadCandidate& head)
{
    QStringList parts{kindText(head.kind),
                      head.bias.empty() ? tr("no bias") : tr("bias %1").arg(quoted(head.bias))};
    if (!head.scales.empty())
        parts += tr("scales %1").arg(quoted(head.scales));
    if (!head.magnitude.empty())
        parts += tr("magnitudes %1").arg(quoted(head.magnitude));
    if (head.background == BackgroundRow::First)
        parts += tr("first row is background");
    if (head.background == BackgroundRow::Last)
        parts += tr("last row is background");
    if (head.orientation == Orientation::FeatureByClass)
        parts += tr("stored with one column per class");
    return parts.join(QStringLiteral("; "));
}

void addRow(Table& table, const QString& kind, const std::string& name, const std::string& value)
{
    table.rows.push_back({kind.toStdString(), printable(name, longestName), value});
}

} // namespace

QString summaryOf(const Document& document)
{
    const Checkpoint& checkpoint = *document.checkpoint;
    const QString size = bytesText(bytesOnDisk(checkpoint));
    const QString tensors =
        QString::fromStdString(toGroupedText(static_cast<std::int64_t>(checkpoint.tensors.size())));
    QStringList parts{tr("%1, %2, %3 tensors.").arg(formatName(checkpoint.format), size, tensors),
                      storedText(checkpoint)};
    if (const QString values = valuesText(checkpoint); !values.isEmpty())
        parts += values;
    return parts.join(QLatin1Char(' '));
}

QString headInWords(const Document& document)
{
    if (document.head) {
        const HeadCandidate& head = document.head->source;
        return tr("In use: %1 (%2). Why: %3.")
            .arg(quoted(head.weight), reading(head), quoted(head.reason));
    }
    if (document.heads.tied > 1)
        return tr("%1 tensors are equally likely to be the classifier's weight: choose a head "
                  "below.")
            .arg(document.heads.tied);
    if (document.heads.candidates.empty())
        return document.headProblem + QStringLiteral(". ") +
               tr("If you know better, choose a matrix among the tensors below.");
    return document.headProblem + QStringLiteral(". ") + tr("You can choose another head below.");
}

TextTable headTable(const Document& document)
{
    TextTable out;
    out.table.header = {tr("weight").toStdString(), tr("classes x features").toStdString(),
                        tr("read as").toStdString(), tr("why it is offered").toStdString()};
    out.table.textColumns = 4;
    for (const HeadCandidate& head : document.heads.candidates) {
        if (document.head && document.head->source.weight == head.weight)
            out.marked = static_cast<int>(out.table.rows.size());
        out.table.rows.push_back(
            {printable(head.weight, longestName), message("{} x {}", head.classes, head.features),
             reading(head).toStdString(), printable(head.reason, longestName)});
    }
    out.columnExplanations = {
        tr("The tensor that would be the classifier's weight. Best candidates first."),
        tr("Classes: how many rows, one each. Features: how long a row is."),
        tr("How scores would be computed from it."), tr("What speaks for it, or against it.")};
    return out;
}

TextTable otherContents(const Checkpoint& checkpoint)
{
    TextTable out;
    Table& table = out.table;
    table.header = {tr("kind").toStdString(), tr("name").toStdString(), tr("value").toStdString()};
    table.textColumns = 3;
    for (const ScalarEntry& entry : checkpoint.scalars)
        addRow(table, tr("value"), entry.name, valueText(entry));
    for (const NumberList& list : checkpoint.lists)
        addRow(table, tr("list"), list.name, listText(list));
    for (const auto& [name, value] : checkpoint.metadata)
        addRow(table, tr("metadata"), name, printable(value));
    for (const std::string& object : checkpoint.objects)
        addRow(table, tr("object (never run)"), object, {});
    return out;
}

QString warningLines(const Warnings& warnings)
{
    QStringList lines;
    for (const std::string& warning : warnings)
        lines += QStringLiteral("⚠ ") + QString::fromStdString(warning);
    return lines.join(QLatin1Char('\n'));
}

} // namespace monotail
