// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/training.h"

#include <algorithm>

#include "base/text.h"
#include "cli/console.h"
#include "cli/separate_samples.h"
#include "dataset/input_files.h"
#include "evaluate/evaluation.h"
#include "evaluate/torch_engine.h"

namespace monotail::cli {

namespace {

using Features = std::shared_ptr<const FeatureSet>;

constexpr char trainedAndReported[] =
    "a head must not be trained and reported on the same samples; give the test split";
constexpr char chosenAndReported[] =
    "an epoch or a value must not be chosen and reported on the same samples; leave one of them "
    "out";
constexpr char trainedAndChosen[] =
    "samples that a head was trained on do not tell which epoch is best; leave out the validation "
    "data to take the last epoch";

/// Calls `check(separation, first, second)` for each pair of sources.
template <typename Check>
void forEachPair(const TrainingSources& sources, Check check)
{
    check(Separation{sources.test.flag, sources.train.flag, trainedAndReported}, 2, 0);
    check(Separation{sources.validation.flag, sources.test.flag, chosenAndReported}, 1, 2);
    check(Separation{sources.validation.flag, sources.train.flag, trainedAndChosen}, 1, 0);
}

void checkNames(const TrainingSources& sources)
{
    const std::string* paths[] = {&sources.train.path, &sources.validation.path,
                                  &sources.test.path};
    forEachPair(sources, [&](const Separation& separation, int first, int second) {
        checkSeparate(separation, *paths[first], *paths[second]);
    });
    for (const std::string& view : sources.views) {
        checkSeparate({sources.test.flag, "--view", trainedAndReported}, sources.test.path, view);
        checkSeparate({sources.validation.flag, "--view", trainedAndChosen},
                      sources.validation.path, view);
    }
}

void checkContents(const TrainingSources& sources, const Training& training)
{
    const FeatureSet* sets[] = {training.run.data.features.get(), training.run.validation.get(),
                                training.test.get()};
    forEachPair(sources, [&](const Separation& separation, int first, int second) {
        if (sets[first] && sets[second])
            checkSeparate(separation, *sets[first], *sets[second]);
    });
}

/// Without what is only said of samples that are reported on.
Warnings trainingWarnings(const Problem& problem, const FeatureSet& features)
{
    FeatureSet nameless = features;
    nameless.origin.split.clear();
    return originWarnings(*problem.checkpoint, problem.head, problem.classes, nameless);
}

Warnings warningsOf(const Training& training)
{
    const Problem& problem = training.problem;
    std::vector<Warnings> parts{training.warnings, problem.profile.warnings,
                                problem.classes.warnings,
                                trainingWarnings(problem, *training.run.data.features)};
    for (const Features& view : training.run.data.views)
        parts.push_back(trainingWarnings(problem, *view));
    const auto read = [&](const Features& features, SampleUse use) {
        if (features)
            parts.push_back(readingWarnings(*problem.checkpoint, problem.head, problem.classes,
                                            *features, *training.scorer, use));
    };
    read(training.run.validation, SampleUse::Choosing);
    read(training.test, SampleUse::Reported);
    return together(parts);
}

} // namespace

std::vector<std::string> inputsOf(const TrainingSources& sources)
{
    std::vector<std::string> files =
        inputFiles(sources.checkpoint, sources.train.path, sources.counts, {}, {});
    std::vector<std::string> more{sources.validation.path, sources.test.path};
    more.insert(more.end(), sources.views.begin(), sources.views.end());
    for (const std::string& source : more)
        if (!source.empty())
            for (const std::string& file : filesBehind({}, {}, source))
                files.push_back(file);
    return files;
}

Training loadTraining(const TrainingSources& sources)
{
    checkNames(sources);
    const DataContext context{
        sources.checkpoint,    sources.head,
        sources.counts.counts, {sources.counts.classes, sources.counts.classMap},
        sources.images,        sources.common};
    const auto open = [&](const std::string& path) {
        return path.empty() ? Features()
                            : std::make_shared<const FeatureSet>(openData(path, context));
    };
    Training out;
    out.run.data.features = open(sources.train.path);
    for (const std::string& view : sources.views)
        out.run.data.views.push_back(open(view));
    out.run.validation = open(sources.validation.path);
    out.test = open(sources.test.path);
    checkContents(sources, out);
    out.scorer = torchScorer(sources.common, out.warnings);
    // Which of several heads it is may be told by the accuracy on data that was not trained on.
    const Features& evidence = out.test ? out.test : out.run.validation;
    out.problem = loadProblem(sources.checkpoint, sources.head, sources.counts, {},
                              evidence ? Evidence{evidence.get(), out.scorer.get()} : Evidence{});
    const ClassifierHead& head = out.problem.head;
    for (const Features& features : {out.run.data.features, out.run.validation, out.test})
        if (features)
            checkFeatures(*features, head.classes(), head.features(), sources.checkpoint);
    out.run.head = std::make_shared<const ClassifierHead>(head);
    out.run.classes = std::make_shared<const ClassSet>(out.problem.classes);
    out.run.groups = sources.groups;
    checkTrainingData(out.run.data, out.problem.classes, head.features(), sources.checkpoint);
    out.warnings = warningsOf(out);
    return out;
}

std::unique_ptr<HeadTrainer> makeTrainer(const Training& training, const CommonFlags& flags)
{
    const auto engine = loadTorchEngine();
    return engine->makeTrainer(flags.device, training.run.data);
}

Progress trainingProgress(std::int64_t trainings, int epochs, const std::string& unit)
{
    return consoleProgress([=](std::int64_t done, std::int64_t total) {
        const std::int64_t each = std::max(epochs, 1), all = trainings * each;
        const double share = total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 0;
        const auto at =
            std::min(static_cast<std::int64_t>(share * static_cast<double>(all)), all - 1);
        std::string words = "training";
        if (trainings > 1)
            words += message(", {} {} of {}", unit, at / each + 1, trainings);
        if (epochs > 0)
            words += message(", epoch {} of {}", at % each + 1, each);
        return words;
    });
}

} // namespace monotail::cli
