// SPDX-License-Identifier: GPL-3.0-or-later
#include "torch/retrain/head_rows.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>

namespace monotail {

namespace {

constexpr double shortestRow = 1e-12; ///< as torch.nn.functional.normalize has it

at::Tensor fromHost(const std::vector<double>& values)
{
    return at::from_blob(const_cast<double*>(values.data()),
                         {static_cast<std::int64_t>(values.size())}, at::kDouble);
}

at::Tensor fromHost(const RowMatrixD& values)
{
    return at::from_blob(const_cast<double*>(values.data()), {values.rows(), values.cols()},
                         at::kDouble);
}

/// Of a row of a float64 tensor on the host.
std::vector<double> numbersOf(const at::Tensor& row)
{
    const double* begin = row.data_ptr<double>();
    return {begin, begin + row.numel()};
}

/// The offset of a loss counts with the bias.
std::vector<double> sumOf(std::vector<double> values, const std::vector<double>& more)
{
    for (std::size_t c = 0; c < more.size(); ++c)
        values[c] += more[c];
    return values;
}

} // namespace

HeadRows::HeadRows(const HeadState& start, const ClassSet& classes, const Recipe& recipe,
                   at::TensorOptions options)
    : m_recipe(recipe), m_parameters(start, classes, recipe), m_terms(lossTerms(recipe, classes)),
      m_options(options), m_loss(m_terms, start.classes(), options),
      m_hasFactor(recipe.norms != NormRule::Free || recipe.features == FeatureForm::Cosine),
      m_rows(fromHost(start.weight).to(options, false, true)), m_momentum(at::zeros_like(m_rows))
{
    upload();
    measureRows();
}

void HeadRows::upload()
{
    m_shift = fromHost(sumOf(m_parameters.shift(), m_terms.offset)).to(m_options, false, true);
    if (m_hasFactor)
        m_factor = fromHost(m_parameters.factor()).to(m_options, false, true);
}

void HeadRows::measureRows()
{
    if (m_recipe.norms == NormRule::Samn)
        m_lengths = at::linalg_vector_norm(m_rows, 2, 1).clamp_min_(shortestRow);
}

HeadRows::Pass HeadRows::pass(const at::Tensor& x, const at::Tensor& labels) const
{
    if (!m_hasFactor) {
        auto [loss, byLogit] = m_loss.of(at::addmm(m_shift, x, m_rows.t()), labels);
        const std::vector<double> shift =
            numbersOf(byLogit.sum(0).to(at::kCPU, at::kDouble).contiguous());
        return {loss, byLogit, m_parameters.gradient({}, shift), {}};
    }
    const bool isSamn = m_recipe.norms == NormRule::Samn;
    const at::Tensor z = at::mm(x, m_rows.t());
    const at::Tensor factor = isSamn ? m_factor / m_lengths : m_factor;
    auto [loss, byLogit] = m_loss.of(at::addcmul(m_shift, z, factor), labels);
    at::Tensor byFactor = (byLogit * z).sum(0);
    at::Tensor alongRow;
    if (isSamn) {
        byFactor.div_(m_lengths);
        // The length does not change the direction: that part of the gradient falls away. A row too
        // short to be normalised is only divided by a constant.
        alongRow =
            (byFactor * m_factor / m_lengths.square()).masked_fill_(m_lengths <= shortestRow, 0);
    }
    const at::Tensor both = at::stack({byFactor, byLogit.sum(0)}).to(at::kCPU, at::kDouble);
    HeadState gradient = m_parameters.gradient(numbersOf(both[0]), numbersOf(both[1]));
    return {loss, byLogit.mul_(factor), std::move(gradient), alongRow};
}

void HeadRows::addRowGradient(const Pass& pass, const at::Tensor& x, double keep,
                              at::Tensor& out) const
{
    out.addmm_(pass.byLogit.t(), x, keep, 1);
    if (pass.alongRow.defined())
        out.addcmul_(m_rows, pass.alongRow.unsqueeze(1), -1);
}

void HeadRows::limitRows()
{
    const at::Tensor lengths = at::linalg_vector_norm(m_rows, 2, 1, true);
    m_rows.mul_((*m_recipe.maxNorm / lengths).clamp_max_(1));
}

void HeadRows::step(const Pass& pass, const at::Tensor& x, double rate)
{
    m_parameters.step(pass.gradient, m_recipe, rate);
    upload();
    if (m_recipe.norms == NormRule::Lws)
        return; // the rows are frozen
    addRowGradient(pass, x, m_recipe.momentum, m_momentum);
    if (m_recipe.weightDecay > 0)
        m_momentum.add_(m_rows, m_recipe.weightDecay);
    m_rows.sub_(m_momentum, rate);
    if (m_recipe.maxNorm)
        limitRows();
    measureRows();
}

HeadState HeadRows::state() const
{
    HeadState out;
    out.weight.resize(m_rows.size(0), m_rows.size(1));
    fromHost(out.weight).copy_(m_rows);
    m_parameters.write(out);
    return out;
}

} // namespace monotail
