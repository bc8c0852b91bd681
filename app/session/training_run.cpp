// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/training_run.h"

#include "evaluate/torch_engine.h"
#include "session/loading.h"

namespace monotail {

namespace {

std::shared_ptr<const FeatureSet> opened(const Document& own, const std::string& source,
                                         const TrainingSources& sources,
                                         const ComputeOptions& compute, const Progress& progress)
{
    return std::make_shared<FeatureSet>(openSource(own, source, sources.images, compute, progress));
}

TrainingData openData(const Document& own, const TrainingSources& sources,
                      const ComputeOptions& compute, const Progress& progress)
{
    TrainingData data;
    data.features = opened(own, sources.features, sources, compute, progress);
    for (const std::string& view : sources.views)
        data.views.push_back(opened(own, view, sources, compute, progress));
    return data;
}

std::shared_ptr<const FeatureSet> openValidation(const Document& own,
                                                 const TrainingSources& sources,
                                                 const ComputeOptions& compute,
                                                 const Progress& progress)
{
    if (sources.validation.empty())
        return nullptr;
    const auto features = opened(own, sources.validation, sources, compute, progress);
    checkFeatures(*features, own.head->classes(), own.head->features(),
                  own.checkpoint->path.string());
    return features;
}

} // namespace

std::unique_ptr<HeadTrainer> makeTorchTrainer(const ComputeOptions& compute, TrainingData data)
{
    const auto engine = loadTorchEngine();
    engine->setThreads(compute.threads);
    return engine->makeTrainer(compute.device, std::move(data));
}

std::shared_ptr<const OpenedTraining>
openTraining(const std::shared_ptr<const Document>& own, const TrainingSources& sources,
             const ComputeOptions& compute, const MakeTrainer& make, const Progress& progress)
{
    auto training = std::make_shared<OpenedTraining>();
    training->sources = sources;
    training->document = own;
    const TrainingData data = openData(*own, sources, compute, progress);
    checkTrainingData(data, *own->classes, own->head->features(), own->checkpoint->path.string());
    training->warnings = trainingDataWarnings(data, *own->classes);
    training->problem = {own->head, own->classes, data,
                         openValidation(*own, sources, compute, progress), ShotRule{}};
    training->trainer = make(compute, data);
    training->scorer = own->scores ? own->scores->scorer() : openCompute(compute).scorer;
    return training;
}

QString runLabel(const KeptRun& entry)
{
    return QCoreApplication::translate("TrainingRun", "run %1: %2")
        .arg(QString::number(entry.number), QString::fromStdString(shortName(entry.recipe)));
}

std::shared_ptr<const MeasuredRun> trainAndMeasure(const RunTask& task, const EpochWatch& watch,
                                                   const Progress& progress)
{
    const OpenedTraining& on = *task.on;
    MeasuredRun trained;
    if (task.twin) {
        trained.run = task.twin->run;
        trained.run.recipe = task.recipe;
        for (const EpochRecord& record : trained.run.epochs)
            watch(record);
    } else {
        RunProblem problem = on.problem;
        problem.groups = task.groups;
        trained.run = trainRun(problem, task.recipe, *on.trainer, *on.scorer, watch, progress);
        trained.run.state = {}; // as large as the head, in float64; nothing here asks for it
    }
    trained.run.number = task.number;
    if (!task.evaluation || !task.evaluation->hasData())
        return std::make_shared<MeasuredRun>(std::move(trained));
    try {
        return measuredAgain(trained, *task.evaluation, task.groups, *on.scorer, progress);
    } catch (const Cancelled&) {
        return std::make_shared<MeasuredRun>(std::move(trained));
    }
}

std::shared_ptr<const MeasuredRun> measuredAgain(const MeasuredRun& run, const Document& document,
                                                 const ShotRule& groups, const Scorer& scorer,
                                                 const Progress& progress)
{
    return std::make_shared<MeasuredRun>(measureRun(run.run, *document.classes, *document.features,
                                                    groupClasses(document.classes->counts, groups),
                                                    scorer, progress));
}

} // namespace monotail
