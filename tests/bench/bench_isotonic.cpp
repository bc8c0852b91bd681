// SPDX-License-Identifier: GPL-3.0-or-later
#include <benchmark/benchmark.h>

#include "base/random.h"
#include "isotonic/class_fit.h"

using namespace monotail;

namespace {

/// Norms as a stage-1 head has them: falling toward the tail by half, with noise. At rank order.
std::vector<double> fallingNorms(std::size_t classes)
{
    Random random(0);
    std::vector<double> norms;
    for (std::size_t c = 0; c < classes; ++c)
        norms.push_back(1.5 - 0.5 * static_cast<double>(c) / static_cast<double>(classes) +
                        0.2 * random.uniform());
    return norms;
}

void fit(benchmark::State& state, Monotone direction)
{
    const auto classes = static_cast<std::size_t>(state.range(0));
    const std::vector<double> norms = fallingNorms(classes);
    const std::vector<double> weights(classes, 1.0);
    for (auto _ : state)
        benchmark::DoNotOptimize(isotonicFit(norms, weights, direction));
    state.SetItemsProcessed(state.iterations() * state.range(0));
}

void poolsToOneBlock(benchmark::State& state)
{
    fit(state, Monotone::NonDecreasing);
}

void poolsToManyBlocks(benchmark::State& state)
{
    fit(state, Monotone::NonIncreasing);
}

BENCHMARK(poolsToOneBlock)->Arg(1000)->Arg(8142)->Arg(1000000);
BENCHMARK(poolsToManyBlocks)->Arg(1000)->Arg(8142)->Arg(1000000);

} // namespace
