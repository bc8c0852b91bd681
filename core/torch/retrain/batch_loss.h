// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "retrain/loss_terms.h"

namespace monotail {

/// LossTerms on a device. The offset is not among them: it is added to the logits with the bias.
class BatchLoss
{
public:
    BatchLoss(const LossTerms& terms, std::int64_t classes, at::TensorOptions options);

    struct Result
    {
        at::Tensor loss;     ///< scalar, mean over the batch
        at::Tensor gradient; ///< B x C, dLoss/dlogits
    };
    /// `logits` B x C, `labels` B.
    Result of(const at::Tensor& logits, const at::Tensor& labels) const;

private:
    std::int64_t m_classes;
    at::Tensor m_smoothing, m_weight; ///< C; undefined: 0 and 1
};

} // namespace monotail
