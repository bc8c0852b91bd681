// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/file_contents.h"

#include <QCoreApplication>
#include <algorithm>

#include "base/text.h"
#include "models/tensor_model.h"
#include "words/words.h"

namespace monotail {

namespace {

constexpr std::size_t longestName = 300;
constexpr std::size_t mostListed = 8;       // numbers of a list
constexpr std::size_t mostValuesInLine = 4; // of the summary
constexpr std::size_t mostShardsInLine = 3;
constexpr std::size_t longestInLine = 40;

QString tr(const char* text)
{
    return QCoreApplication::translate("FileContents", text);
}

QString quoted(const std::string& name)
{
    return QString::fromStdString(printable(name, longestName));
}

QString formatName(const std::string& format)
{
    if (format == "zip")
        return tr("PyTorch file (zip)");
    if (format == "legacy")
        return tr("PyTorch file (from before 1.6)");
    if (format == "torchscript")
        return tr("TorchScript module");
    if (format == "safetensors")
        return tr("safetensors file");
    return QString::fromStdString(format);
}

/// "Sharded checkpoint of 2 files (a.safetensors, b.safetensors)".
QString formatText(const Checkpoint& checkpoint)
{
    if (checkpoint.shards.empty())
        return formatName(checkpoint.format);
    QStringList names;
    for (const auto& shard : checkpoint.shards)
        if (static_cast<std::size_t>(names.size()) < mostShardsInLine)
            names += quoted(shard->path.filename().string());
    if (checkpoint.shards.size() > mostShardsInLine)
        names += tr("and %1 more").arg(checkpoint.shards.size() - mostShardsInLine);
    const QString count = QString::number(checkpoint.shards.size());
    return checkpoint.shards.size() == 1
               ? tr("Sharded checkpoint of 1 file (%1)").arg(names.join(QStringLiteral(", ")))
               : tr("Sharded checkpoint of %1 files (%2)")
                     .arg(count, names.join(QStringLiteral(", ")));
}

/// What safetensors files say of themselves; shards mostly all say the same.
std::map<std::string, std::string> metadataOf(const Checkpoint& checkpoint)
{
    std::map<std::string, std::string> all = checkpoint.metadata;
    for (const auto& shard : checkpoint.shards)
        all.insert(shard->metadata.begin(), shard->metadata.end());
    return all;
}

QString metadataText(const Checkpoint& checkpoint)
{
    QStringList values;
    const auto all = metadataOf(checkpoint);
    for (const auto& [name, value] : all)
        if (static_cast<std::size_t>(values.size()) < mostValuesInLine)
            values += tr("%1 = %2").arg(QString::fromStdString(printable(name, longestInLine)),
                                        QString::fromStdString(printable(value, longestInLine)));
    if (values.isEmpty())
        return {};
    if (all.size() > mostValuesInLine)
        values += tr("and %1 more").arg(all.size() - mostValuesInLine);
    return tr("Metadata: %1.").arg(values.join(QStringLiteral(", ")));
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

std::string shardText(const Checkpoint& shard)
{
    return tr("%1 tensors, %2")
        .arg(QString::fromStdString(toGroupedText(static_cast<std::int64_t>(shard.tensors.size()))),
             bytesText(bytesOnDisk(shard)))
        .toStdString();
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
    QStringList parts{tr("%1, %2, %3 tensors.").arg(formatText(checkpoint), size, tensors),
                      storedText(checkpoint)};
    if (const QString values = valuesText(checkpoint); !values.isEmpty())
        parts += values;
    if (const QString metadata = metadataText(checkpoint); !metadata.isEmpty())
        parts += metadata;
    return parts.join(QLatin1Char(' '));
}

TextTable otherContents(const Checkpoint& checkpoint)
{
    TextTable out;
    Table& table = out.table;
    table.header = {tr("kind").toStdString(), tr("name").toStdString(), tr("value").toStdString()};
    table.textColumns = 3;
    out.columnExplanations = {
        tr("What it is. Objects are named and listed; nothing of them is ever run."),
        tr("Where it stands in the file."), tr("What it says, where that can be shown.")};
    for (const ScalarEntry& entry : checkpoint.scalars)
        addRow(table, tr("value"), entry.name, valueText(entry));
    for (const NumberList& list : checkpoint.lists)
        addRow(table, tr("list"), list.name, listText(list));
    for (const auto& [name, value] : metadataOf(checkpoint))
        addRow(table, tr("metadata"), name, printable(value));
    for (const auto& shard : checkpoint.shards)
        addRow(table, tr("shard"), shard->path.filename().string(), shardText(*shard));
    for (const std::string& object : checkpoint.objects)
        addRow(table, tr("object (never run)"), object, {});
    return out;
}

QString warningLines(const Warnings& warnings)
{
    QStringList lines;
    for (const std::string& warning : warnings)
        lines += QStringLiteral("⚠ ") + inWindow(warning);
    return lines.join(QLatin1Char('\n'));
}

} // namespace monotail
