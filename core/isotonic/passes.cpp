// SPDX-License-Identifier: GPL-3.0-or-later
#include "isotonic/passes.h"

#include <algorithm>
#include <bit>
#include <cstdint>

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

    /// The run ends before point `end` if lane 0 of `rises` says so; `next` begins the next run or
    /// joins this one. Both lanes of `rises` agree.
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

/// The falling stretches of the points of `input`, at most pieceSize and at least one.
template <bool weighted>
void poolPoints(Piece& piece, const Input& input, double sign)
{
    const auto value = [&](std::size_t i) { return sign * input.values[i]; };
    const auto point = [&](std::size_t i) {
        if constexpr (weighted)
            return Pair{value(i) * input.weights[i], input.weights[i]};
        else
            return Pair{value(i), 1};
    };
    Writer writer{piece, point(0)};
    std::uint32_t i = 1;
    for (; i < input.size(); ++i) {
        const Mask rises = Pair{value(i - 1), value(i - 1)} < Pair{value(i), value(i)};
        writer.add(rises, i, point(i));
    }
    writer.finish(i);
}

/// The falling stretches of the runs.
void poolRuns(Piece& piece)
{
    Pair last = piece.runs[0];
    Writer writer{piece, last};
    for (std::size_t i = 1; i < piece.size; ++i) {
        const Pair next = piece.runs[i];
        // {sum * next weight, weight * next sum}
        const Pair cross = last * __builtin_shufflevector(next, next, 1, 0);
        const Mask rises = __builtin_shufflevector(cross, cross, 0, 0) <
                           __builtin_shufflevector(cross, cross, 1, 1);
        writer.add(rises, piece.ends[i - 1], next);
        last = next;
    }
    writer.finish(piece.ends[piece.size - 1]);
}

void poolPiece(Piece& piece, const Input& input, double sign)
{
    if (input.weights.empty())
        poolPoints<false>(piece, input, sign);
    else
        poolPoints<true>(piece, input, sign);
    // Each pass that goes on has removed a quarter at least, so that all cost less than four times
    // the first.
    constexpr std::size_t few = 8;
    for (std::size_t before = input.size(); piece.size > few && piece.size < before - before / 4;) {
        before = piece.size;
        poolRuns(piece);
    }
}

} // namespace

SumRuns poolInPasses(const Input& input, std::size_t begin, std::size_t end, double sign)
{
    // As many as there may be; memory that is not written is not used.
    SumRuns runs{std::make_unique_for_overwrite<SumRun[]>(end - begin), 0, 0};
    SumRun* const bottom = runs.place.get();
    SumRun* top = bottom;
    Piece piece;
    for (std::size_t start = begin; start < end; start += pieceSize) {
        poolPiece(piece, input.part(start, std::min(end, start + pieceSize)), sign);
        for (std::size_t i = 0; i < piece.size; ++i) {
            SumRun run{piece.runs[i][0], piece.runs[i][1], start + piece.ends[i]};
            while (top != bottom && violate(top[-1], run))
                run = pooled(*--top, run);
            *top++ = run;
        }
    }
    runs.last = static_cast<std::size_t>(top - bottom);
    return runs;
}

} // namespace monotail::detail
