// SPDX-License-Identifier: GPL-3.0-or-later
// Every sample under eight rescalings: KeptScores on two threads against LibTorch's
// (z * s + b).argmax(1) on one and on two, the better counting, in turns.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <benchmark/benchmark.h>
#include <c10/core/InferenceMode.h>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <numeric>
#include <unistd.h>

#include "base/random.h"
#include "base/workers.h"
#include "checkpoint/head_search.h"
#include "dataset/features.h"
#include "duel.h"
#include "evaluate/accuracy.h"
#include "evaluate/index/full_pass.h"
#include "evaluate/kept_scores.h"
#include "evaluate/torch_engine.h"
#include "rescale/rescaling.h"
#include "support/made_problem.h"

using namespace monotail;
using namespace monotail::bench;

namespace {

constexpr int repeats = 9;
constexpr int threads = 2;

struct Problem
{
    std::string name;
    std::shared_ptr<const FeatureSet> features;
    std::shared_ptr<const ClassifierHead> head;
    ShotGroups groups;
    std::vector<Rescaling> rescalings;
    std::unique_ptr<KeptScores> scores;
    RowMatrix z; ///< as the scores have it
    Claim build;
};

at::Tensor viewOf(const RowMatrix& matrix)
{
    return at::from_blob(const_cast<float*>(matrix.data()), {matrix.rows(), matrix.cols()},
                         at::kFloat);
}

at::Tensor viewOf(const std::vector<float>& values)
{
    return at::from_blob(const_cast<float*>(values.data()),
                         {static_cast<std::int64_t>(values.size())}, at::kFloat);
}

std::vector<float> asFloats(const std::vector<double>& values)
{
    return {values.begin(), values.end()};
}

std::vector<Rescaling> eightRescalings(const ClassifierHead& head, const ClassSet& classes)
{
    const ClassProfile profile = profileHead(head, classes, {});
    std::vector<Rescaling> out;
    for (const char* method :
         {"tau=0.3", "tau=0.7", "tau=1", "tau=2", "samn", "equal", "logit-adjust=1"})
        out.push_back(rescale(head, classes, profile, parseMethod(method)));
    Random random(3);
    Rescaling any{"random .5 to 2", {}, {head.bias.begin(), head.bias.end()}, {}};
    for (std::int64_t c = 0; c < head.classes(); ++c)
        any.scale.push_back(0.5 + 1.5 * random.uniform());
    out.push_back(any);
    return out;
}

/// The product alone, on one thread and on two; and reading the features, the product and the
/// index.
void timeBuild(Problem& problem)
{
    std::vector<double> ours, one, two;
    const RowMatrix features = problem.features->features->read(0, problem.features->samples());
    const auto product = [&](int count) {
        at::set_num_threads(count);
        at::Tensor z; // new memory each time, as the index needs it
        return secondsOf([&] { z = at::mm(viewOf(features), viewOf(problem.head->weight).t()); });
    };
    KeepOptions options;
    options.threads = threads;
    const std::shared_ptr<const Scorer> scorer = loadTorchEngine()->makeScorer("cpu");
    for (int i = 0; i < 5; ++i) {
        one.push_back(product(1));
        two.push_back(product(threads));
        problem.scores.reset();
        ours.push_back(secondsOf([&] {
            problem.scores = std::make_unique<KeptScores>(problem.features, problem.head, scorer,
                                                          Progress(), options);
        }));
    }
    problem.build = {"index/build-" + problem.name, median(ours),
                     std::min(median(one), median(two)), "s"};
    problem.z.resize(features.rows(), problem.head->classes());
    // The product by tiles may differ in the last bit: LibTorch is given the same z.
    problem.scores->score(*problem.features, problem.head->weight,
                          [&](std::int64_t begin, const RowMatrix& tile) {
                              problem.z.middleRows(begin, tile.rows()) = tile;
                          },
                          {});
}

Problem openProblem(const std::string& name, const std::string& model, const std::string& counts,
                    const std::string& data)
{
    const auto checkpoint = openCheckpoint(model);
    const auto head =
        std::make_shared<ClassifierHead>(readHead(*checkpoint, chooseHead(*checkpoint, {})));
    const ClassSet set = readClassSet(counts, head->classes());
    Problem problem{name,
                    std::make_shared<FeatureSet>(openFeatures(data)),
                    head,
                    groupClasses(set.counts, {}),
                    eightRescalings(*head, set),
                    nullptr,
                    {},
                    {}};
    timeBuild(problem);
    return problem;
}

Problem makeProblem(const std::string& name, std::int64_t classes, std::int64_t samplesPerClass,
                    std::int64_t largest, double imbalance)
{
    test::MadeOptions options;
    options.samplesPerClass = samplesPerClass;
    options.width = 512;
    options.largest = largest;
    options.imbalance = imbalance;
    options.precision = test::MadePrecision::Float32;
    const auto folder = std::filesystem::temp_directory_path() / ("monotail-bench-" + name);
    const test::MadeProblem made = test::writeProblem(folder, classes, options);
    Problem problem = openProblem(name, made.checkpoint, made.counts, made.data);
    std::filesystem::remove_all(folder);
    return problem;
}

Problem tinyImageNet(const std::filesystem::path& folder)
{
    return openProblem("tiny-imagenet-lt", folder / "checkpoint.pth.tar", folder / "train.txt",
                       folder / "features-val.safetensors");
}

/// Ours against LibTorch's better of one and two threads.
struct Duel
{
    std::string name;
    std::vector<double> ours, one, two;

    double rival() const { return std::min(median(one), median(two)); }
    double ratio() const { return rival() / median(ours); }
};

std::int64_t differing(const at::Tensor& theirs, const std::vector<std::int32_t>& winners)
{
    std::int64_t count = 0;
    for (std::size_t i = 0; i < winners.size(); ++i)
        count += theirs.data_ptr<std::int64_t>()[i] == winners[i] ? 0 : 1;
    return count;
}

void show(benchmark::State& state, const Duel& duel)
{
    state.counters["rival_ms"] = 1e3 * duel.rival();
    state.counters["ours_ms"] = 1e3 * median(duel.ours);
    state.counters["ratio"] = duel.ratio();
}

/// From `before`, if there is one, to `rescaling`.
void evaluate(benchmark::State& state, const Problem& problem, const Rescaling& rescaling,
              const Rescaling* before, Duel& duel)
{
    const c10::InferenceMode guard;
    const std::vector<float> scale = asFloats(rescaling.scale), bias = asFloats(rescaling.bias);
    const at::Tensor z = viewOf(problem.z), s = viewOf(scale), b = viewOf(bias);
    at::Tensor theirs;
    const auto rival = [&](int count) {
        at::set_num_threads(count);
        return secondsOf([&] { theirs = (z * s + b).argmax(1); });
    };
    // Something else first, so that no call finds what it is about to do done already.
    const Rescaling& other = before ? *before
                             : problem.rescalings.front().method == rescaling.method
                                 ? problem.rescalings.back()
                                 : problem.rescalings.front();
    std::vector<std::int32_t> ours;
    for (auto _ : state) {
        duel.one.push_back(rival(1));
        duel.two.push_back(rival(threads));
        problem.scores->predict(other);
        duel.ours.push_back(secondsOf([&] { ours = problem.scores->predict(rescaling); }));
        state.SetIterationTime(duel.ours.back());
    }
    if (const std::int64_t wrong = differing(theirs, ours); wrong > 0)
        state.SkipWithError(
            (std::to_string(wrong) + " predictions differ from LibTorch's").c_str());
    show(state, duel);
}

/// Every score read once, fused: what memory allows without an index.
void fullPass(benchmark::State& state, const Problem& problem, const Rescaling& rescaling,
              Duel& duel)
{
    const std::vector<float> scale = asFloats(rescaling.scale), bias = asFloats(rescaling.bias);
    std::vector<std::int32_t> classes(scale.size());
    std::iota(classes.begin(), classes.end(), 0);
    std::vector<std::int32_t> winners(static_cast<std::size_t>(problem.z.rows()));
    constexpr std::int64_t rows = 512;
    const Workers workers(threads);
    const auto pass = [&](std::int64_t chunk) {
        const std::int64_t end = std::min<std::int64_t>((chunk + 1) * rows, problem.z.rows());
        for (std::int64_t i = chunk * rows; i < end; ++i)
            winners[static_cast<std::size_t>(i)] =
                monotail::detail::bestOfAll({problem.z.row(i).data(), classes.size()}, scale.data(),
                                            bias.data(), classes.data())
                    .winner;
    };
    for (auto _ : state) {
        duel.one.push_back(
            secondsOf([&] { workers.run((problem.z.rows() + rows - 1) / rows, pass); }));
        duel.two = duel.one;
        problem.scores->predict(problem.rescalings.front());
        duel.ours.push_back(secondsOf([&] { problem.scores->predict(rescaling); }));
        state.SetIterationTime(duel.one.back());
    }
    show(state, duel);
    state.counters["GB/s"] = 4e-9 * static_cast<double>(problem.z.size()) / duel.rival();
}

/// The whole report against the three counts behind its recalls and precisions.
void metrics(benchmark::State& state, const Problem& problem, Duel& duel)
{
    const c10::InferenceMode guard;
    Predictions predictions;
    predictions.predicted = problem.scores->predict(problem.rescalings.front());
    const std::vector<std::int64_t>& given = problem.features->labels;
    const std::int64_t classes = problem.z.cols();
    at::Tensor predicted = at::empty({problem.z.rows()}, at::kLong);
    std::copy(predictions.predicted.begin(), predictions.predicted.end(),
              predicted.data_ptr<std::int64_t>());
    const at::Tensor labels =
        at::from_blob(const_cast<std::int64_t*>(given.data()), {problem.z.rows()}, at::kLong);
    const auto rival = [&](int count) {
        at::set_num_threads(count);
        return secondsOf([&] {
            const at::Tensor hits = labels.masked_select(predicted == labels);
            at::Tensor recall =
                at::bincount(hits, {}, classes) / at::bincount(labels, {}, classes).clamp_min(1);
            benchmark::DoNotOptimize(recall.mean().item<float>() +
                                     at::bincount(predicted, {}, classes).sum().item<float>());
        });
    };
    for (auto _ : state) {
        duel.one.push_back(rival(1));
        duel.two.push_back(rival(threads));
        duel.ours.push_back(secondsOf([&] {
            benchmark::DoNotOptimize(measureAccuracy(predictions, given, problem.groups));
        }));
        state.SetIterationTime(duel.ours.back());
    }
    show(state, duel);
}

/// Equal norms, but those of 3 % of the classes, neighbours by norm, raised by a tenth: as when a
/// block is dragged.
Rescaling dragged(const Problem& problem)
{
    Rescaling out = problem.rescalings[5];
    const Eigen::VectorXf norms = problem.head->weight.rowwise().norm();
    std::vector<std::size_t> order(out.scale.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return norms[static_cast<Eigen::Index>(a)] > norms[static_cast<Eigen::Index>(b)];
    });
    for (std::size_t i = order.size() * 40 / 100; i < order.size() * 43 / 100; ++i)
        out.scale[order[i]] *= 1.1;
    return out;
}

template <typename Work>
void add(std::vector<std::unique_ptr<Duel>>& duels, const std::string& name, Work work)
{
    duels.push_back(std::make_unique<Duel>());
    duels.back()->name = name;
    benchmark::RegisterBenchmark(name.c_str(), [work, duel = duels.back().get()](
                                                   benchmark::State& state) { work(state, *duel); })
        ->Unit(benchmark::kMillisecond)
        ->UseManualTime()
        ->Iterations(repeats);
}

void addProblem(std::vector<std::unique_ptr<Duel>>& duels, const Problem& problem)
{
    const std::string name = "evaluate/" + problem.name;
    for (const Rescaling& rescaling : problem.rescalings)
        add(duels, name + "/" + rescaling.method, [&](benchmark::State& state, Duel& duel) {
            evaluate(state, problem, rescaling, nullptr, duel);
        });
    add(duels, name + "-block-dragged", [&](benchmark::State& state, Duel& duel) {
        evaluate(state, problem, dragged(problem), &problem.rescalings[5], duel);
    });
    add(duels, name + "-full-pass", [&](benchmark::State& state, Duel& duel) {
        fullPass(state, problem, problem.rescalings.back(), duel);
    });
    add(duels, "metrics/" + problem.name,
        [&](benchmark::State& state, Duel& duel) { metrics(state, problem, duel); });
}

Claim claimOf(const std::string& name, const Duel& duel)
{
    return {name, median(duel.ours), duel.rival(), "s"};
}

/// The duel of median ratio, and the one of least, among the eight of a problem.
std::vector<Claim> claimsOf(const std::vector<std::unique_ptr<Duel>>& duels,
                            const std::vector<Problem>& problems)
{
    std::vector<Claim> claims;
    Claim worst;
    for (const Problem& problem : problems) {
        std::vector<const Duel*> eight;
        for (const auto& duel : duels) {
            if (duel->ours.empty())
                continue;
            if (duel->name.rfind("evaluate/" + problem.name + "/", 0) == 0)
                eight.push_back(duel.get());
            else if (duel->name.find(problem.name) != std::string::npos)
                claims.push_back(claimOf(duel->name, *duel));
        }
        if (eight.empty())
            continue;
        std::sort(eight.begin(), eight.end(),
                  [](const Duel* a, const Duel* b) { return a->ratio() < b->ratio(); });
        claims.push_back(claimOf("evaluate/" + problem.name, *eight[(eight.size() - 1) / 2]));
        // The claims are about the two large problems.
        if (problem.name.rfind("tiny", 0) == 0)
            continue;
        if (worst.name.empty() || eight.front()->ratio() < worst.ratio())
            worst = claimOf("evaluate/worst", *eight.front());
    }
    if (!worst.name.empty())
        claims.push_back(worst);
    Claim memory, build;
    for (const Problem& problem : problems) {
        const Claim one{"index/memory", static_cast<double>(problem.scores->indexBytes()),
                        4.0 * static_cast<double>(problem.z.size()), "bytes"};
        if (memory.name.empty() || one.ratio() < memory.ratio())
            memory = one;
        claims.push_back(problem.build);
        if (problem.name.rfind("tiny", 0) == 0)
            continue;
        if (build.name.empty() || problem.build.ratio() < build.ratio())
            build = problem.build;
    }
    build.name = "index/build";
    claims.push_back(memory);
    claims.push_back(build);
    return claims;
}

} // namespace

int main(int argc, char** argv)
{
    if (!std::getenv("OPENBLAS_THREAD_TIMEOUT")) {
        // OpenBLAS reads it when it is loaded, which it is by now.
        prepareTorchEngine();
        ::execv("/proc/self/exe", argv);
    }
    const std::string json = takeOption(argc, argv, "--json", {});
    benchmark::Initialize(&argc, argv);
    std::vector<Problem> problems;
    problems.push_back(makeProblem("50000x1000", 1000, 50, 1280, 256));
    problems.push_back(makeProblem("24426x8142", 8142, 3, 1000, 500));
    if (const char* shared = std::getenv("MONOTAIL_SHARED"))
        problems.push_back(tinyImageNet(std::filesystem::path(shared) / "data/tiny-imagenet-lt"));
    std::vector<std::unique_ptr<Duel>> duels;
    for (const Problem& problem : problems)
        addProblem(duels, problem);
    benchmark::RunSpecifiedBenchmarks();
    const std::vector<Claim> claims = claimsOf(duels, problems);
    for (const Claim& claim : claims)
        std::printf("%-36s %8.2f = %.6g / %.6g %s\n", claim.name.c_str(), claim.ratio(),
                    claim.rival, claim.ours, claim.unit.c_str());
    if (!json.empty())
        writeClaims(json, claims);
    return 0;
}
