// SPDX-License-Identifier: GPL-3.0-or-later
#include "torch/retrain/torch_trainer.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <array>
#include <c10/core/InferenceMode.h>
#include <cmath>
#include <mutex>

#include "base/random.h"
#include "base/text.h"
#include "retrain/sampler.h"
#include "retrain/schedule.h"
#include "torch/device.h"
#include "torch/retrain/head_rows.h"
#include "torch/retrain/training_rows.h"

namespace monotail {

namespace {

/// Products of so many multiplications and additions are not worth the meeting of threads.
constexpr double productForThreads = 2e8;

/// While it lives, LibTorch's loops started by this thread use one thread if work is small.
class FewThreads
{
public:
    FewThreads(std::int64_t batch, std::int64_t classes, std::int64_t width)
        : m_before(at::get_num_threads())
    {
        const double product = 2.0 * static_cast<double>(batch) * static_cast<double>(classes) *
                               static_cast<double>(width);
        if (product < productForThreads)
            at::set_num_threads(1);
    }
    ~FewThreads() { at::set_num_threads(m_before); }
    FewThreads(const FewThreads&) = delete;
    FewThreads& operator=(const FewThreads&) = delete;

private:
    int m_before;
};

at::Tensor hostRows(const std::vector<std::int64_t>& order, std::int64_t begin, std::int64_t end)
{
    return at::from_blob(const_cast<std::int64_t*>(order.data()) + begin, {end - begin}, at::kLong);
}

class TorchTrainer : public HeadTrainer
{
    template <typename Work>
    auto guarded(Work work) const
    {
        const c10::InferenceMode guard;
        at::globalContext().setAllowTF32CuBLAS(false);
        try {
            return work();
        } catch (const c10::Error& error) {
            if (isOutOfMemory(error))
                throw Error(message("{}: there is not the memory to train there; {}", device(),
                                    m_device.is_cpu() ? "a smaller batch may help"
                                                      : "train with --device cpu"));
            throw Error(message("LibTorch could not train on {}: {}", device(), firstLine(error)));
        }
    }

public:
    TorchTrainer(at::Device device, TrainingData data) : m_data(std::move(data)), m_device(device)
    {}

    std::string device() const override { return deviceName(m_device); }
    int threads() const override { return at::get_num_threads(); }
    double meanFeatureLength() const override
    {
        return guarded([&] { return rows({}).meanLength(); });
    }

    HeadState train(HeadState start, const ClassSet& classes, const Recipe& recipe,
                    const EpochSink& onEpoch, const Progress& progress) const override
    {
        return guarded([&] { return trained(start, classes, recipe, onEpoch, progress); });
    }

    LossGradient gradient(const HeadState& state, const ClassSet& classes,
                          const Recipe& recipe) const override
    {
        return guarded([&] { return gradientAt(state, classes, recipe); });
    }

private:
    at::TensorOptions options(const Recipe& recipe) const
    {
        const bool isDouble = recipe.precision == TrainPrecision::Float64;
        return at::TensorOptions(isDouble ? at::kDouble : at::kFloat).device(m_device);
    }

    /// Loaded when the first recipe of its precision comes.
    const TrainingRows& rows(const Recipe& recipe) const
    {
        const std::lock_guard lock(m_mutex);
        auto& kept = m_rows[recipe.precision == TrainPrecision::Float64 ? 1 : 0];
        if (!kept)
            kept = std::make_unique<const TrainingRows>(m_data, options(recipe));
        return *kept;
    }

    /// As the head takes them.
    static at::Tensor input(const TrainingRows& all, const at::Tensor& rows, const Recipe& recipe)
    {
        at::Tensor x = all.gather(rows);
        if (recipe.features == FeatureForm::Cosine)
            x = x / at::linalg_vector_norm(x, 2, 1, true).clamp_min_(1e-12);
        return x;
    }

    HeadState trained(const HeadState& start, const ClassSet& classes, const Recipe& recipe,
                      const EpochSink& onEpoch, const Progress& progress) const;
    double trainEpoch(HeadRows& head, const std::vector<std::int64_t>& order, const Recipe& recipe,
                      int epoch, const Progress& progress) const;
    LossGradient gradientAt(const HeadState& state, const ClassSet& classes,
                            const Recipe& recipe) const;

    TrainingData m_data;
    at::Device m_device;
    mutable std::mutex m_mutex;
    mutable std::array<std::unique_ptr<const TrainingRows>, 2> m_rows; ///< by precision
};

HeadState TorchTrainer::trained(const HeadState& start, const ClassSet& classes,
                                const Recipe& recipe, const EpochSink& onEpoch,
                                const Progress& progress) const
{
    const FewThreads threads(std::min<std::int64_t>(recipe.batch, m_data.samples()),
                             start.classes(), start.width());
    const Sampler sampler(m_data.features->labels, start.classes(), recipe.sampling,
                          static_cast<std::int64_t>(m_data.views.size()) + 1);
    Random random(recipe.seed);
    HeadRows head(start, classes, recipe, options(recipe));
    HeadState now = start;
    for (int epoch = 0; epoch < recipe.epochs; ++epoch) {
        const double loss = trainEpoch(head, sampler.epoch(random), recipe, epoch, progress);
        now = head.state();
        if (!std::isfinite(loss) || !now.weight.allFinite())
            throw Error(message("the loss is no longer finite in epoch {} (learning rate {}); a "
                                "lower learning rate may help",
                                epoch + 1, toText(rateAt(recipe, epoch))));
        if (onEpoch)
            onEpoch({epoch + 1, rateAt(recipe, epoch), loss, now});
    }
    return now;
}

double TorchTrainer::trainEpoch(HeadRows& head, const std::vector<std::int64_t>& order,
                                const Recipe& recipe, int epoch, const Progress& progress) const
{
    const auto samples = static_cast<std::int64_t>(order.size());
    const std::int64_t batches = (samples + recipe.batch - 1) / recipe.batch;
    const double rate = rateAt(recipe, epoch);
    const TrainingRows& all = this->rows(recipe);
    at::Tensor sum = at::zeros({}, at::TensorOptions(at::kDouble).device(m_device));
    for (std::int64_t batch = 0; batch < batches; ++batch) {
        report(progress, epoch * batches + batch, recipe.epochs * batches);
        const std::int64_t begin = batch * recipe.batch;
        const std::int64_t end = std::min<std::int64_t>(begin + recipe.batch, samples);
        const at::Tensor rows = hostRows(order, begin, end);
        const at::Tensor x = input(all, rows, recipe);
        const HeadRows::Pass pass = head.pass(x, all.labels(rows));
        sum.add_(pass.loss.to(at::kDouble), static_cast<double>(end - begin));
        head.step(pass, x, rate);
    }
    return sum.item<double>() / static_cast<double>(samples);
}

LossGradient TorchTrainer::gradientAt(const HeadState& state, const ClassSet& classes,
                                      const Recipe& recipe) const
{
    const HeadRows head(state, classes, recipe, options(recipe));
    const TrainingRows& all = this->rows(recipe);
    const at::Tensor rows = at::arange(all.samples(), at::kLong);
    const at::Tensor x = input(all, rows, recipe);
    HeadRows::Pass pass = head.pass(x, all.labels(rows));
    LossGradient out{pass.loss.item<double>(), std::move(pass.gradient)};
    at::Tensor weight = at::zeros_like(head.rows());
    if (recipe.norms != NormRule::Lws)
        head.addRowGradient(pass, x, 0, weight);
    const at::Tensor host = weight.to(at::kCPU, at::kDouble).contiguous();
    out.gradient.weight =
        Eigen::Map<const RowMatrixD>(host.data_ptr<double>(), host.size(0), host.size(1));
    return out;
}

} // namespace

std::unique_ptr<HeadTrainer> makeTorchTrainer(const std::string& device, TrainingData data)
{
    const at::Device place = deviceOf(device);
    const c10::InferenceMode guard;
    return std::make_unique<TorchTrainer>(place, std::move(data));
}

} // namespace monotail
