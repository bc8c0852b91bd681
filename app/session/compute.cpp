// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/compute.h"

#include "evaluate/torch_engine.h"

namespace monotail {

namespace {

Compute withTorch(const TorchEngine& engine, const ComputeOptions& options)
{
    engine.setThreads(options.threads);
    Compute compute{engine.makeScorer(options.device), {}, engine.warnings()};
    compute.description = QString::fromStdString(compute.scorer->device());
    if (const std::string blas = engine.blas(); !blas.empty())
        compute.description += QStringLiteral(", ") + QString::fromStdString(blas);
    return compute;
}

} // namespace

Compute openCompute(const ComputeOptions& options)
{
    std::shared_ptr<const TorchEngine> engine;
    try {
        engine = loadTorchEngine();
    } catch (const Error& error) {
        if (options.device != "auto" && options.device != "cpu")
            throw;
        Compute compute{makeEigenScorer(), {}, {error.what()}};
        compute.description = QString::fromStdString(compute.scorer->device());
        return compute;
    }
    return withTorch(*engine, options);
}

} // namespace monotail
