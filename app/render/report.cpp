// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/report.h"

#include <QCoreApplication>

#include "base/text.h"
#include "platform/outputs.h"
#include "render/figures.h"
#include "report/report_page.h"
#include "report/story.h"
#include "report/text.h"
#include "session/loading.h"
#include "session/measuring.h"
#include "views/words.h"

namespace monotail {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t mostRows = 60; ///< of a table in the page

struct OutputFile
{
    std::string name;
    std::string bytes;
};

std::string tr(const char* text)
{
    return QCoreApplication::translate("Report", text).toStdString();
}

const MethodResult* shownResult(const Snapshot& snapshot)
{
    return snapshot.methods ? findResult(*snapshot.methods, *snapshot.rescaling) : nullptr;
}

Warnings warningsOf(const Snapshot& snapshot)
{
    Warnings all = snapshot.document->warnings;
    const auto append = [&](const Warnings& more) {
        all.insert(all.end(), more.begin(), more.end());
    };
    if (snapshot.profile)
        append(snapshot.profile->warnings);
    if (snapshot.rescaling)
        append(snapshot.rescaling->warnings);
    if (const MethodResult* shown = shownResult(snapshot); shown && !shown->harm.empty())
        append({shown->harm});
    return all;
}

/// Figures in every format, in the order of figuresOf(): the SVG first.
std::vector<OutputFile> figureFiles(const Snapshot& snapshot, ReportSection& section)
{
    std::vector<OutputFile> files;
    for (const Figure& figure : figuresOf(snapshot)) {
        const std::string name = figure.name.toStdString();
        for (const auto& [format, ending] :
             {std::pair{FigureFormat::Svg, ".svg"}, std::pair{FigureFormat::Pdf, ".pdf"},
              std::pair{FigureFormat::Png, ".png"}}) {
            const QByteArray bytes = figureBytes(format, figure.size, figure.title, figure.draw);
            files.push_back({name + ending, bytes.toStdString()});
        }
        section.figures.push_back(
            {figure.title.toStdString(), files[files.size() - 3].bytes, std::string()});
    }
    return files;
}

void addTable(std::vector<OutputFile>& files, ReportSection& section, const std::string& title,
              const std::string& name, const Table& shown, const Table& whole,
              const std::string& note)
{
    files.push_back({name + ".csv", format(whole, TableFormat::Csv)});
    section.tables.push_back(
        {title, abridged(shown, mostRows),
         message(note.empty() ? "{}{}" : "{} {}", note, message("As a file: {}.csv.", name))});
}

std::vector<OutputFile> tableFiles(const Snapshot& snapshot, ReportSection& section)
{
    std::vector<OutputFile> files;
    const Document& document = *snapshot.document;
    if (!snapshot.hasCounts())
        return files;
    const Table blocks = blockTable(*document.classes, *snapshot.profile);
    const MethodResult* shown = shownResult(snapshot);
    if (snapshot.methods)
        addTable(files, section, tr("All methods"), "methods", methodTable(*snapshot.methods),
                 methodCsv(*snapshot.methods), describeEvaluation(*snapshot.methods));
    addTable(files, section, tr("Blocks"), "blocks", blocks, blocks, {});
    if (shown)
        addTable(files, section, tr("Classes"), "classes",
                 classTable(*document.classes, *snapshot.profile, *snapshot.methods, *shown),
                 classCsv(*document.classes, *snapshot.profile, *snapshot.methods, *shown), {});
    else {
        const Table profile = profileTable(*document.head, *document.classes, *snapshot.profile);
        addTable(files, section, tr("Classes"), "classes", profile, profile, {});
    }
    if (shown)
        addTable(files, section, tr("Other measures"), "measures",
                 detailTable(*document.classes, *snapshot.methods, *shown),
                 detailTable(*document.classes, *snapshot.methods, *shown), {});
    return files;
}

void addInputs(ReportSection& section, const Snapshot& snapshot)
{
    const Document& document = *snapshot.document;
    const auto name = [](const std::string& source) {
        return printable(fileName(source).toStdString(), 200);
    };
    section.inputs.push_back({tr("checkpoint"), name(document.inputs.checkpoint)});
    if (document.head)
        section.inputs.push_back(
            {tr("head"), message("{}, {} classes x {} features", document.head->source.weight,
                                 document.head->classes(), document.head->features())});
    if (snapshot.hasCounts()) {
        section.inputs.push_back({tr("counts"), name(document.inputs.counts)});
        section.inputs.push_back({tr("PAVA fit"), fitText(snapshot.choices).toStdString()});
        section.inputs.push_back({tr("method"), methodText(*snapshot.rescaling).toStdString()});
        section.inputs.push_back({tr("groups"), describe(snapshot.choices.groups)});
    }
    if (snapshot.hasData()) {
        section.inputs.push_back({tr("data"), name(document.inputs.data)});
        section.inputs.push_back({tr("split"), splitText(document).toStdString()});
        section.inputs.push_back({tr("device"), document.device.toStdString()});
    }
}

void addWords(ReportSection& section, const Snapshot& snapshot)
{
    if (!snapshot.hasCounts())
        return;
    section.words.push_back(message("PAVA: {}", describeBlocks(*snapshot.profile)));
    if (const MethodResult* shown = shownResult(snapshot)) {
        section.words.push_back(tellStory(*snapshot.document->features, *snapshot.document->classes,
                                          *snapshot.methods, *shown));
        section.words.push_back(describeReading(*snapshot.document->classes, *snapshot.methods));
    }
}

} // namespace

Snapshot settledSnapshot(const Inputs& inputs, const Choices& choices,
                         const ComputeOptions& compute, const Progress& progress)
{
    const Loaded loaded = readInputs(inputs);
    if (!loaded.problem.isEmpty())
        throw Error(loaded.problem.toStdString());
    Snapshot snapshot;
    snapshot.document = loaded.document;
    snapshot.choices = choices;
    if (!inputs.data.empty()) {
        if (!loaded.document->hasCounts())
            throw Error("accuracies need the training counts as well: give --counts");
        snapshot.document = readData(*loaded.document, compute, progress);
    }
    Derived now = derived(std::move(snapshot));
    if (!now.problem.isEmpty())
        throw Error(now.problem.toStdString());
    snapshot = std::move(now.snapshot);
    const Document& document = *snapshot.document;
    if (!document.hasData())
        return snapshot;
    snapshot.methods = measureMethods(
        document, tableRescalings(document, *snapshot.profile, choices, *snapshot.rescaling),
        choices.groups, {}, progress);
    const MethodResult* shown = findResult(*snapshot.methods, *snapshot.rescaling);
    snapshot.accuracy =
        shown ? std::make_shared<LiveAccuracy>(settledAccuracy(*snapshot.methods, *shown))
              : measureNow(document, *snapshot.rescaling, *snapshot.groups, progress);
    return snapshot;
}

std::vector<fs::path> writeReport(const Snapshot& snapshot, const fs::path& folder,
                                  Overwrite overwrite)
{
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed)
        throw Error(message("{}: cannot make the folder: {}", folder.string(), failed.message()));
    ReportSection section;
    addInputs(section, snapshot);
    addWords(section, snapshot);
    section.warnings = warningsOf(snapshot);
    std::vector<OutputFile> files = figureFiles(snapshot, section);
    for (OutputFile& file : tableFiles(snapshot, section))
        files.push_back(std::move(file));
    const std::string title =
        message("{}: norms and accuracy by class frequency",
                printable(fileName(snapshot.document->inputs.checkpoint).toStdString(), 200));
    files.push_back({"report.html", reportHtml({title, {}, {section}})});
    std::vector<std::string> targets;
    for (const OutputFile& file : files)
        targets.push_back((folder / file.name).string());
    checkOutputs(filesOf(snapshot.document->inputs), targets, overwrite);
    std::vector<fs::path> written;
    for (const OutputFile& file : files) {
        writeTextFile(folder / file.name, file.bytes, overwrite);
        written.push_back(folder / file.name);
    }
    return written;
}

} // namespace monotail
