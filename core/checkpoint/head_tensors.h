// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "checkpoint/head.h"

namespace monotail {

/// The tensor, or Error.
const Tensor& tensorNamed(const Checkpoint& checkpoint, const std::string& name);

/// Every tensor that the candidate names.
std::vector<std::string> tensorNamesOf(const HeadCandidate& head);

/// All numbers of a tensor that should have `count` of them.
std::vector<double> numbersOf(const Checkpoint& checkpoint, const std::string& name,
                              std::int64_t count);
/// Throws Error for numbers that are not finite in float32; they are those of `classes` classes,
/// one class after the other, and came from the tensor `name`. `what`: "weight", "scale".
void checkFinite(const Checkpoint& checkpoint, const std::string& name,
                 const std::vector<double>& numbers, std::int64_t classes, std::string_view what);

/// Where the numbers of class `c` stand in the stored weight, background rows and orientation
/// taken into account: element (c, d) is at first + d * step.
struct RowPlace
{
    std::size_t first = 0;
    std::size_t step = 1;
};
/// `features`: of one stored row.
RowPlace placeOfRow(const HeadCandidate& head, std::int64_t features, std::int64_t c);
/// How many rows are stored: the classes and the background.
std::int64_t storedRows(const HeadCandidate& head);
/// The row of class `c` among them.
std::int64_t storedRow(const HeadCandidate& head, std::int64_t c);

/// A head's effective numbers in float64: weight C x D in row-major order, bias C.
struct FoldedHead
{
    std::vector<double> weight;
    std::vector<double> bias;
    std::vector<double> norms;
};

/// The published SAMN head: w/|w| * exp(g), exp(h) + b, with g and h from the monotone modules
/// fix_norms_w and fix_norms_b (arXiv 2606.02526).
FoldedHead foldSamnHead(const Checkpoint& checkpoint, const HeadCandidate& head);

} // namespace monotail
