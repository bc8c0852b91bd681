// SPDX-License-Identifier: GPL-3.0-or-later
#include "retrain/run.h"

#include <chrono>
#include <cmath>

#include "base/text.h"
#include "evaluate/class_predictions.h"
#include "retrain/epoch_record.h"

namespace monotail {

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

std::string trainedOn(const TrainingData& data)
{
    return data.views.empty()
               ? data.features->source
               : message("{} and {} further view{} of its images", data.features->source,
                         data.views.size(), data.views.size() == 1 ? "" : "s");
}

void append(Warnings& warnings, const Warnings& more)
{
    warnings.insert(warnings.end(), more.begin(), more.end());
}

class Runner
{
public:
    Runner(const RunProblem& problem, const Recipe& recipe, const HeadTrainer& trainer,
           const Scorer& scorer, const EpochWatch& watch, const Progress& progress)
        : m_problem(problem), m_classes(*problem.classes), m_trainer(trainer), m_scorer(scorer),
          m_watch(watch), m_progress(progress),
          m_groups(groupClasses(m_classes.counts, problem.groups))
    {
        m_run.recipe = recipe;
        m_run.trainedOn = trainedOn(problem.data);
        m_run.validatedOn = problem.validation ? problem.validation->source : std::string();
        m_run.device = trainer.device();
        m_run.threads = trainer.threads();
        m_run.warnings = recipeWarnings(recipe);
        append(m_run.warnings, trainingDataWarnings(problem.data, m_classes));
    }

    Run run()
    {
        const Recipe& recipe = m_run.recipe;
        Random random(recipe.seed);
        HeadState start =
            startState(*m_problem.head, m_classes, recipe, m_trainer.meanFeatureLength(), random);
        const FoldedState folded = foldState(start, m_classes, recipe);
        enter(recordStart(start, folded, m_classes), start, folded);
        if (recipe.epochs > 0)
            train(std::move(start));
        m_run.chosenBy = recipe.epochs == 0 ? "no training"
                         : m_problem.validation
                             ? message("class-mean accuracy on {}", m_run.validatedOn)
                             : "last epoch";
        warnOfStart();
        warnOfLoss();
        return std::move(m_run);
    }

private:
    void train(HeadState start)
    {
        const auto begin = Clock::now();
        const double before = m_aside;
        m_trainer.train(
            std::move(start), m_classes, m_run.recipe,
            [&](const EpochEnd& end) {
                const auto paused = Clock::now();
                const FoldedState folded = foldState(end.state, m_classes, m_run.recipe);
                enter(recordEpoch(end, folded, m_classes), end.state, folded);
                m_aside += secondsSince(paused);
            },
            [&](std::int64_t done, std::int64_t total) {
                m_done = done;
                m_total = total;
                return !m_progress || m_progress(done, total);
            });
        m_run.seconds = std::max(0.0, secondsSince(begin) - (m_aside - before));
    }

    void enter(EpochRecord record, const HeadState& state, const FoldedState& folded)
    {
        auto head = std::make_shared<const ClassifierHead>(
            trainedHead(*m_problem.head, folded, m_run.recipe));
        if (m_problem.validation)
            record.validation = validate(*head);
        if (isBetter(record)) {
            m_run.chosenEpoch = record.epoch;
            m_run.state = state;
            m_run.head = std::move(head);
        }
        m_run.epochs.push_back(std::move(record));
        if (m_watch)
            m_watch(m_run.epochs.back());
    }

    CurvePoint validate(const ClassifierHead& head) const
    {
        const FeatureSet& samples = *m_problem.validation;
        // Cancelling reaches into the validation; how far it has come is not told.
        const Progress alive = [this](std::int64_t, std::int64_t) {
            return !m_progress || m_progress(m_done, m_total);
        };
        return curvePoint(
            measureAccuracy(predictClasses(samples, head, unchanged(head), m_scorer, alive),
                            samples.labels, m_groups));
    }

    /// Than the epoch chosen so far. The start is only chosen while there is nothing else.
    bool isBetter(const EpochRecord& record) const
    {
        if (record.epoch <= 1 && record.validation)
            return true;
        if (!record.validation)
            return record.epoch == 0 || record.epoch == m_run.recipe.epochs;
        const auto& chosen = m_run.chosen().validation;
        return record.validation->classMean.value_or(-1) > chosen->classMean.value_or(-1);
    }

    void warnOfStart()
    {
        const auto& start = m_run.epochs.front().validation;
        const auto& chosen = m_run.chosen().validation;
        if (m_run.chosenEpoch == 0 || !start || !start->classMean || !chosen->classMean ||
            *start->classMean <= *chosen->classMean)
            return;
        m_run.warnings.push_back(
            message("{}: the head as training started from it has the better class-mean accuracy "
                    "({} against {} % at epoch {}); training it so has not helped",
                    printable(m_run.validatedOn), toText(*start->classMean, 2),
                    toText(*chosen->classMean, 2), m_run.chosenEpoch));
    }

    /// Guessing every class alike has a cross entropy of log C.
    void warnOfLoss()
    {
        const auto& loss = m_run.epochs.back().loss;
        const double guessing = std::log(static_cast<double>(m_classes.size()));
        if (loss && *loss > 3 * std::max(guessing, 1.0))
            m_run.warnings.push_back(
                message("the loss ends at {}, far above guessing ({}): the training has diverged; "
                        "a lower learning rate than {} may help",
                        toText(*loss), toText(guessing, 2), toText(m_run.recipe.rate)));
    }

    const RunProblem& m_problem;
    const ClassSet& m_classes;
    const HeadTrainer& m_trainer;
    const Scorer& m_scorer;
    const EpochWatch& m_watch;
    const Progress& m_progress;
    ShotGroups m_groups;
    double m_aside = 0; ///< seconds of what is not training
    std::int64_t m_done = 0, m_total = 1;
    Run m_run;
};

} // namespace

Run trainRun(const RunProblem& problem, const Recipe& recipe, const HeadTrainer& trainer,
             const Scorer& scorer, const EpochWatch& watch, const Progress& progress)
{
    checkRecipe(recipe);
    const std::string& name = problem.head->source.weight;
    const std::int64_t width = problem.head->features();
    checkTrainingData(problem.data, *problem.classes, width, name);
    if (problem.validation) {
        checkFeatures(*problem.validation, problem.classes->size(), width, name);
        if (problem.validation->samples() == 0)
            throw Error(message("{}: there are no samples to choose the epoch on",
                                printable(problem.validation->source)));
    }
    return Runner(problem, recipe, trainer, scorer, watch, progress).run();
}

Rescaling afterwards(const Run& run, const ClassSet& classes)
{
    if (run.recipe.afterwards.kind == MethodKind::None &&
        run.recipe.afterwards.bias == BiasRule::Keep)
        return unchanged(*run.head);
    return rescale(*run.head, classes, profileHead(*run.head, classes, {}), run.recipe.afterwards);
}

} // namespace monotail
