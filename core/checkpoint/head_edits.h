// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "checkpoint/head.h"
#include "checkpoint/patch.h"

namespace monotail {

/// A tensor that the file does not have yet, one number for each stored row.
struct TensorAddition
{
    std::string name;   ///< "fc.bias"
    std::string beside; ///< the weight whose type it gets
    std::vector<double> values;
};

/// What has to change in a checkpoint for its head to become another.
struct HeadEdits
{
    std::vector<TensorPatch> patches;
    std::vector<TensorAddition> additions; ///< biases of a head that has none
};

/// The edits that scale the head's rows by `scale` (C) and make its effective bias `bias` (C).
/// Linear and experts: weights and, if they change, biases; LWS: the scale tensor and, if needed,
/// the bias under it; weight norm: the magnitudes. A background row stays as it is.
///
/// With `rows` (C x D, a trained head's) these take the place of the head's own before they are
/// scaled. Experts: each gets its D/E columns, times E; LWS: the scales become 1; weight norm:
/// directions and magnitudes; all biases become `bias`.
///
/// Throws Error for a head whose norms have no effect or that has no such tensors (cosine, SAMN),
/// and where a class that is not scaled by 0 would lose all its weights to rounding.
HeadEdits planHeadEdits(const Checkpoint& checkpoint, const ClassifierHead& head,
                        const std::vector<double>& scale, const std::vector<double>& bias,
                        const RowMatrix* rows = nullptr);

/// Whether the head's tensors can hold what planHeadEdits() asks for. A SAMN head's cannot, nor
/// those of a cosine head: they become a plain linear head in a new file, see planPlainEdits().
bool becomesPlain(const HeadCandidate& head);

} // namespace monotail
