// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "evaluate/torch_engine.h"
#include "retrain/trainer.h"

/// Small problems to train on.
namespace monotail::test {

/// Rows in float64, read exactly or rounded.
class ExactRows : public RowSource
{
public:
    explicit ExactRows(RowMatrixD rows) : m_rows(std::move(rows)) {}
    std::int64_t rows() const override { return m_rows.rows(); }
    std::int64_t width() const override { return m_rows.cols(); }
    RowMatrix read(std::int64_t begin, std::int64_t end) const override
    {
        return readExactly(begin, end).cast<float>();
    }
    RowMatrixD readExactly(std::int64_t begin, std::int64_t end) const override
    {
        return m_rows.middleRows(begin, end - begin);
    }

private:
    RowMatrixD m_rows;
};

inline TrainingData trainingData(RowMatrixD rows, std::vector<std::int64_t> labels)
{
    auto set = std::make_shared<FeatureSet>();
    set->source = "made-up.npz";
    set->labels = std::move(labels);
    set->features = std::make_shared<ExactRows>(std::move(rows));
    return {std::move(set)};
}

inline ClassSet classesOf(std::vector<std::int64_t> counts)
{
    ClassSet classes;
    classes.counts = std::move(counts);
    classes.countsSource = "counts.txt";
    return classes;
}

inline std::unique_ptr<HeadTrainer> trainerOf(TrainingData data)
{
    return loadTorchEngine()->makeTrainer("cpu", std::move(data));
}

} // namespace monotail::test
