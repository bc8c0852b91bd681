// SPDX-License-Identifier: GPL-3.0-or-later
#include "torch/scores/torch_scorer.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <c10/core/InferenceMode.h>

#include "base/text.h"
#include "torch/device.h"

namespace monotail {

namespace {

at::Tensor viewOf(const RowMatrix& matrix)
{
    // from_blob takes a pointer to non-const; nothing here writes through it.
    return at::from_blob(const_cast<float*>(matrix.data()), {matrix.rows(), matrix.cols()},
                         at::kFloat);
}

/// With LibTorch's errors as sentences.
template <typename Work>
auto translated(const std::string& what, Work work)
{
    try {
        return work();
    } catch (const c10::Error& error) {
        throw Error(message("LibTorch could not {}: {}", what, error.what_without_backtrace()));
    }
}

at::Tensor viewOf(const std::vector<float>& values)
{
    return at::from_blob(const_cast<float*>(values.data()),
                         {static_cast<std::int64_t>(values.size())}, at::kFloat);
}

class TorchScores : public DeviceScores
{
public:
    explicit TorchScores(at::Tensor z) : m_z(std::move(z)) {}

    void add(std::int64_t begin, const RowMatrix& z) override
    {
        const c10::InferenceMode guard;
        translated("keep the scores on the device", [&] {
            m_z.narrow(0, begin, z.rows()).copy_(viewOf(z));
            return 0;
        });
    }

    std::vector<std::int32_t> predict(const std::vector<float>& scale,
                                      const std::vector<float>& bias) const override
    {
        const c10::InferenceMode guard;
        return translated("find the winning classes", [&] { return winners(scale, bias); });
    }

private:
    /// Product and sum are two kernels, so that each rounds for itself.
    std::vector<std::int32_t> winners(const std::vector<float>& scale,
                                      const std::vector<float>& bias) const
    {
        const at::Tensor s = viewOf(scale).to(m_z.device());
        const at::Tensor b = viewOf(bias).to(m_z.device());
        std::vector<std::int32_t> out(static_cast<std::size_t>(m_z.size(0)));
        at::Tensor all = at::from_blob(out.data(), {m_z.size(0)}, at::kInt);
        const std::int64_t step = tileRows(m_z.size(0), m_z.size(1), std::int64_t(256) << 20);
        for (std::int64_t begin = 0; begin < m_z.size(0); begin += step) {
            const std::int64_t rows = std::min(step, m_z.size(0) - begin);
            all.narrow(0, begin, rows).copy_((m_z.narrow(0, begin, rows) * s).add_(b).argmax(1));
        }
        return out;
    }

    at::Tensor m_z; ///< N x C
};

std::unique_ptr<DeviceScores> roomOn(at::Device device, std::int64_t samples, std::int64_t classes)
{
    const c10::InferenceMode guard;
    try {
        return std::make_unique<TorchScores>(
            at::empty({samples, classes}, at::TensorOptions(at::kFloat).device(device)));
    } catch (const c10::Error&) {
        return nullptr; // out of memory
    }
}

class TorchScorer : public Scorer
{
public:
    explicit TorchScorer(at::Device device) : m_device(device) {}

    std::string device() const override { return deviceName(m_device); }

    void score(const FeatureSet& features, const RowMatrix& weight, const ScoreTile& tile,
               const Progress& progress) const override
    {
        translated("compute the scores on " + device(), [&] {
            scoreTiles(features, weight, tile, progress);
            return 0;
        });
    }

    std::unique_ptr<DeviceScores> makeRoom(std::int64_t samples,
                                           std::int64_t classes) const override
    {
        return m_device.is_cuda() ? roomOn(m_device, samples, classes) : nullptr;
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
        RowMatrix z;
        for (std::int64_t begin = 0; begin < samples; begin += step) {
            report(progress, begin, samples);
            const RowMatrix rows = features.features->read(begin, std::min(begin + step, samples));
            z.resize(rows.rows(), weight.rows());
            at::Tensor out = viewOf(z);
            if (m_device.is_cpu())
                at::mm_out(out, viewOf(rows), transposed);
            else
                out.copy_(at::mm(viewOf(rows).to(m_device), transposed));
            tile(begin, z);
        }
        report(progress, samples, samples);
    }

    at::Device m_device;
};

} // namespace

std::unique_ptr<DeviceScores> makeTorchScores(const std::string& device, std::int64_t samples,
                                              std::int64_t classes)
{
    return roomOn(deviceOf(device), samples, classes);
}

std::unique_ptr<Scorer> makeTorchScorer(const std::string& device)
{
    return std::make_unique<TorchScorer>(deviceOf(device));
}

} // namespace monotail
