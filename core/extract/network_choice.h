// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "extract/open_images.h"

namespace monotail {

/// Which network a checkpoint's images go through.
struct NetworkChoice
{
    std::optional<HeadCandidate> head; ///< that the features are for
    std::string key;                   ///< of everything about it that affects the features
    std::string description;           ///< for people
    std::string plan;                  ///< with every assumption; see describe(BackbonePlan)
    std::string backboneDigest;
    std::string headDigest; ///< of the head whose logits it puts out itself; empty: it does not
    Warnings warnings;
    std::function<std::unique_ptr<FeatureNetwork>(const NetworkOptions&)> make;
};

/// A TorchScript module, or a backbone rebuilt from the tensors in front of the head; where several
/// heads are equally good, the first that such a backbone fits. What it refers to must outlive it.
NetworkChoice chooseNetwork(const ImageProblem& problem, const TorchEngine& engine);

/// SHA-256 of what the list says and, for files, of their sizes and times; for arrays, of the
/// pixels.
std::string digestOf(const ImageList& images);

} // namespace monotail
