// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "backbone/backbone.h"
#include "extract/network.h"

namespace monotail {

/// See TorchEngine::makeNetwork.
std::unique_ptr<FeatureNetwork> makeResidualNetwork(const Checkpoint& checkpoint,
                                                    const BackbonePlan& plan,
                                                    const NetworkOptions& options);
/// See TorchEngine::makeScriptedNetwork.
std::unique_ptr<FeatureNetwork> makeScriptNetwork(const std::filesystem::path& file,
                                                  const std::optional<HeadCandidate>& head,
                                                  const NetworkOptions& options);

/// Where and in which type a network computes.
struct Placement
{
    at::Device device = at::kCPU;
    at::ScalarType type = at::kFloat;
};
/// Throws Error if there is no such device, or it cannot compute in this precision.
Placement placementOf(const NetworkOptions& options);

/// Rows as the core holds them, float32.
RowMatrix matrixOf(const at::Tensor& rows);

/// Does the work of one batch, LibTorch's exceptions as OutOfDeviceMemory or Error.
NetworkOutput runTranslated(const std::string& device, const ImageBatch& batch,
                            const std::function<NetworkOutput()>& work);

} // namespace monotail
