// SPDX-License-Identifier: GPL-3.0-or-later
#include "torch/scores/torch_scorer.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <c10/core/InferenceMode.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include "base/text.h"

namespace monotail {

namespace {

at::Tensor viewOf(const RowMatrix& matrix)
{
    // from_blob takes a pointer to non-const; nothing here writes through it.
    return at::from_blob(const_cast<float*>(matrix.data()), {matrix.rows(), matrix.cols()},
                         at::kFloat);
}

class TorchScorer : public Scorer
{
public:
    explicit TorchScorer(at::Device device) : m_device(device) {}

    std::string device() const override
    {
        return message("{} (LibTorch {})", m_device.is_cuda() ? "CUDA" : "CPU", TORCH_VERSION);
    }

    void score(const FeatureSet& features, const RowMatrix& weight, const ScoreTile& tile,
               const Progress& progress) const override
    {
        try {
            scoreTiles(features, weight, tile, progress);
        } catch (const c10::Error& error) {
            throw Error(message("LibTorch could not compute the scores on {}: {}", device(),
                                error.what_without_backtrace()));
        }
    }

private:
    void scoreTiles(const FeatureSet& features, const RowMatrix& weight, const ScoreTile& tile,
                    const Progress& progress) const
    {
        const c10::InferenceMode guard;
        at::globalContext().setAllowTF32CuBLAS(false);
        const at::Tensor transposed = viewOf(weight).to(m_device).t();
        const std::int64_t samples = features.samples();
        const std::int64_t step = tileRows(samples, weight.rows());
        for (std::int64_t begin = 0; begin < samples; begin += step) {
            report(progress, begin, samples);
            const RowMatrix rows = features.features->read(begin, std::min(begin + step, samples));
            RowMatrix z(rows.rows(), weight.rows());
            viewOf(z).copy_(at::mm(viewOf(rows).to(m_device), transposed));
            tile(begin, z);
        }
        report(progress, samples, samples);
    }

    at::Device m_device;
};

at::Device deviceOf(const std::string& request)
{
    const auto count = static_cast<std::int64_t>(torch::cuda::device_count());
    if (request == "cpu" || (request == "auto" && count == 0))
        return at::kCPU;
    std::int64_t index = 0;
    if (request.rfind("cuda:", 0) == 0)
        index = parseInteger(request.substr(5)).value_or(-1);
    else if (request != "auto" && request != "cuda")
        index = -1;
    if (index < 0)
        throw Error(message("--device {}: expected auto, cpu, cuda or cuda:N", printable(request)));
    if (index >= count)
        throw Error(message("--device {}: LibTorch {} sees {} CUDA devices here; use --device cpu",
                            printable(request), TORCH_VERSION, count));
    return at::Device(at::kCUDA, static_cast<at::DeviceIndex>(index));
}

} // namespace

std::unique_ptr<Scorer> makeTorchScorer(const std::string& device)
{
    return std::make_unique<TorchScorer>(deviceOf(device));
}

} // namespace monotail
