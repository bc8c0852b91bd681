// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <memory>
#include <string>

#include "evaluate/scorer.h"

namespace monotail {

/// How to compute: as the command line's --device and --threads.
struct ComputeOptions
{
    std::string device = "auto";
    int threads = 0; ///< 0 = as LibTorch likes
};

struct Compute
{
    std::shared_ptr<const Scorer> scorer;
    QString description; ///< "CPU (LibTorch 1.13.0), OpenBLAS"
    Warnings warnings;
};

/// With LibTorch on the device asked for; with Eigen where LibTorch is not there and nobody asked
/// for another device than the CPU. Throws Error if there is no such device.
Compute openCompute(const ComputeOptions& options);

} // namespace monotail
