// SPDX-License-Identifier: GPL-3.0-or-later
#include "retrain/run_study.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/progress_parts.h"
#include "base/text.h"
#include "evaluate/class_predictions.h"

namespace monotail {

namespace {

constexpr int mostSeeds = 1000;

std::vector<Rate> ratesOf(const std::vector<const MeasuredRun*>& runs,
                          const std::function<Rate(const AccuracyReport&)>& rate)
{
    std::vector<Rate> out;
    out.reserve(runs.size());
    for (const MeasuredRun* run : runs)
        out.push_back(rate(run->accuracy));
    return out;
}

/// The first run of each seed: the same seed again is no further draw.
std::vector<const MeasuredRun*> oncePerSeed(const std::vector<const MeasuredRun*>& runs)
{
    std::vector<const MeasuredRun*> out;
    for (const MeasuredRun* run : runs)
        if (std::none_of(out.begin(), out.end(), [&](const MeasuredRun* other) {
                return other->run.recipe.seed == run->run.recipe.seed;
            }))
            out.push_back(run);
    return out;
}

/// A Progress of small work beside the large: it repeats how far the large one has come.
Progress standing(const Progress& progress, std::int64_t done, std::int64_t total)
{
    if (!progress)
        return {};
    return [&progress, done, total](std::int64_t, std::int64_t) { return progress(done, total); };
}

} // namespace

MeasuredRun measureRun(Run run, const ClassSet& classes, const FeatureSet& test,
                       const ShotGroups& groups, const Scorer& scorer, const Progress& progress)
{
    checkFeatures(test, classes.size(), run.head->features(), run.head->source.weight);
    const Rescaling rescaling = afterwards(run, classes);
    run.warnings.insert(run.warnings.end(), rescaling.warnings.begin(), rescaling.warnings.end());
    MeasuredRun out;
    out.predictions = predictClasses(test, *run.head, rescaling, scorer, progress);
    out.accuracy = measureAccuracy(out.predictions, test.labels, groups);
    out.run = std::move(run);
    return out;
}

Spread spreadOf(const std::vector<Rate>& rates)
{
    double sum = 0, squares = 0;
    const auto count = static_cast<double>(rates.size());
    for (const Rate& rate : rates) {
        if (!rate)
            return {};
        sum += *rate;
    }
    if (rates.empty())
        return {};
    const double mean = sum / count;
    for (const Rate& rate : rates)
        squares += (*rate - mean) * (*rate - mean);
    Spread out{mean, std::nullopt};
    if (rates.size() > 1)
        out.deviation = std::sqrt(squares / (count - 1));
    return out;
}

bool sameButSeed(const Recipe& a, const Recipe& b)
{
    Recipe other = b;
    other.seed = a.seed;
    return a == other;
}

SeedSummary summarise(const std::vector<const MeasuredRun*>& runs)
{
    for (const MeasuredRun* run : runs)
        if (!sameButSeed(run->run.recipe, runs.front()->run.recipe))
            throw Error(message("runs \"{}\" and \"{}\" differ in more than the seed, so they have "
                                "no mean; choose runs of one recipe",
                                describe(runs.front()->run.recipe), describe(run->run.recipe)));
    const std::vector<const MeasuredRun*> draws = oncePerSeed(runs);
    SeedSummary out;
    out.runs = static_cast<std::int64_t>(draws.size());
    out.classMean = spreadOf(ratesOf(draws, [](const AccuracyReport& of) { return of.classMean; }));
    out.top1 = spreadOf(ratesOf(draws, [](const AccuracyReport& of) { return of.top1; }));
    for (std::size_t g = 0; g < out.groups.size(); ++g)
        out.groups[g] =
            spreadOf(ratesOf(draws, [g](const AccuracyReport& of) { return of.groups[g]; }));
    return out;
}

SeedSummary summarise(const std::vector<MeasuredRun>& runs)
{
    std::vector<const MeasuredRun*> pointers;
    pointers.reserve(runs.size());
    for (const MeasuredRun& run : runs)
        pointers.push_back(&run);
    return summarise(pointers);
}

std::vector<Recipe> withSeeds(const Recipe& recipe, int seeds)
{
    if (seeds < 1 || seeds > mostSeeds)
        throw Error(message("{} seeds: a whole number from 1 to {} is expected", seeds, mostSeeds));
    if (recipe.seed > std::numeric_limits<std::uint64_t>::max() - static_cast<unsigned>(seeds - 1))
        throw Error(message("seed {}: there are no {} seeds from it on", recipe.seed, seeds));
    std::vector<Recipe> out(static_cast<std::size_t>(seeds), recipe);
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i].seed = recipe.seed + i;
    return out;
}

void dropHead(Run& run)
{
    run.state = {};
    run.head.reset();
    for (EpochRecord& record : run.epochs)
        if (record.epoch != run.chosenEpoch) {
            record.norms = {};
            record.raw = {};
            record.pooledRaw = {};
            record.blocks = {};
        }
}

std::vector<MeasuredRun> trainSeeds(const RunProblem& problem, const Recipe& recipe, int seeds,
                                    const FeatureSet* test, const HeadTrainer& trainer,
                                    const Scorer& scorer, Keep keep, const Progress& progress)
{
    const ShotGroups groups = groupClasses(problem.classes->counts, problem.groups);
    const std::vector<Recipe> recipes = withSeeds(recipe, seeds);
    ProgressParts parts(progress, recipes.size());
    std::vector<MeasuredRun> out;
    for (const Recipe& one : recipes) {
        Run run = trainRun(problem, one, trainer, scorer, {}, parts.next());
        const auto done = static_cast<std::int64_t>(out.size() + 1);
        out.push_back(test ? measureRun(std::move(run), *problem.classes, *test, groups, scorer,
                                        standing(progress, done, seeds))
                           : MeasuredRun{std::move(run), {}, {}});
        out.back().run.number = static_cast<int>(done);
        if (keep == Keep::None || (keep == Keep::First && out.size() > 1))
            dropHead(out.back().run);
    }
    return out;
}

SweepLine measuredLine(const RunProblem& problem, const Method& method, const FeatureSet& test,
                       const Scorer& scorer, const Progress& progress)
{
    const ClassifierHead& head = *problem.head;
    const ClassSet& classes = *problem.classes;
    const Rescaling rescaling = rescale(head, classes, profileHead(head, classes, {}), method);
    MeasuredRun measured;
    measured.accuracy = measureAccuracy(predictClasses(test, head, rescaling, scorer, progress),
                                        test.labels, groupClasses(classes.counts, problem.groups));
    return {rescaling.method, summarise({&measured})};
}

} // namespace monotail
