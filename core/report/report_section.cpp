// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/report_section.h"

#include <algorithm>

#include "base/text.h"
#include "report/story.h"
#include "report/text.h"

namespace monotail {

namespace {

constexpr std::size_t mostRows = 60; ///< of a table in the page

/// The file and the folder it is in: enough to tell files apart, and no more of the machine.
std::string shortPath(const std::string& path)
{
    const std::size_t file = path.rfind('/');
    if (file == std::string::npos || file == 0)
        return path;
    const std::size_t folder = path.rfind('/', file - 1);
    return folder == std::string::npos ? path : path.substr(folder + 1);
}

std::string describeHead(const ClassifierHead& head)
{
    std::string out = message("{}: {} classes x {} features", head.source.weight,
                              toGroupedText(head.classes()), toGroupedText(head.features()));
    return out + "; " + headReading(head.source);
}

std::string describeCounts(const ClassSet& classes)
{
    if (classes.counts.empty())
        return {};
    const auto [least, most] = std::minmax_element(classes.counts.begin(), classes.counts.end());
    std::string out =
        message("{}; {} to {} training images a class", shortPath(classes.countsSource),
                toGroupedText(*least), toGroupedText(*most));
    if (*least > 0)
        out += message(", imbalance factor {}",
                       toText(static_cast<double>(*most) / static_cast<double>(*least), 1));
    return out;
}

std::string describeFit(const FitOptions& options)
{
    return message("by {}, direction {}, ties {}, PAVA weights {}", options.metricName,
                   nameOf(options.direction), nameOf(options.ties), nameOf(options.weights));
}

std::string describeStored(const Checkpoint& checkpoint)
{
    const auto stored = storedAccuracy(checkpoint);
    return stored ? message("{} = {} %", stored->name, toText(stored->percent, 2)) : std::string();
}

const MethodResult* resultOf(const ReportSubject& subject)
{
    if (!subject.evaluation || subject.result)
        return subject.evaluation ? subject.result : nullptr;
    return subject.evaluation->methods.empty() ? nullptr : &shownMethod(*subject.evaluation);
}

void addInputs(ReportSection& section, const ReportSubject& subject)
{
    auto& inputs = section.inputs;
    if (subject.checkpoint) {
        inputs.emplace_back("Checkpoint", shortPath(subject.checkpoint->path.string()));
        inputs.emplace_back("Stored accuracy", describeStored(*subject.checkpoint));
    }
    if (subject.head)
        inputs.emplace_back("Head", describeHead(*subject.head));
    if (subject.classes)
        inputs.emplace_back("Counts", describeCounts(*subject.classes));
    if (subject.profile)
        inputs.emplace_back("Fit", describeFit(subject.profile->options));
    if (subject.features)
        inputs.emplace_back("Data", shortPath(subject.features->source));
    if (subject.evaluation) {
        inputs.emplace_back("Split", subject.evaluation->split);
        inputs.emplace_back("Groups", describe(subject.evaluation->groups.rule));
        inputs.emplace_back("Device", subject.evaluation->device);
    }
    if (const MethodResult* result = resultOf(subject))
        inputs.emplace_back("Method shown", result->rescaling.method);
}

void addLines(std::vector<std::string>& words, const std::string& text)
{
    for (const std::string_view line : split(text, '\n'))
        if (!trimmed(line).empty())
            words.emplace_back(line);
}

void addWords(ReportSection& section, const ReportSubject& subject)
{
    if (subject.profile)
        addLines(section.words, message("PAVA: {}.", describeBlocks(*subject.profile)));
    const MethodResult* result = resultOf(subject);
    if (!subject.evaluation || !subject.classes)
        return;
    addLines(section.words, message("Measured: {}.", describeEvaluation(*subject.evaluation)));
    addLines(section.words, describeReading(*subject.classes, *subject.evaluation));
    if (subject.features && result)
        addLines(section.words,
                 tellStory(*subject.features, *subject.classes, *subject.evaluation, *result));
}

void addWarnings(ReportSection& section, const ReportSubject& subject)
{
    const auto add = [&](const Warnings& more) {
        for (const std::string& warning : more)
            if (std::find(section.warnings.begin(), section.warnings.end(), warning) ==
                section.warnings.end())
                section.warnings.push_back(warning);
    };
    add(subject.warnings);
    if (subject.classes)
        add(subject.classes->warnings);
    if (subject.profile)
        add(subject.profile->warnings);
    if (subject.evaluation)
        add(allWarnings(*subject.evaluation));
}

/// `what` are the rows in words, `rest` is where all of them are.
void addLong(ReportSection& section, ReportTable table, const std::string& what,
             const std::string& rest)
{
    const std::size_t all = table.table.rows.size();
    if (all > mostRows) {
        table.table = abridged(std::move(table.table), mostRows);
        table.note +=
            message("{}Shown are the first and the last of {} {}.", table.note.empty() ? "" : " ",
                    toGroupedText(static_cast<std::int64_t>(all)), what);
        if (!rest.empty())
            table.note += message(" All of them are in {}.", rest);
    }
    section.tables.push_back(std::move(table));
}

Table normTable(const ClassifierHead& head)
{
    Table table{{"class", "norm"}, {}, 1};
    for (std::size_t c = 0; c < head.norms.size(); ++c)
        table.rows.push_back({std::to_string(c), toText(head.norms[c], 3)});
    return table;
}

void addClasses(ReportSection& section, const ReportSubject& subject)
{
    const MethodResult* result = resultOf(subject);
    if (!subject.classes || !subject.profile) {
        if (subject.head)
            addLong(section, {"Weight norms by class index", normTable(*subject.head), {}},
                    "classes", {});
        return;
    }
    const std::string order = message("in order of {}", subject.profile->options.metricName);
    if (subject.evaluation && result)
        addLong(section,
                {message("Classes before and after {}, {}", result->rescaling.method, order),
                 classTable(*subject.classes, *subject.profile, *subject.evaluation, *result),
                 "Norms are lengths of weight rows, recalls percent. [low, high]: Wilson 95 % "
                 "interval; p: McNemar exact, corrected for many tests (Benjamini-Hochberg)."},
                "classes", subject.classFile);
    else if (subject.head)
        addLong(section,
                {message("Classes and the fit of their norms, {}", order),
                 profileTable(*subject.head, *subject.classes, *subject.profile),
                 "images: training images; after: the norm that PAVA fits; scale: after / norm."},
                "classes", subject.classFile);
}

void addTables(ReportSection& section, const ReportSubject& subject)
{
    const MethodResult* result = resultOf(subject);
    if (subject.evaluation)
        section.tables.push_back(
            {"Methods", methodTable(*subject.evaluation),
             "Percent. many, medium, few: mean recall of the group's classes; all: share of the "
             "samples; class-mean: mean recall of all classes. Changes in points with their 95 % "
             "interval (class-stratified paired bootstrap)."});
    if (subject.evaluation && subject.classes && result)
        section.tables.push_back(
            {message("More metrics, before and after {}", result->rescaling.method),
             detailTable(*subject.classes, *subject.evaluation, *result),
             {}});
    if (subject.classes && subject.profile)
        addLong(section,
                {"Blocks of equal norm that PAVA finds",
                 blockTable(*subject.classes, *subject.profile),
                 {}},
                "blocks", {});
    addClasses(section, subject);
}

} // namespace

ReportSection reportSection(const ReportSubject& subject)
{
    ReportSection section;
    addInputs(section, subject);
    addWords(section, subject);
    addWarnings(section, subject);
    addTables(section, subject);
    return section;
}

} // namespace monotail
