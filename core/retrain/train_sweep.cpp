// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "base/progress_parts.h"
#include "base/text.h"
#include "evaluate/class_predictions.h"
#include "evaluate/temperature.h"
#include "retrain/run_study.h"

namespace monotail {

namespace {

bool followsTraining(const TrainSweepRange& range)
{
    return range.parameter.rfind("then-", 0) == 0;
}

Rate meanOf(const std::vector<Rate>& rates)
{
    return spreadOf(rates).mean;
}

/// Everything that can be refused is, before anything is trained.
std::vector<Recipe> recipesOf(const Recipe& recipe, const TrainSweepRange& range)
{
    std::vector<Recipe> out;
    for (const double value : range.values)
        out.push_back(withHyperparameter(recipe, range.parameter, value));
    if (out.empty())
        throw Error(message("sweep {}: there are no values", range.parameter));
    if (!hasEffect(out.back(), range.parameter))
        throw Error(message("sweep {}: {} has no effect on the recipe {}; choose one that it is "
                            "part of",
                            range.parameter, range.parameter, describe(recipe)));
    return out;
}

class TrainSweeper
{
public:
    TrainSweeper(const RunProblem& problem, const Recipe& recipe, const TrainSweepRange& range,
                 int seeds, const FeatureSet& test, const HeadTrainer& trainer,
                 const Scorer& scorer, const Progress& progress)
        : m_problem(problem), m_test(test), m_trainer(trainer), m_scorer(scorer),
          m_recipes(recipesOf(recipe, range)), m_halves(splitHalves(test.samples(), recipe.seed)),
          m_progress([this, &progress](std::int64_t done, std::int64_t total) {
              m_done = done;
              m_total = total;
              return !progress || progress(done, total);
          }),
          m_parts(m_progress,
                  (followsTraining(range) ? 1 : m_recipes.size()) * withSeeds(recipe, seeds).size())
    {
        m_out.range = range;
        m_out.recipe = recipe;
        m_out.seeds = seeds;
        m_out.testedOn = test.source;
        m_out.samples = test.samples();
        m_out.groups = groupClasses(problem.classes->counts, problem.groups);
    }

    TrainSweep run()
    {
        if (followsTraining(m_out.range))
            for (const Recipe& recipe : withSeeds(m_recipes.front(), m_out.seeds))
                m_trained.push_back(train(recipe));
        std::vector<Rate> classMeans;
        for (std::size_t i = 0; i < m_recipes.size(); ++i) {
            add(m_out.range.values[i], m_recipes[i]);
            classMeans.push_back(m_out.points.back().summary.classMean.mean);
        }
        m_out.sensitivity = sensitivityOf(classMeans);
        if (canChoose())
            choose();
        for (TrainSweepPoint& point : m_out.points)
            for (MeasuredRun& run : point.runs)
                run.predictions = {};
        return std::move(m_out);
    }

private:
    Run train(const Recipe& recipe)
    {
        Run run = trainRun(m_problem, recipe, m_trainer, m_scorer, {}, m_parts.next());
        run.state = {};
        return run;
    }

    /// Measuring is quick beside training: it can be cancelled but does not move the progress.
    Progress standing()
    {
        return [this](std::int64_t, std::int64_t) { return m_progress(m_done, m_total); };
    }

    void add(double value, const Recipe& recipe)
    {
        TrainSweepPoint point;
        point.value = value;
        std::vector<Rate> criterion[2];
        const std::vector<Recipe> recipes = withSeeds(recipe, m_out.seeds);
        for (std::size_t s = 0; s < recipes.size(); ++s) {
            Run run = m_trained.empty() ? train(recipes[s]) : m_trained[s];
            run.recipe = recipes[s];
            MeasuredRun measured = measureRun(std::move(run), *m_problem.classes, m_test,
                                              m_out.groups, m_scorer, standing());
            if (m_problem.validation)
                criterion[0].push_back(onValidation(measured.run));
            for (std::uint8_t half = 0; half < 2 && !m_problem.validation; ++half)
                criterion[half].push_back(classMeanOf(measured.predictions.predicted, m_test.labels,
                                                      m_halves, half,
                                                      m_problem.classes->counts.size()));
            warn(measured.run.warnings);
            dropHead(measured.run);
            point.runs.push_back(std::move(measured));
        }
        point.summary = summarise(point.runs);
        m_out.points.push_back(std::move(point));
        for (std::size_t half = 0; half < 2; ++half)
            m_criterion[half].push_back(meanOf(criterion[half]));
    }

    void warn(const Warnings& more)
    {
        for (const std::string& warning : more)
            if (std::find(m_out.warnings.begin(), m_out.warnings.end(), warning) ==
                m_out.warnings.end())
                m_out.warnings.push_back(warning);
    }

    Rate onValidation(const Run& run)
    {
        if (run.recipe.afterwards.kind == MethodKind::None)
            return run.chosen().validation->classMean;
        const FeatureSet& samples = *m_problem.validation;
        const Predictions predictions = predictClasses(
            samples, *run.head, afterwards(run, *m_problem.classes), m_scorer, standing());
        return measureAccuracy(predictions, samples.labels, m_out.groups).classMean;
    }

    /// Whether there are samples to choose on, on both sides where there are two.
    bool canChoose()
    {
        const auto& validation = m_problem.validation;
        const FeatureSet& choosing = validation ? *validation : m_test;
        m_out.chosenOn =
            validation ? chosenOnValidation(choosing) : chosenOnHalves(choosing, m_out.recipe.seed);
        if (m_criterion[0].front() && (validation || m_criterion[1].front())) {
            warn(thinWarnings(choosing, m_out.groups.of.size()));
            return true;
        }
        warn({message("{}: no value can be chosen: too few samples ({}){}", choosing.source,
                      choosing.samples(), validation ? "" : " to be split into halves")});
        return false;
    }

    void choose()
    {
        const std::size_t first = bestOf(m_criterion[0]);
        m_out.chosen = {m_out.points[first].value};
        if (m_problem.validation) {
            m_out.chosenClassMean = m_out.points[first].summary.classMean;
            return;
        }
        const std::size_t second = bestOf(m_criterion[1]);
        m_out.chosen.push_back(m_out.points[second].value);
        std::vector<Rate> classMeans;
        for (std::size_t s = 0; s < m_out.points[first].runs.size(); ++s) {
            Predictions mixed = m_out.points[first].runs[s].predictions;
            const Predictions& other = m_out.points[second].runs[s].predictions;
            for (std::size_t i = 0; i < mixed.predicted.size(); ++i)
                if (m_halves[i] == 0) // reported under what the second half chose
                    mixed.predicted[i] = other.predicted[i];
            classMeans.push_back(measureAccuracy(mixed, m_test.labels, m_out.groups).classMean);
        }
        m_out.chosenClassMean = spreadOf(classMeans);
    }

    const RunProblem& m_problem;
    const FeatureSet& m_test;
    const HeadTrainer& m_trainer;
    const Scorer& m_scorer;
    std::vector<Recipe> m_recipes; ///< by value
    Halves m_halves;
    std::int64_t m_done = 0, m_total = 1;
    Progress m_progress;
    ProgressParts m_parts;
    std::vector<Run> m_trained;                   ///< by seed, where the parameter follows training
    std::array<std::vector<Rate>, 2> m_criterion; ///< by value; of each half, or validation first
    TrainSweep m_out;
};

} // namespace

std::int64_t trainingsOf(const TrainSweepRange& range, int seeds)
{
    return seeds * (followsTraining(range) ? 1 : static_cast<std::int64_t>(range.values.size()));
}

TrainSweep sweepTraining(const RunProblem& problem, const Recipe& recipe,
                         const TrainSweepRange& range, int seeds, const FeatureSet& test,
                         const HeadTrainer& trainer, const Scorer& scorer, const Progress& progress)
{
    checkFeatures(test, problem.classes->size(), problem.head->features(),
                  problem.head->source.weight);
    withSeeds(recipe, seeds); // says what cannot be
    return TrainSweeper(problem, recipe, range, seeds, test, trainer, scorer, progress).run();
}

} // namespace monotail
