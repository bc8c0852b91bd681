// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/problem.h"

#include <algorithm>

#include "base/text.h"
#include "cli/console.h"
#include "dataset/config_names.h"
#include "evaluate/head_decision.h"
#include "evaluate/torch_engine.h"
#include "rescale/problem.h"

namespace monotail::cli {

namespace {

constexpr std::string_view scalesPrefix = "scales=";

FitOptions fitOptions(const FitFlags& flags, const ClassSet& classes)
{
    FitOptions options;
    options.direction = flags.direction == "head-high" ? Direction::HeadHigh : Direction::TailHigh;
    options.ties = flags.ties == "class-order" ? Ties::ClassOrder : Ties::Average;
    options.weights = flags.weights == "count" ? FitWeights::Count : FitWeights::Uniform;
    if (!flags.order.empty()) {
        options.metric = readClassNumbers(flags.order, classes);
        options.metricName = flags.order;
    }
    return options;
}

Method methodOf(const std::string& text, const ClassSet& classes, BiasRule bias)
{
    Method method;
    if (text.rfind(scalesPrefix, 0) == 0) {
        const std::string path = text.substr(scalesPrefix.size());
        method.kind = MethodKind::Scales;
        method.scales = readClassNumbers(path, classes);
        method.scalesSource = path;
    } else {
        method = parseMethod(text);
    }
    method.bias = bias;
    return method;
}

/// The head first, so that counts can be checked against it.
Problem loadHead(const std::string& path, const HeadFlags& headFlags, const CountFlags& counts,
                 const Evidence& evidence)
{
    Problem problem;
    problem.checkpoint = openCheckpoint(path);
    const ClassNaming naming{counts.classes, counts.classMap};
    const HeadQuery query = headQuery(headFlags);
    std::optional<HeadCandidate> decided;
    if (evidence.features)
        decided = headByAccuracy(*problem.checkpoint, query, *evidence.features, *evidence.scorer,
                                 consoleProgress("choosing the head"));
    const CountedHead counted = withClasses(
        *problem.checkpoint, query,
        decided ? *decided : chooseHead(*problem.checkpoint, query, counts.counts, naming),
        counts.counts, naming);
    problem.classes = withConfigNames(counted.classes, path);
    problem.head = readHead(*problem.checkpoint, counted.head);
    if (decided)
        problem.head.warnings.push_back(message("the head is {}: {}", printable(decided->weight),
                                                printable(decided->reason, 400)));
    if (query.logitScale && counted.head.kind != HeadKind::Cosine)
        problem.head.warnings.push_back(
            message("{}: --logit-scale is for cosine heads and has no effect on this one",
                    printable(counted.head.weight)));
    return problem;
}

} // namespace

HeadQuery headQuery(const HeadFlags& flags)
{
    HeadQuery query;
    query.name = flags.head;
    query.transposed = flags.transposed;
    if (!flags.kind.empty())
        query.kind = parseHeadKind(flags.kind);
    if (!flags.background.empty())
        query.background = parseBackgroundRow(flags.background);
    if (flags.logitScale > 0)
        query.logitScale = flags.logitScale;
    return query;
}

Problem loadProblem(const std::string& path, const HeadFlags& head, const CountFlags& counts,
                    const FitFlags& fit, const Evidence& evidence)
{
    Problem problem = loadHead(path, head, counts, evidence);
    problem.profile = profileHead(problem.head, problem.classes, fitOptions(fit, problem.classes));
    return problem;
}

std::vector<Rescaling> rescalings(const Problem& problem, const MethodFlags& flags)
{
    const BiasRule bias = flags.bias == "drop" ? BiasRule::Drop : BiasRule::Keep;
    std::vector<std::string> texts = flags.methods;
    if (texts.empty())
        texts.push_back("samn");
    std::vector<Rescaling> out;
    for (auto text = texts.begin(); text != texts.end(); ++text)
        if (std::find(texts.begin(), text, *text) == text) // the same twice says nothing new
            out.push_back(rescale(problem.head, problem.classes, problem.profile,
                                  methodOf(*text, problem.classes, bias)));
    return out;
}

Warnings together(const std::vector<Warnings>& parts)
{
    Warnings out;
    for (const Warnings& part : parts)
        for (const std::string& warning : part)
            if (std::find(out.begin(), out.end(), warning) == out.end())
                out.push_back(warning);
    return out;
}

std::unique_ptr<Scorer> torchScorer(const CommonFlags& flags, Warnings& warnings)
{
    const auto engine = loadTorchEngine();
    engine->setThreads(flags.threads);
    for (const std::string& warning : engine->warnings())
        warnings.push_back(warning);
    return engine->makeScorer(flags.device);
}

} // namespace monotail::cli
