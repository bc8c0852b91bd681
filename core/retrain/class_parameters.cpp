// SPDX-License-Identifier: GPL-3.0-or-later
#include "retrain/class_parameters.h"

#include <cmath>

namespace monotail {

namespace {

HeadState withoutWeight(const HeadState& state)
{
    return {{}, state.bias, state.rawNorm, state.rawBias, state.scales, state.featureScale};
}

void move(std::vector<double>& values, std::vector<double>& momentum,
          const std::vector<double>& gradient, double keep, double decay, double rate)
{
    momentum.resize(values.size());
    for (std::size_t i = 0; i < gradient.size(); ++i) {
        momentum[i] = keep * momentum[i] + gradient[i] + decay * values[i];
        values[i] -= rate * momentum[i];
    }
}

} // namespace

ClassParameters::ClassParameters(const HeadState& start, const ClassSet& classes,
                                 const Recipe& recipe)
    : m_norms(recipe.norms), m_isCosine(recipe.features == FeatureForm::Cosine),
      m_now(withoutWeight(start)), m_own(classes.counts.size()), m_factor(classes.counts.size()),
      m_shift(classes.counts.size())
{
    if (m_norms == NormRule::Samn)
        m_module.emplace(classes.counts);
    m_momentum.featureScale = 0;
    forward();
}

void ClassParameters::forward()
{
    if (m_module) {
        m_normFit = m_module->fit(m_now.rawNorm);
        m_biasFit = m_module->fit(m_now.rawBias);
    }
    for (std::size_t c = 0; c < m_factor.size(); ++c) {
        const double bias = m_now.bias.empty() ? 0 : m_now.bias[c];
        m_own[c] = 1;
        m_shift[c] = bias;
        if (m_module) {
            m_own[c] = std::exp(m_normFit.values[c]);
            m_shift[c] = std::exp(m_biasFit.values[c]) + bias;
        } else if (m_norms == NormRule::Lws) {
            m_own[c] = m_now.scales[c];
            m_shift[c] = bias * m_now.scales[c];
        }
        m_factor[c] = m_now.featureScale * m_own[c];
    }
}

HeadState ClassParameters::gradient(const std::vector<double>& factor,
                                    const std::vector<double>& shift) const
{
    HeadState out;
    out.featureScale = 0;
    const std::size_t classes = m_factor.size();
    if (m_isCosine)
        for (std::size_t c = 0; c < classes; ++c)
            out.featureScale += factor[c] * m_own[c];
    if (m_norms == NormRule::Lws) {
        out.scales.resize(classes);
        for (std::size_t c = 0; c < classes; ++c)
            out.scales[c] = factor[c] * m_now.featureScale +
                            (m_now.bias.empty() ? 0 : m_now.bias[c] * shift[c]);
        return out; // the rest is frozen
    }
    if (!m_now.bias.empty())
        out.bias = shift;
    if (!m_module)
        return out;
    std::vector<double> byNorm(classes), byBias(classes);
    for (std::size_t c = 0; c < classes; ++c) {
        byNorm[c] = factor[c] * m_factor[c]; // d factor / d g = factor
        byBias[c] = shift[c] * std::exp(m_biasFit.values[c]);
    }
    out.rawNorm = m_module->backward(m_normFit, byNorm);
    out.rawBias = m_module->backward(m_biasFit, byBias);
    return out;
}

void ClassParameters::step(const HeadState& gradient, const Recipe& recipe, double rate)
{
    const double keep = recipe.momentum;
    move(m_now.bias, m_momentum.bias, gradient.bias, keep, recipe.weightDecay, rate);
    move(m_now.rawNorm, m_momentum.rawNorm, gradient.rawNorm, keep, 0, rate);
    move(m_now.rawBias, m_momentum.rawBias, gradient.rawBias, keep, 0, rate);
    move(m_now.scales, m_momentum.scales, gradient.scales, keep, 0, rate);
    m_momentum.featureScale = keep * m_momentum.featureScale + gradient.featureScale;
    m_now.featureScale -= rate * m_momentum.featureScale;
    forward();
}

void ClassParameters::write(HeadState& state) const
{
    state.bias = m_now.bias;
    state.rawNorm = m_now.rawNorm;
    state.rawBias = m_now.rawBias;
    state.scales = m_now.scales;
    state.featureScale = m_now.featureScale;
}

} // namespace monotail
