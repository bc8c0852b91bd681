// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "backbone/backbone.h"
#include "base/error.h"
#include "evaluate/scorer.h"
#include "extract/network.h"
#include "platform/atomic_file.h"
#include "retrain/trainer.h"

namespace monotail {

/// What needs LibTorch, behind an interface without it. The library that implements it,
/// libmonotail_torch, is loaded when first asked for: LibTorch costs 0.35 s and 150 MB, and most of
/// the program does without.
class TorchEngine
{
public:
    virtual ~TorchEngine() = default;
    virtual std::string version() const = 0; ///< "1.13.0"
    virtual std::string blas() const = 0;    ///< "OpenBLAS"; empty if it cannot be told
    /// What the user should know, such as a reference BLAS that makes everything slow.
    virtual Warnings warnings() const = 0;
    /// 0 = leave as it is.
    virtual void setThreads(int threads) const = 0;
    /// `device`: "auto" (CUDA if there is a device, else CPU), "cpu", "cuda" or "cuda:N". Throws
    /// Error if there is no such device.
    virtual std::unique_ptr<Scorer> makeScorer(const std::string& device) const = 0;
    /// Room for N x C scores on that device, whatever it is; null if it has not the memory.
    virtual std::unique_ptr<DeviceScores>
    makeScores(const std::string& device, std::int64_t samples, std::int64_t classes) const = 0;
    /// The network of the plan with the checkpoint's tensors. Throws Error if there is no such
    /// device, or it cannot compute in this precision.
    virtual std::unique_ptr<FeatureNetwork> makeNetwork(const Checkpoint& checkpoint,
                                                        const BackbonePlan& plan,
                                                        const NetworkOptions& options) const = 0;
    /// A TorchScript module. `head`, where the file has one, tells what its features are: the input
    /// of the product with the head's weight; without one its output is taken for features. Runs
    /// the code in the file.
    virtual std::unique_ptr<FeatureNetwork>
    makeScriptedNetwork(const std::filesystem::path& file, const std::optional<HeadCandidate>& head,
                        const NetworkOptions& options) const = 0;
    /// Trains heads on these features. Throws Error if there is no such device or not the memory.
    virtual std::unique_ptr<HeadTrainer> makeTrainer(const std::string& device,
                                                     TrainingData data) const = 0;
    /// Writes a head that normalises its features (unitParts > 0) as a TorchScript module: features
    /// N x D to logits N x C. Throws Error if it cannot be written there.
    virtual void writeScriptedHead(const ClassifierHead& head, const std::filesystem::path& target,
                                   Overwrite overwrite) const = 0;
};

/// To be called first in main(), before there are threads. OpenBLAS's threads wait for more work by
/// spinning, 26 ms after each product, and would take the processors from ours meanwhile; now they
/// rest after half a millisecond. What the user's environment says stays.
void prepareTorchEngine();

/// Throws Error that says where the library was looked for and why it could not be loaded.
std::shared_ptr<const TorchEngine> loadTorchEngine();

} // namespace monotail
