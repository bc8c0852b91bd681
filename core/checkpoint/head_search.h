// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/checkpoint.h"

namespace monotail {

enum class HeadKind {
    Linear,          ///< logits = W f + b
    Lws,             ///< logits = scales * (W f + b), one learned scale per class
    Cosine,          ///< rows and features are normalised in the forward pass: norms have no effect
    WeightNorm,      ///< rows = magnitude * direction / |direction|, each in a tensor of its own
    Samn,            ///< the published SAMN head: row norms and a bias from two monotone modules
    Experts,         ///< the mean of several linear heads, each on features of its own
    SampleDependent, ///< the logits are mixed by a confidence computed from each sample (DisAlign)
};
enum class Orientation { ClassByFeature, FeatureByClass };
/// Which row of the stored weight is no class but "background" or "no object".
enum class BackgroundRow { None, First, Last };

/// One of several linear heads.
struct HeadPart
{
    std::string weight;
    std::string bias; ///< empty if there is none

    bool operator==(const HeadPart&) const = default;
};

/// A tensor that may be the classifier's weight, with what stands beside it.
struct HeadCandidate
{
    std::string weight;    ///< weight norm: the directions; experts: the first one's
    std::string bias;      ///< empty if there is none; experts: the first one's
    std::string scales;    ///< LWS: the scale tensor's name
    std::string magnitude; ///< weight norm: the magnitudes, one number per class
    std::string factor; ///< cosine: the one number that multiplies all logits, if the file has it
    std::vector<HeadPart> experts; ///< two or more of them, or none
    std::int64_t classes = 0;      ///< without the background row
    std::int64_t features = 0;     ///< of all experts together
    HeadKind kind = HeadKind::Linear;
    Orientation orientation = Orientation::ClassByFeature;
    BackgroundRow background = BackgroundRow::None;
    std::optional<double> logitScale; ///< cosine: the factor as the user gave it
    std::string reason;               ///< why it is offered, in words

    bool operator==(const HeadCandidate&) const = default;
};

/// What the user knows or wants; every field is optional.
struct HeadQuery
{
    std::string name; ///< any unique suffix of a tensor's name; empty = find it
    std::optional<std::int64_t> classes;
    std::optional<HeadKind> kind; ///< Linear, Lws or Cosine
    std::optional<BackgroundRow> background;
    std::optional<double> logitScale; ///< of a cosine head
    bool transposed = false;

    bool operator==(const HeadQuery&) const = default;
};

struct HeadSearch
{
    std::vector<HeadCandidate> candidates; ///< best first
    std::size_t tied = 0; ///< how many of the first candidates are equally good: > 1 is ambiguous
    /// Matrices that are more likely hidden layers, projections or embeddings; --head takes them.
    std::vector<HeadCandidate> passedOver;
    Warnings notes; ///< what was left out, and why
};

std::string_view nameOf(HeadKind kind);
std::string_view nameOf(Orientation orientation);
std::string_view nameOf(BackgroundRow row); ///< "none", "first", "last"
/// Throws Error listing the names.
HeadKind parseHeadKind(std::string_view name);
BackgroundRow parseBackgroundRow(std::string_view name);

HeadSearch findHeads(const Checkpoint& checkpoint, const HeadQuery& query);
/// The one head, or Error: no head (what there is), ambiguous (which, and --head NAME), --head
/// names nothing or several, the known class count fits none.
HeadCandidate chooseHead(const Checkpoint& checkpoint, const HeadQuery& query);

} // namespace monotail
