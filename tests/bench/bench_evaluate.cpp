// SPDX-License-Identifier: GPL-3.0-or-later
// Every sample under eight rescalings: the score index on two threads against LibTorch's
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

#include "base/parallel.h"
#include "base/random.h"
#include "checkpoint/head_search.h"
#include "dataset/features.h"
#include "duel.h"
#include "evaluate/accuracy.h"
#include "evaluate/index/full_pass.h"
#include "evaluate/score_index.h"
#include "rescale/rescaling.h"
#include "support/made_problem.h"

using namespace monotail;
using namespace monotail::bench;

namespace {

constexpr int repeats = 9;
constexpr int threads = 2;

struct Scaling
{
    std::string name;
    std::vector<float> scale, bias;
};

struct Problem
{
    std::string name;
    RowMatrix features, weight, z;
    std::vector<std::int64_t> labels;
    ShotGroups groups;
    std::vector<Scaling> scalings;
    std::vector<std::int32_t> order;
    std::unique_ptr<ScoreIndex> index;
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

std::vector<Scaling> eightScalings(const ClassifierHead& head, const ClassSet& classes)
{
    const ClassProfile profile = profileHead(head, classes, {});
    std::vector<Scaling> out;
    for (const char* method :
         {"tau=0.3", "tau=0.7", "tau=1", "tau=2", "samn", "equal", "logit-adjust=1"}) {
        const Rescaling rescaling = rescale(head, classes, profile, parseMethod(method));
        out.push_back({method, asFloats(rescaling.scale), asFloats(rescaling.bias)});
    }
    Random random(3);
    Scaling any{"random .5 to 2", {}, asFloats({head.bias.begin(), head.bias.end()})};
    for (std::int64_t c = 0; c < head.classes(); ++c)
        any.scale.push_back(static_cast<float>(0.5 + 1.5 * random.uniform()));
    out.push_back(any);
    return out;
}

/// Class order by weight norm, as the program builds it.
std::vector<std::int32_t> byNorm(const RowMatrix& weight)
{
    const Eigen::VectorXf norms = weight.rowwise().norm();
    std::vector<std::int32_t> order(static_cast<std::size_t>(weight.rows()));
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::int32_t a, std::int32_t b) { return norms[a] > norms[b]; });
    return order;
}

constexpr std::int64_t tile = 2048;

std::unique_ptr<ScoreIndex> buildIndex(const Problem& problem)
{
    IndexOptions options;
    options.threads = threads;
    auto index = std::make_unique<ScoreIndex>(problem.features.rows(), problem.order, options);
    const at::Tensor transposed = viewOf(problem.weight).t();
    RowMatrix z;
    for (std::int64_t begin = 0; begin < problem.features.rows(); begin += tile) {
        const std::int64_t rows = std::min(tile, problem.features.rows() - begin);
        z.resize(rows, problem.weight.rows());
        at::Tensor out = viewOf(z);
        at::mm_out(out, viewOf(problem.features).narrow(0, begin, rows), transposed);
        index->add(begin, z);
    }
    return index;
}

/// The product alone, on one thread and on two; and with the index.
void timeBuild(Problem& problem)
{
    std::vector<double> ours, one, two;
    problem.z.resize(problem.features.rows(), problem.weight.rows());
    at::Tensor z = viewOf(problem.z);
    const auto product = [&](int count) {
        at::set_num_threads(count);
        return secondsOf(
            [&] { at::mm_out(z, viewOf(problem.features), viewOf(problem.weight).t()); });
    };
    for (int i = 0; i < 3; ++i) {
        one.push_back(product(1));
        two.push_back(product(threads));
        ours.push_back(secondsOf([&] { problem.index = buildIndex(problem); }));
    }
    problem.build = {"index/build", median(ours), std::min(median(one), median(two)), "s"};
    // The index holds the product by tiles: LibTorch is given the same z.
    problem.z = problem.index->scores(0, problem.index->samples());
}

Problem openProblem(const std::string& name, const std::string& model, const std::string& counts,
                    const std::string& data)
{
    const auto checkpoint = openCheckpoint(model);
    const ClassifierHead head = readHead(*checkpoint, chooseHead(*checkpoint, {}));
    const ClassSet set = readClassSet(counts, head.classes());
    const FeatureSet features = openFeatures(data);
    Problem problem{name,
                    features.features->read(0, features.samples()),
                    head.weight,
                    {},
                    features.labels,
                    groupClasses(set.counts, {}),
                    eightScalings(head, set),
                    byNorm(head.weight),
                    nullptr,
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

/// From `before`, if there is one, to `scaling`.
void evaluate(benchmark::State& state, const Problem& problem, const Scaling& scaling,
              const Scaling* before, Duel& duel)
{
    const c10::InferenceMode guard;
    const at::Tensor z = viewOf(problem.z), s = viewOf(scaling.scale), b = viewOf(scaling.bias);
    at::Tensor theirs;
    const auto rival = [&](int count) {
        at::set_num_threads(count);
        return secondsOf([&] { theirs = (z * s + b).argmax(1); });
    };
    ScaledWinners ours, last;
    if (before)
        last = problem.index->search(before->scale, before->bias);
    for (auto _ : state) {
        duel.one.push_back(rival(1));
        duel.two.push_back(rival(threads));
        duel.ours.push_back(secondsOf([&] {
            ours = problem.index->search(scaling.scale, scaling.bias, before ? &last : nullptr);
        }));
        state.SetIterationTime(duel.ours.back());
    }
    if (const std::int64_t wrong = differing(theirs, ours.winner); wrong > 0)
        state.SkipWithError(
            (std::to_string(wrong) + " predictions differ from LibTorch's").c_str());
    show(state, duel);
}

/// Every score read once, fused: what memory allows without an index.
void fullPass(benchmark::State& state, const Problem& problem, const Scaling& scaling, Duel& duel)
{
    std::vector<std::int32_t> classes(scaling.scale.size());
    std::iota(classes.begin(), classes.end(), 0);
    std::vector<std::int32_t> winners(static_cast<std::size_t>(problem.z.rows()));
    constexpr std::int64_t rows = 512;
    const auto pass = [&](std::int64_t chunk) {
        const std::int64_t end = std::min<std::int64_t>((chunk + 1) * rows, problem.z.rows());
        for (std::int64_t i = chunk * rows; i < end; ++i)
            winners[static_cast<std::size_t>(i)] =
                monotail::detail::bestOfAll({problem.z.row(i).data(), classes.size()}, scaling.scale.data(),
                                  scaling.bias.data(), classes.data())
                    .winner;
    };
    for (auto _ : state) {
        duel.one.push_back(
            secondsOf([&] { parallelFor((problem.z.rows() + rows - 1) / rows, threads, pass); }));
        duel.two = duel.one;
        duel.ours.push_back(secondsOf([&] { problem.index->search(scaling.scale, scaling.bias); }));
        state.SetIterationTime(duel.one.back());
    }
    show(state, duel);
    state.counters["GB/s"] = static_cast<double>(problem.index->scoreBytes()) / 1e9 / duel.rival();
}

/// Per-class hits and predictions, the whole report against three bincounts.
void metrics(benchmark::State& state, const Problem& problem, Duel& duel)
{
    const c10::InferenceMode guard;
    const ScaledWinners found =
        problem.index->search(problem.scalings[0].scale, problem.scalings[0].bias);
    Predictions predictions;
    predictions.predicted = found.winner;
    const std::int64_t classes = problem.z.cols();
    at::Tensor predicted = at::empty({problem.z.rows()}, at::kLong);
    std::copy(found.winner.begin(), found.winner.end(), predicted.data_ptr<std::int64_t>());
    const at::Tensor labels = at::from_blob(const_cast<std::int64_t*>(problem.labels.data()),
                                            {problem.z.rows()}, at::kLong);
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
            benchmark::DoNotOptimize(measureAccuracy(predictions, problem.labels, problem.groups));
        }));
        state.SetIterationTime(duel.ours.back());
    }
    show(state, duel);
}

/// `scaling` with the norms of 3 % of the classes, neighbours, raised by a tenth, as when a block
/// is dragged.
Scaling dragged(const Problem& problem, const Scaling& scaling)
{
    Scaling out = scaling;
    const std::size_t classes = problem.order.size();
    for (std::size_t i = classes * 40 / 100; i < classes * 43 / 100; ++i)
        out.scale[static_cast<std::size_t>(problem.order[i])] *= 1.1F;
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
    for (const Scaling& scaling : problem.scalings)
        add(duels, name + "/" + scaling.name, [&](benchmark::State& state, Duel& duel) {
            evaluate(state, problem, scaling, nullptr, duel);
        });
    const Scaling& unchanged = problem.scalings[5];
    add(duels, name + "-block-dragged", [&](benchmark::State& state, Duel& duel) {
        evaluate(state, problem, dragged(problem, unchanged), &unchanged, duel);
    });
    add(duels, name + "-full-pass", [&](benchmark::State& state, Duel& duel) {
        fullPass(state, problem, problem.scalings.back(), duel);
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
        claims.push_back(claimOf("evaluate/" + problem.name, *eight[eight.size() / 2 - 1]));
        if (worst.name.empty() || eight.front()->ratio() < worst.ratio())
            worst = claimOf("evaluate/worst", *eight.front());
    }
    if (!worst.name.empty())
        claims.push_back(worst);
    Claim memory{"index/memory", 0, 0, "bytes"};
    for (const Problem& problem : problems) {
        const Claim one{"index/memory", static_cast<double>(problem.index->indexBytes()),
                        static_cast<double>(problem.index->scoreBytes()), "bytes"};
        if (memory.ours == 0 || one.ratio() < memory.ratio())
            memory = one;
    }
    claims.push_back(memory);
    const auto slowest =
        std::min_element(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
            return a.build.ratio() < b.build.ratio();
        });
    claims.push_back(slowest->build);
    return claims;
}

} // namespace

int main(int argc, char** argv)
{
    const std::string json = takeJsonFile(argc, argv);
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
