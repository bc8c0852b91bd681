// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "base/random.h"
#include "evaluate/predictions.h"

/// Small features and heads held in memory.
namespace monotail::test {

class MemoryRows : public RowSource
{
public:
    explicit MemoryRows(RowMatrix rows) : m_rows(std::move(rows)) {}
    std::int64_t rows() const override { return m_rows.rows(); }
    std::int64_t width() const override { return m_rows.cols(); }
    RowMatrix read(std::int64_t begin, std::int64_t end) const override
    {
        return m_rows.middleRows(begin, end - begin);
    }

private:
    RowMatrix m_rows;
};

inline std::shared_ptr<const RowSource> rowsOf(RowMatrix rows)
{
    return std::make_shared<MemoryRows>(std::move(rows));
}

inline FeatureSet featuresOf(RowMatrix rows, std::vector<std::int64_t> labels)
{
    FeatureSet features;
    features.source = "made-up.npz";
    features.labels = std::move(labels);
    features.features = rowsOf(std::move(rows));
    return features;
}

inline ClassifierHead headOf(RowMatrix weight, const std::vector<float>& bias)
{
    ClassifierHead head;
    head.weight = std::move(weight);
    head.bias =
        Eigen::Map<const Eigen::VectorXf>(bias.data(), static_cast<Eigen::Index>(bias.size()));
    head.source.bias = "fc.bias";
    return head;
}

inline Rescaling rescalingOf(std::vector<double> scale, std::vector<double> bias,
                             std::string method = "scales")
{
    return {std::move(method), std::move(scale), std::move(bias), {}};
}

/// Numbers uniform in [-spread, spread).
inline RowMatrix noise(std::int64_t rows, std::int64_t columns, Random& random, double spread = 1)
{
    RowMatrix out(rows, columns);
    for (Eigen::Index i = 0; i < out.size(); ++i)
        out.data()[i] = static_cast<float>(spread * (2 * random.uniform() - 1));
    return out;
}

inline std::vector<std::int64_t> someLabels(std::int64_t samples, std::int64_t classes,
                                            Random& random)
{
    std::vector<std::int64_t> labels;
    for (std::int64_t i = 0; i < samples; ++i)
        labels.push_back(
            static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(classes))));
    return labels;
}

} // namespace monotail::test
