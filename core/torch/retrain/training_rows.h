// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <memory>
#include <vector>

#include "retrain/trainer.h"

namespace monotail {

/// The features of all views, one after the other: row view * N + sample. On the device where they
/// fit, else in memory, else read from their files batch by batch.
class TrainingRows
{
public:
    /// `options`: device and floating-point type.
    TrainingRows(const TrainingData& data, at::TensorOptions options);

    std::int64_t samples() const { return m_samples; }
    std::int64_t width() const { return m_width; }
    double meanLength() const { return m_meanLength; }
    /// B x D on the device. `rows`: B int64 on the host.
    at::Tensor gather(const at::Tensor& rows) const;
    /// B int64 on the device.
    at::Tensor labels(const at::Tensor& rows) const;

private:
    std::int64_t views() const;
    const FeatureSet& view(std::int64_t index) const;
    void load();
    at::Tensor tile(std::int64_t view, std::int64_t begin, std::int64_t end) const;
    at::Tensor roomOn(at::Device device) const;
    at::Tensor read(const at::Tensor& rows) const;

    TrainingData m_data;
    at::TensorOptions m_options;
    std::int64_t m_samples;
    std::int64_t m_width;
    double m_meanLength = 0;
    at::Tensor m_rows;   ///< (V * N) x D, on the device or the host; undefined: read from the files
    at::Tensor m_labels; ///< N, on the host
};

} // namespace monotail
