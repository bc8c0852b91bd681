// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/matrix.h"
#include "checkpoint/checkpoint.h"

namespace monotail {

enum class HeadKind {
    Linear, ///< logits = W f + b
    Lws,    ///< logits = scales * (W f + b), one learned scale per class
    Cosine, ///< rows are normalised in the forward pass: norms have no effect
};
enum class Orientation { ClassByFeature, FeatureByClass };

/// A tensor that may be the classifier's weight, with what stands beside it.
struct HeadCandidate
{
    std::string weight;
    std::string bias;   ///< empty if there is none
    std::string scales; ///< LWS: the scale tensor's name
    std::int64_t classes = 0;
    std::int64_t features = 0;
    HeadKind kind = HeadKind::Linear;
    Orientation orientation = Orientation::ClassByFeature;
    std::string reason; ///< why it is offered, in words

    bool operator==(const HeadCandidate&) const = default;
};

/// What the user knows or wants; every field is optional.
struct HeadQuery
{
    std::string name; ///< any unique suffix of a tensor's name; empty = find it
    std::optional<std::int64_t> classes;
    std::optional<HeadKind> kind;
    bool transposed = false;
};

struct HeadSearch
{
    std::vector<HeadCandidate> candidates; ///< best first
    std::size_t tied = 0; ///< how many of the first candidates are equally good: > 1 is ambiguous
};

std::string_view nameOf(HeadKind kind);
std::string_view nameOf(Orientation orientation);

HeadSearch findHeads(const Checkpoint& checkpoint, const HeadQuery& query);
/// The one head, or Error: no head (what there is), ambiguous (which, and --head NAME), --head
/// names nothing or several, the known class count fits none.
HeadCandidate chooseHead(const Checkpoint& checkpoint, const HeadQuery& query);

/// A head's numbers as the forward pass uses them: LWS scales are folded into weight and bias.
struct ClassifierHead
{
    HeadCandidate source;
    RowMatrix weight;          ///< C x D
    Eigen::VectorXf bias;      ///< C; zeros if the head has none
    std::vector<double> norms; ///< C, L2 norm of each row, from the stored values in float64

    std::int64_t classes() const { return weight.rows(); }
    std::int64_t features() const { return weight.cols(); }
    bool hasBias() const { return !source.bias.empty(); }
};

/// Throws Error for weights that are all zero, or not finite (naming the first such class).
ClassifierHead readHead(const Checkpoint& checkpoint, const HeadCandidate& candidate);

/// SHA-256 of weight then bias as contiguous float32 (no bias: weight alone); tells heads apart.
std::string headDigest(const ClassifierHead& head);
/// SHA-256 over every tensor beside the head (in its state_dict or module) but the head's own and
/// the batch counters, in order of name: name NUL dtype NUL comma-joined shape NUL bytes. Names
/// leave out the state_dict's own path and "module."
/// Features and checkpoints of one backbone agree in it.
std::string backboneDigest(const Checkpoint& checkpoint, const HeadCandidate& candidate);

/// The accuracy that the file itself claims, in percent, if it has one: that of the saved epoch
/// ("acc1", "acc", "test_acc", "val_acc", ...) before the best ("best_acc1", "best_acc",
/// "best_prec1", ...), a number or a tensor of one. Real numbers up to 1 are taken for fractions;
/// 0 and numbers that are no accuracy are passed over.
struct StoredAccuracy
{
    std::string name;
    double percent = 0;
};
std::optional<StoredAccuracy> storedAccuracy(const Checkpoint& checkpoint);

} // namespace monotail
