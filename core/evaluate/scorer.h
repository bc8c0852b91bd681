// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/progress.h"
#include "checkpoint/head.h"
#include "dataset/features.h"

namespace monotail {

/// Rows [begin, begin + z.rows()) of z = features * W^T, N x C float32, without bias.
using ScoreTile = std::function<void(std::int64_t begin, const RowMatrix& z)>;

/// z kept where it is computed, on a GPU.
class DeviceScores
{
public:
    virtual ~DeviceScores() = default;
    /// z of samples [begin, begin + z.rows()).
    virtual void add(std::int64_t begin, const RowMatrix& z) = 0;
    /// The class of every sample: largest fl(fl(s * z) + b), ties to the lowest index. `scale` and
    /// `bias` of C finite values for which no score leaves float32. Throws Error if the device
    /// fails.
    virtual std::vector<std::int32_t> predict(const std::vector<float>& scale,
                                              const std::vector<float>& bias) const = 0;
};

/// Computes z tile by tile in sample order. Implemented with Eigen in the core and with LibTorch
/// (any device) in monotail_torch.
class Scorer
{
public:
    virtual ~Scorer() = default;
    virtual std::string
    device() const = 0; ///< "CPU (Eigen)", "CPU (LibTorch 1.13.0)", "NVIDIA H100"
    virtual void score(const FeatureSet& features, const RowMatrix& weight, const ScoreTile& tile,
                       const Progress& progress) const = 0;
    /// Room for N x C scores on a device that finds winners faster than the processor does; null
    /// where there is none.
    virtual std::unique_ptr<DeviceScores> makeRoom(std::int64_t samples,
                                                   std::int64_t classes) const;
};

/// On the CPU with Eigen; no LibTorch is loaded.
std::unique_ptr<Scorer> makeEigenScorer();

/// Samples a tile should hold so that it stays near `bytes`, between 1 and the sample count.
std::int64_t tileRows(std::int64_t samples, std::int64_t classes, std::int64_t bytes = 8 << 20);

} // namespace monotail
