// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/report.h"

#include <iterator>

#include "base/text.h"
#include "models/class_csv.h"
#include "platform/outputs.h"
#include "render/figures.h"
#include "report/report_section.h"
#include "report/text.h"
#include "session/loading.h"
#include "session/measuring.h"
#include "words/words.h"

namespace monotail {

namespace {

namespace fs = std::filesystem;

struct OutputFile
{
    std::string name;
    std::string bytes;
};
using OutputFiles = std::vector<OutputFile>;

constexpr const char* classFile = "classes.csv";

struct Ending
{
    FigureFormat format;
    const char* text;
};
constexpr Ending endings[] = {
    {FigureFormat::Svg, ".svg"}, {FigureFormat::Pdf, ".pdf"}, {FigureFormat::Png, ".png"}};

const MethodResult* shownResult(const Snapshot& snapshot)
{
    return snapshot.methods ? findResult(*snapshot.methods, *snapshot.rescaling) : nullptr;
}

OutputFiles filesOf(const Figure& figure)
{
    OutputFiles files;
    for (const Ending& ending : endings) {
        const QByteArray bytes = figureBytes(ending.format, figure.size, figure.title, figure.draw);
        files.push_back({figure.name.toStdString() + ending.text, bytes.toStdString()});
    }
    return files;
}

OutputFiles tableFiles(const Snapshot& snapshot)
{
    if (!snapshot.hasCounts())
        return {};
    const Document& document = *snapshot.document;
    const ClassSet& classes = *document.classes;
    const ClassProfile& profile = *snapshot.profile;
    OutputFiles files{{"blocks.csv", format(blockCsv(classes, profile), TableFormat::Csv)}};
    if (snapshot.methods)
        files.push_back({"methods.csv", format(methodCsv(*snapshot.methods), TableFormat::Csv)});
    files.push_back({classFile, format(classCsv(snapshot), TableFormat::Csv)});
    return files;
}

ReportSection sectionOf(const Snapshot& snapshot)
{
    const Document& document = *snapshot.document;
    ReportSubject subject;
    subject.checkpoint = document.checkpoint.get();
    subject.head = document.head.get();
    if (snapshot.hasCounts()) {
        subject.classes = document.classes.get();
        subject.profile = snapshot.profile.get();
        subject.classFile = classFile;
        subject.warnings = snapshot.rescaling->warnings;
    }
    if (snapshot.methods) {
        subject.features = document.features.get();
        subject.evaluation = snapshot.methods.get();
        subject.result = shownResult(snapshot);
    }
    const Warnings& reading = document.warnings;
    subject.warnings.insert(subject.warnings.begin(), reading.begin(), reading.end());
    return reportSection(subject);
}

} // namespace

Snapshot settledSnapshot(const Inputs& inputs, const std::optional<Choices>& wanted,
                         const ComputeOptions& compute, const Progress& progress)
{
    const Loaded loaded = readInputs(inputs);
    if (!loaded.problem.isEmpty())
        throw Error(loaded.problem.toStdString());
    Snapshot snapshot;
    snapshot.document = loaded.document;
    const Choices choices = wanted.value_or(firstChoices(*snapshot.document));
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
    if (const auto key = sweepKey(choices, document.head->norms))
        snapshot.sweep = studySweep(document, *snapshot.profile, *key, progress);
    const MethodResult* shown = findResult(*snapshot.methods, *snapshot.rescaling);
    snapshot.accuracy =
        shown ? std::make_shared<LiveAccuracy>(settledAccuracy(*snapshot.methods, *shown))
              : measureNow(document, *snapshot.rescaling, *snapshot.groups, nullptr, progress);
    return snapshot;
}

std::vector<fs::path> writeReport(const Snapshot& snapshot, const fs::path& folder,
                                  Overwrite overwrite)
{
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed)
        throw Error(message("{}: cannot make the folder: {}", folder.string(), failed.message()));
    ReportSection section = sectionOf(snapshot);
    OutputFiles files = tableFiles(snapshot);
    for (const Figure& figure : figuresOf(snapshot)) {
        OutputFiles formats = filesOf(figure);
        section.figures.push_back({figure.title.toStdString(), formats.front().bytes, {}});
        std::move(formats.begin(), formats.end(), std::back_inserter(files));
    }
    const std::string title =
        message("{}: norms and accuracy by class frequency",
                printable(headName(*snapshot.document).toStdString(), 200));
    files.push_back({"report.html", reportHtml({title, {}, {section}})});
    std::vector<std::string> targets;
    targets.reserve(files.size());
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
