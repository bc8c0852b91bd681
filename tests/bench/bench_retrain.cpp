// SPDX-License-Identifier: GPL-3.0-or-later
// An epoch of stage 2 on the features of Tiny-ImageNet-LT (21,549 x 512, 200 classes, batch 64),
// plain and SAMN, against the same in PyTorch: an nn.Linear loop, and a head whose PAVA is a
// differentiable function in Python. In turns; each at its better of one and two threads; the best
// epochs' medians over rounds. The floor is what the two matrix products of a step take alone.
//
//     bench_retrain [--python PYTHON] [--json FILE] [options of Google Benchmark]
#include <benchmark/benchmark.h>

#include <ATen/ATen.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <limits>

#include "duel.h"
#include "evaluate/torch_engine.h"
#include "python_process.h"
#include "retrain/run.h"

using namespace monotail;
using namespace monotail::bench;

namespace {

constexpr int batchSize = 64;
constexpr int epochs = 4;

struct Problem
{
    TrainingData data;
    ClassSet classes;

    explicit Problem(const std::filesystem::path& folder)
    {
        const std::string source = (folder / "features-train.safetensors").string();
        data.features = std::make_shared<const FeatureSet>(openFeatures(source));
        classes = readClassSet(source, {});
    }

    /// As retrain_rival.py reads it.
    void write(const std::filesystem::path& path) const
    {
        const RowMatrix rows = data.features->features->read(0, data.samples());
        std::ofstream out(path, std::ios::binary);
        out.write(reinterpret_cast<const char*>(rows.data()),
                  static_cast<std::streamsize>(rows.size() * 4));
        out.write(reinterpret_cast<const char*>(data.features->labels.data()),
                  static_cast<std::streamsize>(data.samples() * 8));
    }
};

double bestEpoch(const HeadTrainer& trainer, const Problem& problem, NormRule norms)
{
    ClassifierHead head;
    head.weight = RowMatrix::Zero(problem.classes.size(), problem.data.features->features->width());
    head.bias = Eigen::VectorXf::Zero(problem.classes.size());
    head.source.bias = "fc.bias";
    Recipe recipe;
    recipe.norms = norms;
    recipe.start = HeadStart::Fresh;
    recipe.batch = batchSize;
    recipe.epochs = epochs;
    Random random(0);
    double best = std::numeric_limits<double>::infinity();
    auto begin = std::chrono::steady_clock::now();
    trainer.train(startState(head, problem.classes, recipe, 1, random), problem.classes, recipe,
                  [&](const EpochEnd&) {
                      const auto now = std::chrono::steady_clock::now();
                      best = std::min(best, std::chrono::duration<double>(now - begin).count());
                      begin = now;
                  },
                  {});
    return best;
}

/// Seconds of an epoch's matrix products alone.
double productsAlone(const Problem& problem)
{
    const std::int64_t width = problem.data.features->features->width();
    const at::Tensor x = at::randn({batchSize, width});
    const at::Tensor weight = at::randn({problem.classes.size(), width});
    at::Tensor logits = at::empty({batchSize, problem.classes.size()});
    at::Tensor gradient = at::empty_like(weight);
    const std::int64_t steps = (problem.data.samples() + batchSize - 1) / batchSize;
    std::vector<double> seconds;
    for (int round = 0; round < 5; ++round)
        seconds.push_back(secondsOf([&] {
            for (std::int64_t i = 0; i < steps; ++i) {
                at::mm_out(logits, x, weight.t());
                at::mm_out(gradient, logits.t(), x);
            }
        }));
    return *std::min_element(seconds.begin(), seconds.end());
}

Claim duel(const std::string& name, NormRule norms, const Problem& problem, PythonProcess& rival)
{
    const auto engine = loadTorchEngine();
    const auto trainer = engine->makeTrainer("cpu", problem.data);
    std::vector<double> ours[2], theirs[2];
    for (int round = 0; round < 5; ++round)
        for (int threads = 1; threads <= 2; ++threads) {
            engine->setThreads(threads);
            ours[threads - 1].push_back(bestEpoch(*trainer, problem, norms));
            if (rival.runs())
                theirs[threads - 1].push_back(rival.seconds(
                    message("train {} {} {}", norms == NormRule::Samn ? "samn" : "linear", threads,
                            norms == NormRule::Samn ? 1 : epochs)));
        }
    return {name, std::min(median(ours[0]), median(ours[1])),
            std::min(median(theirs[0]), median(theirs[1])), "s"};
}

} // namespace

int main(int argc, char** argv)
{
    prepareTorchEngine();
    const std::string file = takeOption(argc, argv, "--json", {});
    const std::string python = takeOption(argc, argv, "--python", "python3");
    const char* shared = std::getenv("MONOTAIL_SHARED");
    if (!shared) {
        std::cout << "There are no features to train on: MONOTAIL_SHARED names no folder.\n";
        return 0;
    }
    const Problem problem(std::filesystem::path(shared) / "data/tiny-imagenet-lt");
    const auto raw =
        std::filesystem::temp_directory_path() / message("bench_retrain-{}.raw", getpid());
    PythonProcess rival(python, MONOTAIL_RETRAIN_RIVAL);
    if (rival.runs()) {
        problem.write(raw);
        rival.ask(message("load {} {} {} {}", problem.data.samples(),
                          problem.data.features->features->width(), problem.classes.size(),
                          raw.string()));
        std::filesystem::remove(raw);
    } else {
        std::cout << "PyTorch is missing; name a Python that has it with --python.\n";
    }
    std::vector<Claim> claims;
    for (const auto& [name, norms] :
         {std::pair<std::string, NormRule>{"retrain/ce", NormRule::Free},
          {"retrain/samn", NormRule::Samn}})
        benchmark::RegisterBenchmark(name.c_str(),
                                     [&, name = name, norms = norms](benchmark::State& state) {
                                         Claim claim;
                                         for (auto _ : state) {
                                             claim = duel(name, norms, problem, rival);
                                             state.SetIterationTime(claim.ours);
                                         }
                                         state.counters["floor_ms"] = 1e3 * productsAlone(problem);
                                         if (claim.rival == 0)
                                             return;
                                         state.counters["rival_ms"] = 1e3 * claim.rival;
                                         state.counters["ratio"] = claim.ratio();
                                         claims.push_back(claim);
                                     })
            ->UseManualTime()
            ->Iterations(1)
            ->Unit(benchmark::kMillisecond);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    if (!file.empty())
        writeClaims(file, claims);
    return 0;
}
