// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "checkpoint/head_edits.h"

/// A head whose tensors cannot hold what is wanted becomes a plain linear one, which needs a new
/// file: SAMN, and cosine heads that were retrained.
namespace monotail {

/// Weights C x D (each expert's of a cosine head C x D/E) and biases of the plain head that works
/// as the SAMN head does or, with `rows` (C x D), has these; the rows scaled by `scale` (C), the
/// bias `bias` (C). Throws Error for a background row, which was compared as the old rows were.
HeadEdits planPlainEdits(const Checkpoint& checkpoint, const ClassifierHead& head,
                         const std::vector<double>& scale, const std::vector<double>& bias,
                         const RowMatrix* rows);

/// The shape of a tensor of the head once it is plain: weights become C x D whatever they were.
std::vector<std::int64_t> plainShape(const HeadCandidate& head, const Tensor& tensor);

/// Whether the plain head no longer has this tensor: norm modules, the factor of cosine logits.
bool isLeftOut(const HeadCandidate& head, const std::string& tensor);

/// The plain head's place, under the names of the source.
HeadCandidate plainCandidate(HeadCandidate head);

} // namespace monotail
