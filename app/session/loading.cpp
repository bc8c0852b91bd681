// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/loading.h"

#include <numeric>

#include "base/text.h"
#include "dataset/config_names.h"
#include "evaluate/head_decision.h"
#include "extract/open_images.h"
#include "report/text.h"
#include "rescale/problem.h"
#include "session/demo.h"
#include "words/words.h"

namespace monotail {

namespace {

void append(Warnings& to, const Warnings& more)
{
    to.insert(to.end(), more.begin(), more.end());
}

void readChosenHead(Document& document)
{
    const Inputs& inputs = document.inputs;
    try {
        const HeadCandidate candidate =
            chooseHead(*document.checkpoint, inputs.head, inputs.counts, inputs.naming);
        document.head = std::make_shared<ClassifierHead>(readHead(*document.checkpoint, candidate));
    } catch (const Error& error) {
        document.headProblem = inWindow(error.what());
    }
}

std::vector<QString> namesOf(const Document& document)
{
    std::vector<QString> names;
    for (std::int64_t c = 0; document.head && c < document.head->classes(); ++c)
        names.push_back(document.classes ? QString::fromStdString(className(*document.classes, c))
                                         : QString::number(c));
    return names;
}

/// Among several heads of the same shape the stored accuracy decides, once there is data.
void chooseByAccuracy(Document& document, const Scorer& scorer, const Progress& progress)
{
    const auto decided = headByAccuracy(*document.checkpoint, document.inputs.head,
                                        *document.features, scorer, progress);
    if (!decided || decided->classes != document.head->classes())
        return;
    document.head = std::make_shared<ClassifierHead>(readHead(*document.checkpoint, *decided));
    document.warnings.push_back(
        message("the head is {}: {}", printable(decided->weight), printable(decided->reason, 400)));
}

FeatureSet withDemoImages(FeatureSet features)
{
    if (features.images || !(features.images = demoImages(features)))
        return features;
    features.imageOf.resize(features.labels.size());
    std::iota(features.imageOf.begin(), features.imageOf.end(), std::int64_t(0));
    return features;
}

std::shared_ptr<const KeptScores> scored(const Document& document,
                                         const std::shared_ptr<const Scorer>& scorer,
                                         const ComputeOptions& compute, const Progress& progress)
{
    KeepOptions keep;
    keep.threads = compute.threads;
    return std::make_shared<KeptScores>(document.features, document.head, scorer, progress, keep);
}

Evaluation measured(const Document& document, const Progress& progress)
{
    ScoreOptions options;
    options.temperature = false; // slow, and shown nowhere in the window
    return evaluateHead(*document.checkpoint, *document.head, *document.classes, *document.features,
                        {}, {}, *document.scores, options, progress);
}

/// A head that was trained here is not what the checkpoint's logits and accuracies are of.
std::shared_ptr<const FeatureSet> withoutLogits(const std::shared_ptr<const FeatureSet>& features)
{
    if (!features->logits)
        return features;
    auto plain = std::make_shared<FeatureSet>(*features);
    plain->logits.reset();
    return plain;
}

} // namespace

Loaded readInputs(const Inputs& inputs, const Warnings& notes)
{
    auto document = std::make_shared<Document>();
    document->inputs = inputs;
    document->checkpoint = openCheckpoint(inputs.checkpoint);
    document->warnings = notes;
    append(document->warnings, document->checkpoint->warnings);
    // As the file has them: what was asked for of one head is not true of the others.
    document->heads = findHeads(*document->checkpoint, {});
    readChosenHead(*document);
    QString problem = document->headProblem;
    if (document->head && !inputs.counts.empty()) {
        try {
            const CountedHead counted =
                withClasses(*document->checkpoint, inputs.head, document->head->source,
                            inputs.counts, inputs.naming);
            if (counted.head != document->head->source)
                document->head =
                    std::make_shared<ClassifierHead>(readHead(*document->checkpoint, counted.head));
            document->classes =
                std::make_shared<ClassSet>(withConfigNames(counted.classes, inputs.checkpoint));
            append(document->warnings, document->classes->warnings);
        } catch (const Error& error) {
            problem = inWindow(error.what());
        }
    }
    document->names = namesOf(*document);
    return {std::move(document), std::move(problem)};
}

std::shared_ptr<const Document> readData(const Document& document, const ComputeOptions& compute,
                                         const Progress& progress)
{
    auto whole = std::make_shared<Document>(document);
    whole->features = std::make_shared<FeatureSet>(openSource(document, document.inputs.data, document.inputs.images, compute, progress));
    checkFeatures(*whole->features, whole->head->classes(), whole->head->features(),
                  whole->checkpoint->path.string());
    const Compute engine = openCompute(compute);
    append(whole->warnings, engine.warnings);
    whole->device = engine.description;
    chooseByAccuracy(*whole, *engine.scorer, progress);
    whole->scores = scored(*whole, engine.scorer, compute, progress);
    whole->base = std::make_shared<Evaluation>(measured(*whole, progress));
    append(whole->warnings, whole->base->warnings);
    return whole;
}

FeatureSet openSource(const Document& document, const std::string& source,
                      const ImageOptions& images, const ComputeOptions& compute,
                      const Progress& progress)
{
    const Inputs& inputs = document.inputs;
    if (!isImageSource(source)) {
        FeatureSet features = openFeatures(source);
        attachImages(features);
        return withDemoImages(std::move(features));
    }
    const auto engine = loadTorchEngine();
    engine->setThreads(compute.threads);
    HeadQuery head = inputs.head;
    head.name = document.head->source.weight;
    return openImages({*document.checkpoint, head, source, document.classes.get(), inputs.naming,
                       images, compute.device, compute.threads},
                      *engine, progress);
}

std::shared_ptr<const Document> withTrainedHead(const std::shared_ptr<const Document>& own,
                                                const HeadOfRun& trained,
                                                const ComputeOptions& compute,
                                                const Progress& progress)
{
    auto whole = std::make_shared<Document>(*own);
    whole->own = own;
    whole->run = trained.run;
    whole->headLabel = trained.label;
    whole->head = trained.head;
    append(whole->warnings, trained.warnings);
    if (!own->hasData())
        return whole;
    whole->features = withoutLogits(own->features);
    whole->scores = scored(*whole, own->scores->scorer(), compute, progress);
    Evaluation base = measured(*whole, progress);
    base.stored.reset();
    base.warnings =
        originWarnings(*whole->checkpoint, *whole->head, *whole->classes, *whole->features);
    whole->base = std::make_shared<Evaluation>(std::move(base));
    return whole;
}

} // namespace monotail
