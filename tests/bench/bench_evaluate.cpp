// SPDX-License-Identifier: GPL-3.0-or-later
// Every sample under eight rescalings: the score index on two threads against LibTorch's
// (z * s + b).argmax(1) on one and on two, the better counting, in turns.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <benchmark/benchmark.h>
#include <c10/core/InferenceMode.h>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <numeric>

#include "base/random.h"
#include "checkpoint/head_search.h"
#include "dataset/features.h"
#include "duel.h"
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
    const auto checkpoint = openCheckpoint(made.checkpoint);
    const ClassifierHead head = readHead(*checkpoint, chooseHead(*checkpoint, {}));
    const ClassSet set = readClassSet(made.counts, head.classes());
    const FeatureSet features = openFeatures(made.data);
    Problem problem{name,
                    features.features->read(0, features.samples()),
                    head.weight,
                    {},
                    eightScalings(head, set),
                    byNorm(head.weight),
                    nullptr,
                    {}};
    std::filesystem::remove_all(folder);
    timeBuild(problem);
    return problem;
}

struct Duel
{
    std::vector<double> ours, one, two;

    double rival() const { return std::min(median(one), median(two)); }
};

std::int64_t differing(const at::Tensor& theirs, const std::vector<std::int32_t>& winners)
{
    std::int64_t count = 0;
    for (std::size_t i = 0; i < winners.size(); ++i)
        count += theirs.data_ptr<std::int64_t>()[i] == winners[i] ? 0 : 1;
    return count;
}

void evaluate(benchmark::State& state, const Problem& problem, const Scaling& scaling, Duel& duel)
{
    const c10::InferenceMode guard;
    const at::Tensor z = viewOf(problem.z), s = viewOf(scaling.scale), b = viewOf(scaling.bias);
    at::Tensor theirs;
    const auto rival = [&](int count) {
        at::set_num_threads(count);
        return secondsOf([&] { theirs = (z * s + b).argmax(1); });
    };
    ScaledWinners ours;
    for (auto _ : state) {
        duel.one.push_back(rival(1));
        duel.two.push_back(rival(threads));
        duel.ours.push_back(
            secondsOf([&] { ours = problem.index->search(scaling.scale, scaling.bias); }));
        state.SetIterationTime(duel.ours.back());
    }
    if (const std::int64_t wrong = differing(theirs, ours.winner); wrong > 0)
        state.SkipWithError(
            (std::to_string(wrong) + " predictions differ from LibTorch's").c_str());
    state.counters["rival_ms"] = 1e3 * duel.rival();
    state.counters["ours_ms"] = 1e3 * median(duel.ours);
    state.counters["ratio"] = duel.rival() / median(duel.ours);
}

} // namespace

int main(int argc, char** argv)
{
    const std::string json = takeJsonFile(argc, argv);
    benchmark::Initialize(&argc, argv);
    std::vector<Problem> problems;
    problems.push_back(makeProblem("50000x1000", 1000, 50, 1280, 256));
    problems.push_back(makeProblem("24426x8142", 8142, 3, 1000, 500));
    std::vector<Duel> duels(16);
    for (std::size_t p = 0; p < 2; ++p)
        for (std::size_t i = 0; i < 8; ++i)
            benchmark::RegisterBenchmark(
                ("evaluate/" + problems[p].name + "/" + problems[p].scalings[i].name).c_str(),
                [&, p, i](benchmark::State& state) {
                    evaluate(state, problems[p], problems[p].scalings[i], duels[8 * p + i]);
                })
                ->Unit(benchmark::kMillisecond)
                ->UseManualTime()
                ->Iterations(repeats);
    benchmark::RunSpecifiedBenchmarks();
    for (const Problem& problem : problems)
        std::printf("%s: product %.3f s, with the index %.3f s; z %.1f MB, index %.1f MB\n",
                    problem.name.c_str(), problem.build.rival, problem.build.ours,
                    static_cast<double>(problem.index->scoreBytes()) / 1e6,
                    static_cast<double>(problem.index->indexBytes()) / 1e6);
    return 0;
}
