// SPDX-License-Identifier: GPL-3.0-or-later
// The isotonic fit against scikit-learn's isotonic_regression, in turn, call by call, medians; and
// changes of one point against our own full fit. The rival's time is taken inside Python.
//
//     bench_isotonic [--python PYTHON] [--json FILE] [options of Google Benchmark]
//
// "Trend" is 4 i / n plus normal noise of the given deviation. Several data sets take turns: from
// one small set alone the branch predictor learns the answer, which halves scikit-learn's time.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <functional>
#include <iostream>

#include "base/random.h"
#include "duel.h"
#include "isotonic/class_fit.h"
#include "isotonic/isotonic_tree.h"
#include "sklearn_rival.h"

using namespace monotail;
using namespace monotail::bench;

namespace {

using Numbers = std::vector<double>;

struct Measured
{
    double ours = 0, rival = 0; ///< medians in seconds; 0 = no rival
};

/// Seconds of one call; what it makes is destroyed afterwards.
template <typename Work>
double seconds(Work work)
{
    const auto start = std::chrono::steady_clock::now();
    auto result = work();
    const auto end = std::chrono::steady_clock::now();
    benchmark::DoNotOptimize(result);
    return std::chrono::duration<double>(end - start).count();
}

double normal(Random& random)
{
    return std::sqrt(-2 * std::log(1 - random.uniform())) *
           std::cos(6.283185307179586 * random.uniform());
}

Numbers trend(Random& random, std::size_t n, double noise)
{
    Numbers values;
    for (std::size_t i = 0; i < n; ++i)
        values.push_back(4 * static_cast<double>(i) / static_cast<double>(n) +
                         noise * normal(random));
    return values;
}

Sets trends(std::size_t n, double noise)
{
    Random random(n);
    Sets sets;
    for (std::size_t s = 0; s < (n > 100'000 ? 4 : 64); ++s)
        sets.push_back(trend(random, n, noise));
    return sets;
}

Numbers rising(std::size_t n)
{
    Random random(n);
    Numbers values = trend(random, n, 1);
    std::sort(values.begin(), values.end());
    return values;
}

Numbers falling(std::size_t n)
{
    Numbers values = rising(n);
    std::reverse(values.begin(), values.end());
    return values;
}

/// 0 to k - 1, 1 - k to k - 1, 1 - k to 0: implementations that rescan take quadratic time.
Numbers worstCase(std::size_t n)
{
    Numbers values;
    const auto k = static_cast<int>(n / 4);
    for (const auto& [first, end] : {std::pair(0, k), {1 - k, k}, {1 - k, 1}})
        for (int i = first; i < end; ++i)
            values.push_back(i);
    return values;
}

Measured fits(SklearnRival& rival, const Sets& sets, int threads)
{
    rival.load(sets);
    const std::size_t repeats = sets[0].size() > 50'000 ? 41 : 801;
    Numbers ours, theirs;
    for (std::size_t r = 0; r < repeats; ++r) {
        const std::size_t set = r % sets.size();
        ours.push_back(
            seconds([&] { return isotonicFit(sets[set], Monotone::NonDecreasing, threads); }));
        if (rival.runs())
            theirs.push_back(rival.seconds(message("fit {}", set)));
    }
    return {median(ours), median(theirs)};
}

/// A change of one value, against our full fit.
Measured updates(Numbers values)
{
    const std::size_t n = values.size();
    IsotonicTree tree(values, Numbers(n, 1.0), Monotone::NonDecreasing);
    Random random(1);
    Numbers changes, fits;
    for (int r = 0; r < 41; ++r) {
        for (int c = 0; c < 51; ++c) {
            const std::size_t point = random.below(n);
            values[point] = values[random.below(n)];
            changes.push_back(seconds([&] { return tree.set(point, values[point], 1); }));
        }
        fits.push_back(seconds([&] { return isotonicFit(values, Monotone::NonDecreasing); }));
    }
    return {median(changes), median(fits)};
}

/// All of fitClasses after a class's count has changed, against IsotonicRegression.fit_transform;
/// equal counts are averaged by both.
Measured reorder(SklearnRival& rival, std::size_t n)
{
    Random random(n);
    const Numbers norms = trend(random, n, 1), ones(n, 1.0);
    Numbers counts;
    for (std::size_t c = 0; c < n; ++c)
        counts.push_back(std::floor(1e6 * std::pow(1e-6, random.uniform())));
    rival.load({norms, counts});
    Numbers ours, theirs;
    const std::vector<bool> none(n, false);
    for (int r = 0; r < 9; ++r) {
        counts[random.below(n)] = static_cast<double>(1 + random.below(1000));
        ours.push_back(seconds([&] {
            return fitClasses(norms, ones, counts, none, Direction::TailHigh, Ties::Average);
        }));
        if (rival.runs())
            theirs.push_back(rival.seconds("classes"));
    }
    return {median(ours), median(theirs)};
}

using Cases = std::vector<std::pair<std::string, std::function<Measured()>>>;

Cases casesAgainst(SklearnRival& rival)
{
    Cases cases;
    const auto fit = [&](const std::string& name, std::function<Sets()> make, int threads = 0) {
        cases.emplace_back("pava/" + name, [=, &rival] { return fits(rival, make(), threads); });
    };
    for (const std::size_t n : {1'000'000, 8142}) {
        const std::string size = toText(static_cast<std::int64_t>(n));
        fit(size, [=] { return trends(n, 1); });
        fit("mild-" + size, [=] { return trends(n, 0.1); });
        fit("faint-" + size, [=] { return trends(n, 0.001); });
        fit("rising-" + size, [=] { return Sets{rising(n)}; });
        fit("falling-" + size, [=] { return Sets{falling(n)}; });
    }
    fit(
        "one-thread-1000000", [] { return trends(1'000'000, 1); }, 1);
    fit("same-8142", [] { return Sets{trends(8142, 1)[0]}; });
    fit("worst-100000", [] { return Sets{worstCase(100'000)}; });
    fit("worst-1000000", [] { return Sets{worstCase(1'000'000)}; });
    cases.emplace_back("pava/update-1000000", [] { return updates(trends(1'000'000, 1)[0]); });
    cases.emplace_back("pava/update-one-block-1000000", [] { return updates(falling(1'000'000)); });
    cases.emplace_back("pava/reorder-1000000", [&] { return reorder(rival, 1'000'000); });
    return cases;
}

} // namespace

int main(int argc, char** argv)
{
    const std::string file = takeOption(argc, argv, "--json", {});
    SklearnRival rival(takeOption(argc, argv, "--python", "python3"));
    if (!rival.runs())
        std::cout << "scikit-learn is missing; name a Python that has it with --python.\n";
    std::vector<Claim> claims;
    for (const auto& [name, measure] : casesAgainst(rival))
        benchmark::RegisterBenchmark(
            name.c_str(),
            [&claims, name = name, measure = measure](benchmark::State& state) {
                Measured measured;
                for (auto _ : state) {
                    measured = measure();
                    state.SetIterationTime(measured.ours);
                }
                if (measured.rival == 0)
                    return;
                state.counters["rival_us"] = 1e6 * measured.rival;
                claims.push_back({name, measured.ours, measured.rival, "s"});
                state.counters["ratio"] = claims.back().ratio();
            })
            ->UseManualTime()
            ->Iterations(1)
            ->Unit(benchmark::kMicrosecond);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    if (!file.empty())
        writeClaims(file, claims);
    return 0;
}
