// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "checkpoint/head.h"
#include "checkpoint/patch.h"

/// What planning a head's edits is made of.
namespace monotail {

/// The number of class `c` at feature `d`, before it is scaled, where `stored` is in the file.
using BaseNumber = std::function<double(std::size_t c, std::size_t d, double stored)>;

/// The tensor's numbers, one or a row of them for each stored row of the head, with those of each
/// class made `base` times the class's `scale` (C). The background row stays as it is. Throws Error
/// for a tensor that is not floating, for numbers that its type cannot hold, and where all that is
/// not scaled by 0 of a class is lost to rounding.
TensorPatch changedTensor(const Checkpoint& checkpoint, const Tensor& tensor,
                          const HeadCandidate& head, const std::vector<double>& scale,
                          const BaseNumber& base);

/// The bias tensor with these numbers, one for each stored row, in place of those it has. Throws
/// Error as changedTensor() does.
TensorPatch changedBias(const Tensor& tensor, const HeadCandidate& head,
                        const std::vector<double>& stored, std::vector<double> wanted);

/// Throws Error unless there is one finite number for each class in both, and `rows`, if there are
/// any, are C x D and finite.
void checkChange(const ClassifierHead& head, const std::vector<double>& scale,
                 const std::vector<double>& bias, const RowMatrix* rows);

/// The weight and bias of each expert, or the head's own.
std::vector<HeadPart> partsOf(const HeadCandidate& head);

/// What the bias that stands beside this weight is called.
std::string biasNameFor(const std::string& weight);

} // namespace monotail
