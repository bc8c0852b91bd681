// SPDX-License-Identifier: GPL-3.0-or-later
#include "torch/retrain/training_rows.h"

#include <ATen/ATen.h>
#include <algorithm>

#include "platform/big_memory.h"
#include "torch/device.h"

namespace monotail {

namespace {

constexpr std::int64_t rowsAtOnce = 4096;

template <typename Matrix>
at::Tensor copied(const Matrix& rows, at::ScalarType type)
{
    // from_blob takes a pointer to non-const; nothing here writes through it.
    auto* numbers = const_cast<typename Matrix::Scalar*>(rows.data());
    return at::from_blob(numbers, {rows.rows(), rows.cols()}, type).clone();
}

} // namespace

TrainingRows::TrainingRows(const TrainingData& data, at::TensorOptions options)
    : m_data(data), m_options(options), m_samples(data.samples()),
      m_width(data.features->features->width()), m_labels(at::empty({data.samples()}, at::kLong))
{
    std::copy(data.features->labels.begin(), data.features->labels.end(),
              m_labels.data_ptr<std::int64_t>());
    load();
}

const FeatureSet& TrainingRows::view(std::int64_t index) const
{
    return index == 0 ? *m_data.features : *m_data.views[static_cast<std::size_t>(index - 1)];
}

std::int64_t TrainingRows::views() const
{
    return static_cast<std::int64_t>(m_data.views.size()) + 1;
}

/// Rows of one view, on the host.
at::Tensor TrainingRows::tile(std::int64_t index, std::int64_t begin, std::int64_t end) const
{
    const RowSource& source = *view(index).features;
    if (m_options.dtype() == at::kDouble)
        return copied(source.readExactly(begin, end), at::kDouble);
    return copied(source.read(begin, end), at::kFloat);
}

/// Undefined where there is no room for them.
at::Tensor TrainingRows::roomOn(at::Device device) const
{
    try {
        return at::empty({views() * m_samples, m_width}, m_options.device(device));
    } catch (const std::exception& error) {
        if (!isOutOfMemory(error))
            throw;
        return {};
    }
}

void TrainingRows::load()
{
    const auto bytes =
        static_cast<std::size_t>(views() * m_samples * m_width) * m_options.dtype().itemsize();
    if (m_options.device().is_cuda())
        m_rows = roomOn(m_options.device());
    if (!m_rows.defined() && bytes <= m_data.keepBytes.value_or(availableMemory() / 2))
        m_rows = roomOn(at::kCPU);
    double length = 0;
    for (std::int64_t v = 0; v < views(); ++v)
        for (std::int64_t begin = 0; begin < m_samples; begin += rowsAtOnce) {
            const std::int64_t end = std::min(begin + rowsAtOnce, m_samples);
            const at::Tensor rows = tile(v, begin, end);
            length += at::linalg_vector_norm(rows, 2, 1).sum(at::kDouble).item<double>();
            if (m_rows.defined())
                m_rows.narrow(0, v * m_samples + begin, end - begin).copy_(rows);
        }
    m_meanLength = length / static_cast<double>(views() * m_samples);
}

at::Tensor TrainingRows::read(const at::Tensor& rows) const
{
    at::Tensor out = at::empty({rows.size(0), m_width}, m_options.device(at::kCPU));
    const std::int64_t* row = rows.data_ptr<std::int64_t>();
    for (std::int64_t i = 0; i < rows.size(0); ++i) {
        const std::int64_t sample = row[i] % m_samples;
        out[i].copy_(tile(row[i] / m_samples, sample, sample + 1)[0]);
    }
    return out;
}

at::Tensor TrainingRows::gather(const at::Tensor& rows) const
{
    if (!m_rows.defined())
        return read(rows).to(m_options.device());
    if (m_rows.device() == m_options.device())
        return m_rows.index_select(0, rows.to(m_options.device()));
    return m_rows.index_select(0, rows).to(m_options.device());
}

at::Tensor TrainingRows::labels(const at::Tensor& rows) const
{
    return m_labels.index_select(0, rows.remainder(m_samples)).to(m_options.device());
}

} // namespace monotail
