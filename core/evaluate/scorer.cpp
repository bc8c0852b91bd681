// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/scorer.h"

#include <algorithm>

namespace monotail {

namespace {

class EigenScorer : public Scorer
{
public:
    std::string device() const override { return "CPU (Eigen)"; }

    void score(const FeatureSet& features, const RowMatrix& weight, const ScoreTile& tile,
               const Progress& progress) const override
    {
        const std::int64_t samples = features.samples();
        // The features' tile must fit as well as the scores'.
        const std::int64_t rows = tileRows(samples, std::max(weight.rows(), weight.cols()));
        RowMatrix z;
        for (std::int64_t begin = 0; begin < samples; begin += rows) {
            const std::int64_t end = std::min(samples, begin + rows);
            z.noalias() = features.features->read(begin, end) * weight.transpose();
            tile(begin, z);
            report(progress, end, samples);
        }
    }
};

} // namespace

std::unique_ptr<DeviceScores> Scorer::makeRoom(std::int64_t, std::int64_t) const
{
    return nullptr;
}

std::unique_ptr<Scorer> makeEigenScorer()
{
    return std::make_unique<EigenScorer>();
}

std::int64_t tileRows(std::int64_t samples, std::int64_t classes, std::int64_t bytes)
{
    const auto rowBytes =
        std::max<std::int64_t>(classes, 1) * static_cast<std::int64_t>(sizeof(float));
    return std::clamp<std::int64_t>(bytes / rowBytes, 1, std::max<std::int64_t>(samples, 1));
}

} // namespace monotail
