// SPDX-License-Identifier: GPL-3.0-or-later
// The isotonic fit against scikit-learn's isotonic_regression, in turn, call by call, medians; and
// changes of one point against our own full fit. The rival's time is taken inside Python.
//
//     bench_isotonic [--python PYTHON] [--json FILE] [options of Google Benchmark]
//
// "Trend" is 4 i / n plus normal noise of the given deviation. Several data sets take turns: from
// one small set alone the branch predictor learns the answer, which halves scikit-learn's time.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/random.h"
#include "base/text.h"
#include "isotonic/class_fit.h"
#include "isotonic/isotonic_tree.h"

using namespace monotail;

namespace {

using Numbers = std::vector<double>;
using Sets = std::vector<Numbers>;

struct Measured
{
    double ours = 0, rival = 0; ///< medians in seconds; 0 = no rival
};

double median(Numbers numbers)
{
    if (numbers.empty())
        return 0;
    std::sort(numbers.begin(), numbers.end());
    return numbers[numbers.size() / 2];
}

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

/// The Python process of sklearn_rival.py.
class Rival
{
public:
    explicit Rival(const std::string& python)
        : m_data(std::filesystem::temp_directory_path() /
                 message("bench_isotonic_{}.f64", static_cast<std::int64_t>(getpid())))
    {
        int toChild[2], fromChild[2];
        if (pipe2(toChild, O_CLOEXEC) != 0 || pipe2(fromChild, O_CLOEXEC) != 0)
            return;
        m_process = fork();
        if (m_process == 0) {
            dup2(toChild[0], STDIN_FILENO);
            dup2(fromChild[1], STDOUT_FILENO);
            execlp(python.c_str(), python.c_str(), MONOTAIL_RIVAL, nullptr);
            _exit(127);
        }
        close(toChild[0]);
        close(fromChild[1]);
        m_requests = fdopen(toChild[1], "w");
        m_answers = fdopen(fromChild[0], "r");
        m_runs = m_process > 0 && answer() == "ready";
    }
    ~Rival()
    {
        if (m_requests)
            fclose(m_requests);
        if (m_answers)
            fclose(m_answers);
        if (m_process > 0)
            waitpid(m_process, nullptr, 0);
        std::filesystem::remove(m_data);
    }
    Rival(const Rival&) = delete;
    Rival& operator=(const Rival&) = delete;

    bool runs() const { return m_runs; }
    void load(const Sets& sets)
    {
        if (!m_runs)
            return;
        std::ofstream file(m_data, std::ios::binary);
        for (const Numbers& numbers : sets)
            file.write(reinterpret_cast<const char*>(numbers.data()),
                       static_cast<std::streamsize>(numbers.size() * sizeof(double)));
        file.close();
        ask(message("load {} {}", sets[0].size(), m_data.string()));
    }
    double seconds(const std::string& request) { return parseDouble(ask(request)).value_or(0); }

private:
    std::string ask(const std::string& request)
    {
        fprintf(m_requests, "%s\n", request.c_str());
        fflush(m_requests);
        return answer();
    }
    std::string answer()
    {
        char line[256] = "";
        return fgets(line, sizeof line, m_answers) ? std::string(trimmed(line)) : "";
    }

    std::filesystem::path m_data;
    pid_t m_process = -1;
    FILE* m_requests = nullptr;
    FILE* m_answers = nullptr;
    bool m_runs = false;
};

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

Numbers falling(std::size_t n)
{
    Numbers values;
    for (std::size_t i = 0; i < n; ++i)
        values.push_back(1 - static_cast<double>(i) / static_cast<double>(n));
    return values;
}

Numbers rising(std::size_t n)
{
    Random random(n);
    Numbers values = trend(random, n, 1);
    std::sort(values.begin(), values.end());
    return values;
}

/// 0 to k - 1, 1 - k to k - 1, 1 - k to 0: implementations that rescan take quadratic time.
Numbers worstCase(std::size_t n)
{
    Numbers values;
    const auto k = static_cast<std::int64_t>(n / 4);
    for (std::int64_t i = 0; i < k; ++i)
        values.push_back(static_cast<double>(i));
    for (std::int64_t i = 1 - k; i < k; ++i)
        values.push_back(static_cast<double>(i));
    for (std::int64_t i = 1 - k; i <= 0; ++i)
        values.push_back(static_cast<double>(i));
    return values;
}

Measured fits(Rival& rival, const Sets& sets, int threads)
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
Measured reorder(Rival& rival, std::size_t n)
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

Cases casesAgainst(Rival& rival)
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

/// Takes `--name VALUE` out of the arguments.
std::string option(int& count, char** arguments, const std::string& name, std::string value)
{
    for (int i = 1; i + 1 < count; ++i)
        if (arguments[i] == name) {
            value = arguments[i + 1];
            std::copy(arguments + i + 2, arguments + count, arguments + i);
            count -= 2;
        }
    return value;
}

} // namespace

int main(int argc, char** argv)
{
    const std::string file = option(argc, argv, "--json", "");
    Rival rival(option(argc, argv, "--python", "python3"));
    if (!rival.runs())
        std::cout << "scikit-learn is missing; name a Python that has it with --python.\n";
    nlohmann::json results = nlohmann::json::array();
    for (const auto& [name, measure] : casesAgainst(rival))
        benchmark::RegisterBenchmark(
            name.c_str(),
            [&results, name = name, measure = measure](benchmark::State& state) {
                Measured measured;
                for (auto _ : state) {
                    measured = measure();
                    state.SetIterationTime(measured.ours);
                }
                if (measured.rival == 0)
                    return;
                state.counters["rival_us"] = 1e6 * measured.rival;
                state.counters["ratio"] = measured.rival / measured.ours;
                results.push_back({{"name", name},
                                   {"ratio", measured.rival / measured.ours},
                                   {"ours", measured.ours},
                                   {"rival", measured.rival},
                                   {"unit", "s"}});
            })
            ->UseManualTime()
            ->Iterations(1)
            ->Unit(benchmark::kMicrosecond);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    if (!file.empty())
        std::ofstream(file) << results.dump(1) << '\n';
    return 0;
}
