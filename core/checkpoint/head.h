// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/matrix.h"
#include "checkpoint/head_search.h"

namespace monotail {

struct SamnRaw;

/// A head's numbers as the forward pass uses them: scales, magnitudes and SAMN's monotone modules
/// are folded into weight and bias, experts stand side by side (C x E*D, each divided by E), the
/// rows of a cosine head have unit length times its factor.
struct ClassifierHead
{
    HeadCandidate source;
    RowMatrix weight;          ///< C x D
    Eigen::VectorXf bias;      ///< C; zeros if the head has none
    std::vector<double> norms; ///< C, L2 norm of each row in float64; cosine: of the stored rows
    /// Into how many equal parts a feature vector is cut to normalise each; 0: it is used as it is.
    std::int64_t unitParts = 0;
    /// What a SAMN head learned, for training to go on from; null for other heads.
    std::shared_ptr<const SamnRaw> samn;
    Warnings warnings; ///< what the file does not say and was assumed

    std::int64_t classes() const { return weight.rows(); }
    std::int64_t features() const { return weight.cols(); }
    bool hasBias() const { return !source.bias.empty() || source.kind == HeadKind::Samn; }
};

/// Throws Error for weights that are all zero, or not finite (naming the first such class), and for
/// heads whose logits depend on more than W f + b.
ClassifierHead readHead(const Checkpoint& checkpoint, const HeadCandidate& candidate);

/// SHA-256 of weight then bias as contiguous float32 (no bias: weight alone); tells heads apart.
std::string headDigest(const ClassifierHead& head);
/// SHA-256 over every tensor beside the head (in its state_dict or module) but the head's own and
/// the batch counters, in order of name: name NUL dtype NUL comma-joined shape NUL bytes. Names
/// leave out the state_dict's own path and "module."
/// Features and checkpoints of one backbone agree in it.
std::string backboneDigest(const Checkpoint& checkpoint, const HeadCandidate& candidate);

} // namespace monotail
