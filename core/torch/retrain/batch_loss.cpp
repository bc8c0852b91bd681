// SPDX-License-Identifier: GPL-3.0-or-later
#include "torch/retrain/batch_loss.h"

#include <ATen/ATen.h>

namespace monotail {

namespace {

at::Tensor onDevice(const std::vector<double>& values, at::TensorOptions options)
{
    if (values.empty())
        return {};
    return at::tensor(at::ArrayRef<double>(values), at::kDouble).to(options);
}

} // namespace

BatchLoss::BatchLoss(const LossTerms& terms, std::int64_t classes, at::TensorOptions options)
    : m_classes(classes), m_smoothing(onDevice(terms.smoothing, options)),
      m_weight(onDevice(terms.weight, options))
{}

/// dLoss/dlogits = share * (softmax - target), where the target is 1 - smoothing at the label and
/// smoothing / C everywhere, and share the sample's weight in the batch.
BatchLoss::Result BatchLoss::of(const at::Tensor& logits, const at::Tensor& labels) const
{
    const auto samples = static_cast<double>(labels.size(0));
    const at::Tensor column = labels.unsqueeze(1);
    at::Tensor out = at::log_softmax(logits, 1);
    at::Tensor loss = out.gather(1, column).neg_(); // B x 1
    at::Tensor smoothing;
    if (m_smoothing.defined()) {
        smoothing = m_smoothing.index_select(0, labels).unsqueeze(1);
        loss = (1 - smoothing).mul_(loss).sub_(smoothing * out.mean(1, true));
    }
    out.exp_();
    if (smoothing.defined()) {
        out.sub_(smoothing / m_classes);
        out.scatter_add_(1, column, smoothing - 1);
    } else {
        out.scatter_(1, column, out.gather(1, column).sub_(1));
    }
    if (m_weight.defined()) {
        at::Tensor share = m_weight.index_select(0, labels).unsqueeze(1);
        share.div_(share.sum());
        out.mul_(share);
        return {loss.mul_(share).sum(), out};
    }
    out.div_(samples);
    return {loss.sum().div_(samples), out};
}

} // namespace monotail
