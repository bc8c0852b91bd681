// SPDX-License-Identifier: GPL-3.0-or-later
#include "isotonic/passes.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>

#include "isotonic/pair.h"

/// A loop that pools one violator after the other waits for mispredicted branches, about one per
/// point of noise. Here passes without branches do most of the work: two neighbours that violate
/// share a block of the fit whatever is around them, so one pass may pool all falling stretches at
/// once. On noise every pass halves the runs. The loop then pools what is left.
namespace monotail::detail {

namespace {

/// Points that are pooled together first: few enough for the first-level cache.
constexpr std::size_t pieceSize = 1024;

struct Piece
{
    /// {sum, weight}
    Pair runs[pieceSize];
    std::uint32_t ends[pieceSize];
    std::size_t size = 0;
};

/// Writes runs behind the place that is read, so that a piece is pooled where it lies.
struct Writer
{
    Piece& piece;
    Pair run;
    std::size_t made = 0;

    /// The run ends before point `end` if `rises` says so; `next` begins the next run or joins this
    /// one. Both lanes of `rises` agree.
    void add(Mask rises, std::uint32_t end, Pair next)
    {
        piece.runs[made] = run;
        piece.ends[made] = end;
        made -= static_cast<std::size_t>(rises[0]);
        run = std::bit_cast<Pair>(std::bit_cast<Mask>(run) & ~rises) + next;
    }

    void finish(std::uint32_t end)
    {
        piece.runs[made] = run;
        piece.ends[made] = end;
        piece.size = made + 1;
    }
};

/// Finds the falling stretches of points.
template <bool weighted>
class PointWalk
{
public:
    PointWalk(Piece& piece, const Input& input, double sign)
        : m_input(input), m_sign(sign), m_writer{piece, point(0)}
    {}

    std::size_t size() const { return m_input.size(); }
    void step(std::size_t i)
    {
        const Mask rises = Pair{value(i - 1), value(i - 1)} < Pair{value(i), value(i)};
        m_writer.add(rises, static_cast<std::uint32_t>(i), point(i));
    }
    void finish() { m_writer.finish(static_cast<std::uint32_t>(size())); }

private:
    double value(std::size_t i) const { return m_sign * m_input.values[i]; }
    Pair point(std::size_t i) const
    {
        if constexpr (weighted)
            return Pair{value(i) * m_input.weights[i], m_input.weights[i]};
        else
            return Pair{value(i), 1};
    }

    Input m_input;
    double m_sign;
    Writer m_writer;
};

/// Finds the falling stretches of a piece's runs.
class RunWalk
{
public:
    explicit RunWalk(Piece& piece)
        : m_size(piece.size), m_end(piece.ends[piece.size - 1]),
          m_last(piece.runs[0]), m_writer{piece, piece.runs[0]}
    {}

    std::size_t size() const { return m_size; }
    void step(std::size_t i)
    {
        const Pair next = m_writer.piece.runs[i];
        // {sum * next weight, weight * next sum}
        const Pair cross = m_last * __builtin_shufflevector(next, next, 1, 0);
        const Mask rises = __builtin_shufflevector(cross, cross, 0, 0) <
                           __builtin_shufflevector(cross, cross, 1, 1);
        m_writer.add(rises, m_writer.piece.ends[i - 1], next);
        m_last = next;
    }
    void finish() { m_writer.finish(m_end); }

private:
    std::size_t m_size;
    std::uint32_t m_end;
    Pair m_last;
    Writer m_writer;
};

/// Two walks in step: each addition waits for the one before, and here one of the other walk fits
/// in between.
template <typename Walk>
void walk(Walk a, Walk b)
{
    const std::size_t both = std::min(a.size(), b.size());
    for (std::size_t i = 1; i < both; ++i) {
        a.step(i);
        b.step(i);
    }
    for (std::size_t i = both; i < a.size(); ++i)
        a.step(i);
    for (std::size_t i = both; i < b.size(); ++i)
        b.step(i);
    a.finish();
    b.finish();
}

void poolPieces(Piece& a, const Input& inputA, Piece& b, const Input& inputB, double sign)
{
    if (inputA.weights.empty())
        walk(PointWalk<false>(a, inputA, sign), PointWalk<false>(b, inputB, sign));
    else
        walk(PointWalk<true>(a, inputA, sign), PointWalk<true>(b, inputB, sign));
    // A pass removes an eighth at least or is the last: all cost less than eight times the first.
    constexpr std::size_t few = 16;
    std::size_t before = inputA.size() + inputB.size();
    for (std::size_t size = a.size + b.size; size > few && size < before - before / 8;
         size = a.size + b.size) {
        before = size;
        walk(RunWalk(a), RunWalk(b));
    }
}

/// A stack of runs of rising mean.
struct Stack
{
    SumRun* bottom;
    SumRun* top = bottom;

    void push(SumRun run)
    {
        while (top != bottom && violate(top[-1], run))
            run = pooled(*--top, run);
        *top++ = run;
    }
    void push(const Piece& piece, std::size_t start)
    {
        for (std::size_t i = 0; i < piece.size; ++i)
            push({piece.runs[i][0], piece.runs[i][1], start + piece.ends[i]});
    }
};

} // namespace

SumRuns poolInPasses(const Input& input, std::size_t begin, std::size_t end, double sign)
{
    // As many as there may be.
    SumRuns runs{std::make_unique_for_overwrite<SumRun[]>(end - begin), 0, 0};
    Stack stack{runs.place.get()};
    Piece first, second;
    for (std::size_t start = begin, stop; start < end; start = stop) {
        stop = std::min(end, start + 2 * pieceSize);
        const std::size_t middle = start + (stop - start) / 2;
        if (middle == start) {
            const double weight = input.weight(start);
            stack.push({sign * input.values[start] * weight, weight, stop});
            continue;
        }
        poolPieces(first, input.part(start, middle), second, input.part(middle, stop), sign);
        stack.push(first, start);
        stack.push(second, middle);
    }
    runs.last = static_cast<std::size_t>(stack.top - stack.bottom);
    if (runs.last < (end - begin) / 2) {
        auto place = std::make_unique_for_overwrite<SumRun[]>(runs.last);
        std::copy(stack.bottom, stack.top, place.get());
        runs.place = std::move(place);
    }
    return runs;
}

} // namespace monotail::detail
