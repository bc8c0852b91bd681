// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "checkpoint/head_search.h"

namespace monotail {

/// What a state_dict cannot tell and was assumed, or the user's word for it.
struct BackboneAssumption
{
    std::string key;    ///< "strides", "max-pool", "bottleneck-stride", "eps", "shortcut", ...
    std::string value;  ///< "1-2-2-2", "yes", "second", "1e-05", "pad-both"
    std::string reason; ///< why, in words: "as torchvision's ResNet with a 7 x 7 stem"
    bool isOverridden = false;

    bool operator==(const BackboneAssumption&) const = default;
};

/// The user's words for what is assumed, by key.
using BackboneOptions = std::map<std::string, std::string>;
/// "max-pool=no,eps=1e-3". Throws Error listing the keys and their values.
BackboneOptions parseBackboneOptions(const std::string& text);

/// A convolution, and the batch normalisation behind it, by the names of their tensors.
struct ConvolutionPlan
{
    std::string weight;
    std::string bias;  ///< empty if there is none
    std::string scale; ///< batch norm's weight and bias; empty if it has none
    std::string shift;
    std::string mean; ///< its running_mean and running_var; empty if there is no batch norm
    std::string variance;
    std::int64_t stride = 1;
    std::int64_t padding = 0;
    std::int64_t groups = 1;

    bool operator==(const ConvolutionPlan&) const = default;
};

enum class Shortcut {
    Identity,
    Convolution,
    PadChannels, ///< without parameters: every stride-th pixel, new channels of zeros on both sides
    PadChannelsAtEnd, ///< the same with all new channels behind the old ones
};

struct ResidualBlockPlan
{
    std::vector<ConvolutionPlan> convolutions; ///< 2 (basic) or 3 (bottleneck)
    Shortcut shortcut = Shortcut::Identity;
    ConvolutionPlan projection; ///< of Shortcut::Convolution
    std::int64_t stride = 1;
    std::int64_t inputs = 0; ///< channels
    std::int64_t outputs = 0;

    bool operator==(const ResidualBlockPlan&) const = default;
};

/// A residual network up to the global average, as rebuilt from names and shapes alone.
struct BackbonePlan
{
    std::string family; ///< for people: "ResNet-10 (torchvision names, basic blocks 1-1-1-1)"
    std::string prefix; ///< of its tensors: "state_dict.module."
    ConvolutionPlan stem;
    bool maxPool = false; ///< 3 x 3, stride 2, padding 1, after the stem
    std::vector<ResidualBlockPlan> blocks;
    double eps = 1e-5; ///< of batch normalisation
    std::int64_t inputChannels = 3;
    std::int64_t features = 0; ///< D
    std::vector<BackboneAssumption> assumptions;
    Warnings warnings;

    bool operator==(const BackbonePlan&) const = default;
};

/// The backbone in front of this head. Throws Error that names what was recognised, what was not,
/// and dump_features.py as the way out.
BackbonePlan planBackbone(const Checkpoint& checkpoint, const HeadCandidate& head,
                          const BackboneOptions& options = {});
/// What is assumed, in one line for equal plans: part of the cache's key, and kept in files.
std::string describe(const BackbonePlan& plan);

/// What can be shown of a file: its plan, or the sentence that says why there is none.
struct BackboneFinding
{
    std::optional<BackbonePlan> plan;
    std::string reason; ///< without the file's name
};
/// In front of the best head. Throws Error only if the user's options do not fit, or if there are
/// options and no plan.
BackboneFinding findBackbone(const Checkpoint& checkpoint, const HeadSearch& heads,
                             const BackboneOptions& options = {});

} // namespace monotail
