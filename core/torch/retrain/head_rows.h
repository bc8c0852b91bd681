// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "retrain/class_parameters.h"
#include "torch/retrain/batch_loss.h"

namespace monotail {

/// A head in training: its rows on the device, the few numbers per class beside them on the host.
/// Forward, gradients and step are in closed form (METHOD sections 3 and 6); a step costs two
/// matrix products and one exchange of 2 C numbers with the host.
class HeadRows
{
public:
    HeadRows(const HeadState& start, const ClassSet& classes, const Recipe& recipe,
             at::TensorOptions options);

    struct Pass
    {
        at::Tensor loss;     ///< scalar
        at::Tensor byLogit;  ///< B x C, dLoss/dlogits
        HeadState gradient;  ///< of what is on the host
        at::Tensor alongRow; ///< SAMN: C, <dLoss/dw_c, w_c> / |w_c|^2 without the normalisation
    };
    /// `x` B x D as the head takes it, `labels` B.
    Pass pass(const at::Tensor& x, const at::Tensor& labels) const;
    /// dLoss/dw, C x D, on top of `keep` times what is in `out`.
    void addRowGradient(const Pass& pass, const at::Tensor& x, double keep, at::Tensor& out) const;
    void step(const Pass& pass, const at::Tensor& x, double rate);

    HeadState state() const;
    const at::Tensor& rows() const { return m_rows; }

private:
    void upload();
    void measureRows();
    void limitRows();

    Recipe m_recipe;
    ClassParameters m_parameters;
    LossTerms m_terms;
    at::TensorOptions m_options;
    BatchLoss m_loss;
    bool m_hasFactor;              ///< else logits = z + shift
    at::Tensor m_rows, m_momentum; ///< C x D
    at::Tensor m_lengths;          ///< SAMN: C, of the rows, no less than 1e-12
    at::Tensor m_factor, m_shift;  ///< C
};

} // namespace monotail
