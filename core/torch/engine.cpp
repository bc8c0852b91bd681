// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <torch/version.h>

#include "evaluate/torch_engine.h"
#include "torch/backbone/torch_networks.h"
#include "torch/retrain/script_head.h"
#include "torch/retrain/torch_trainer.h"
#include "torch/scores/torch_scorer.h"

namespace monotail {

namespace {

constexpr const char* referenceBlas = "reference BLAS";

/// By the libraries that are loaded. Debian's reference BLAS lies in a folder named blas; every
/// faster one is named after itself.
std::string loadedBlas()
{
    const std::pair<const char*, const char*> known[] = {{"openblas", "OpenBLAS"},
                                                         {"libmkl", "MKL"},
                                                         {"blis", "BLIS"},
                                                         {"atlas", "ATLAS"},
                                                         {"blas/libblas.so", referenceBlas}};
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        const std::filesystem::path path = line.substr(std::min(line.find('/'), line.size()));
        const std::string library = (path.parent_path().filename() / path.filename()).string();
        for (const auto& [mark, name] : known)
            if (library.find(mark) != std::string::npos)
                return name;
    }
    return {};
}

class Engine : public TorchEngine
{
public:
    std::string version() const override { return TORCH_VERSION; }

    std::string blas() const override { return loadedBlas(); }

    Warnings warnings() const override
    {
        if (loadedBlas() != referenceBlas)
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

    std::unique_ptr<DeviceScores> makeScores(const std::string& device, std::int64_t samples,
                                             std::int64_t classes) const override
    {
        return makeTorchScores(device, samples, classes);
    }

    std::unique_ptr<FeatureNetwork> makeNetwork(const Checkpoint& checkpoint,
                                                const BackbonePlan& plan,
                                                const NetworkOptions& options) const override
    {
        return makeResidualNetwork(checkpoint, plan, options);
    }

    std::unique_ptr<FeatureNetwork>
    makeScriptedNetwork(const std::filesystem::path& file, const std::optional<HeadCandidate>& head,
                        const NetworkOptions& options) const override
    {
        return makeScriptNetwork(file, head, options);
    }

    std::unique_ptr<HeadTrainer> makeTrainer(const std::string& device,
                                             TrainingData data) const override
    {
        return makeTorchTrainer(device, std::move(data));
    }

    void writeScriptedHead(const ClassifierHead& head, const std::filesystem::path& target,
                           Overwrite overwrite) const override
    {
        writeScriptModule(head, target, overwrite);
    }
};

} // namespace

} // namespace monotail

extern "C" __attribute__((visibility("default"))) monotail::TorchEngine* monotailMakeTorchEngine()
{
    return new monotail::Engine;
}
