// SPDX-License-Identifier: GPL-3.0-or-later
#include "isotonic/isotonic_fit.h"

#include <algorithm>
#include <thread>

#include "base/workers.h"
#include "isotonic/passes.h"
#include "isotonic/pool.h"

namespace monotail {

namespace {

using detail::Input;
using detail::SumRun;

/// What one thread fits alone. Fixed, so that the result does not depend on the number of threads.
constexpr std::size_t sectionSize = 32'768;

struct Section
{
    detail::SumRuns runs;
    detail::Extremes extremes;
};

/// A thread takes as long to start as a section to fit. Asking for the number of processors takes
/// half as long as fitting 8,000 points.
int helpful(int threads, std::size_t sections)
{
    const auto paying = static_cast<int>(sections / 8);
    if (paying < 2)
        return 1;
    const int there = threads > 0 ? threads : static_cast<int>(std::thread::hardware_concurrency());
    return std::max(1, std::min(paying, there));
}

std::vector<Section> fitSections(const Input& input, double sign, int threads)
{
    std::vector<Section> sections((input.size() + sectionSize - 1) / sectionSize);
    const Workers workers(helpful(threads, sections.size()));
    workers.run(static_cast<std::int64_t>(sections.size()), [&](std::int64_t index) {
        const auto s = static_cast<std::size_t>(index);
        const std::size_t begin = s * sectionSize;
        const std::size_t end = std::min(input.size(), begin + sectionSize);
        sections[s].extremes = detail::extremesOf(input.part(begin, end));
        sections[s].runs = detail::poolInPasses(input, begin, end, sign);
    });
    return sections;
}

/// Pools across the seams. A run that spans sections lies in its last one.
void join(std::vector<Section>& sections)
{
    std::vector<detail::SumRuns*> before; // those with runs left
    for (Section& section : sections) {
        detail::SumRuns& here = section.runs;
        SumRun run = here.place[here.first];
        for (;;) {
            if (!before.empty() && violate(before.back()->place[before.back()->last - 1], run)) {
                detail::SumRuns& left = *before.back();
                run = pooled(left.place[--left.last], run);
                if (left.first == left.last)
                    before.pop_back();
            } else if (here.first + 1 < here.last && violate(run, here.place[here.first + 1])) {
                run = pooled(run, here.place[++here.first]);
            } else {
                break;
            }
        }
        here.place[here.first] = run;
        before.push_back(&here);
    }
}

/// Equal points keep their value to the last bit.
double valueOf(const SumRun& run, std::size_t begin, const Input& input, double sign)
{
    const bool isPoint = run.end - begin == 1;
    const double first = input.values[begin];
    if (!isPoint && first == input.values[run.end - 1]) {
        const auto values = input.values.subspan(begin, run.end - begin);
        if (std::all_of(values.begin(), values.end(), [=](double v) { return v == first; }))
            return first;
    }
    return isPoint ? first : sign * run.sum / run.weight;
}

std::vector<Block> asBlocks(const std::vector<Section>& sections, const Input& input, double sign)
{
    std::size_t count = 0;
    for (const Section& section : sections)
        count += section.runs.last - section.runs.first;
    std::vector<Block> blocks;
    blocks.reserve(count);
    double last = -std::numeric_limits<double>::infinity();
    std::size_t begin = 0;
    for (const Section& section : sections)
        for (std::size_t r = section.runs.first; r < section.runs.last; ++r) {
            const SumRun& run = section.runs.place[r];
            const double value = valueOf(run, begin, input, sign);
            if (sign * value > last) {
                // Written where it lies: a copy would wait for its own parts.
                Block& block = blocks.emplace_back();
                block.begin = begin;
                block.end = run.end;
                block.value = value;
                block.weight = run.weight;
                last = sign * value;
            } else {
                // The means differ by less than their rounding.
                blocks.back().end = run.end;
                blocks.back().weight += run.weight;
            }
            begin = run.end;
        }
    return blocks;
}

/// The value of every point. Goes through a small buffer, so that the vector is written once and
/// not with zeros first; a small block is written as four points, the next begins where it ends.
std::vector<double> spread(const std::vector<Block>& blocks, std::size_t size)
{
    constexpr std::size_t bufferSize = 1024, atOnce = 4;
    double buffer[bufferSize + atOnce];
    std::vector<double> fitted;
    fitted.reserve(size);
    std::size_t used = 0;
    for (const Block& block : blocks) {
        std::fill_n(buffer + used, atOnce, block.value);
        if (block.size() > atOnce) {
            fitted.insert(fitted.end(), buffer, buffer + used);
            fitted.insert(fitted.end(), block.size(), block.value);
            used = 0;
            continue;
        }
        used += block.size();
        if (used >= bufferSize) {
            fitted.insert(fitted.end(), buffer, buffer + used);
            used = 0;
        }
    }
    fitted.insert(fitted.end(), buffer, buffer + used);
    return fitted;
}

std::vector<Block> blocksOf(const Input& input, Monotone direction, int threads)
{
    const double sign = direction == Monotone::NonDecreasing ? 1 : -1;
    std::vector<Section> sections = fitSections(input, sign, threads);
    detail::Extremes extremes;
    for (const Section& section : sections)
        extremes = detail::joined(extremes, section.extremes);
    detail::checkExtremes(extremes, input);
    if (detail::magnitudesOf(extremes) == detail::Magnitudes::Extreme)
        return detail::poolByPoint(input, direction, [](const auto&...) {});
    join(sections);
    return asBlocks(sections, input, sign);
}

IsotonicFit fitOf(const Input& input, Monotone direction, int threads)
{
    IsotonicFit fit;
    fit.blocks = blocksOf(input, direction, threads);
    fit.fitted = spread(fit.blocks, input.size());
    return fit;
}

} // namespace

IsotonicFit isotonicFit(std::span<const double> values, std::span<const double> weights,
                        Monotone direction, int threads)
{
    detail::checkSizes(values, weights);
    return fitOf({values, weights}, direction, threads);
}

IsotonicFit isotonicFit(std::span<const double> values, Monotone direction, int threads)
{
    return fitOf({values, {}}, direction, threads);
}

std::vector<Block> changedBlocks(const IsotonicFit& before, const IsotonicFit& after)
{
    std::vector<Block> changed;
    auto old = before.blocks.begin();
    for (const Block& block : after.blocks) {
        while (old != before.blocks.end() && old->begin < block.begin)
            ++old;
        const bool same = old != before.blocks.end() && old->begin == block.begin &&
                          old->end == block.end && old->value == block.value;
        if (!same)
            changed.push_back(block);
    }
    return changed;
}

} // namespace monotail
