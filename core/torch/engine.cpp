// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <fstream>
#include <torch/version.h>

#include "evaluate/torch_engine.h"
#include "torch/scores/torch_scorer.h"

namespace monotail {

namespace {

/// Debian's reference BLAS lies in a folder named blas; every faster one is named after itself.
bool usesReferenceBlas()
{
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);)
        if (line.find("/blas/libblas.so") != std::string::npos)
            return true;
    return false;
}

class Engine : public TorchEngine
{
public:
    std::string version() const override { return TORCH_VERSION; }

    Warnings warnings() const override
    {
        if (!usesReferenceBlas())
            return {};
        return {"LibTorch uses the reference BLAS, which is about 50 times slower than OpenBLAS: "
                "install libopenblas0-pthread"};
    }

    void setThreads(int threads) const override
    {
        if (threads <= 0)
            return;
        at::set_num_threads(threads);
        // OpenBLAS keeps a pool of its own that LibTorch does not know of.
        if (void* set = ::dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))
            reinterpret_cast<void (*)(int)>(set)(threads);
    }

    std::unique_ptr<Scorer> makeScorer(const std::string& device) const override
    {
        return makeTorchScorer(device);
    }
};

} // namespace

} // namespace monotail

extern "C" __attribute__((visibility("default"))) monotail::TorchEngine* monotailMakeTorchEngine()
{
    return new monotail::Engine;
}
