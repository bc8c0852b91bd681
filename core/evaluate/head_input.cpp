// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/head_input.h"

#include <algorithm>

namespace monotail {

namespace {

class UnitRows : public RowSource
{
public:
    UnitRows(std::shared_ptr<const RowSource> rows, std::int64_t parts)
        : m_rows(std::move(rows)), m_parts(parts)
    {}

    std::int64_t rows() const override { return m_rows->rows(); }
    std::int64_t width() const override { return m_rows->width(); }

    RowMatrix read(std::int64_t begin, std::int64_t end) const override
    {
        RowMatrix block = m_rows->read(begin, end);
        const std::int64_t each = width() / m_parts;
        for (std::int64_t i = 0; i < block.rows(); ++i)
            for (std::int64_t part = 0; part < m_parts; ++part) {
                auto unit = block.row(i).segment(part * each, each);
                // In float64: the square of a large feature leaves float32's range.
                const double length = unit.cast<double>().norm();
                unit = (unit.cast<double>() / std::max(length, 1e-12)).cast<float>();
            }
        return block;
    }

private:
    std::shared_ptr<const RowSource> m_rows;
    std::int64_t m_parts;
};

} // namespace

FeatureSet headInput(const FeatureSet& features, const ClassifierHead& head)
{
    FeatureSet input = features;
    if (head.unitParts > 0)
        input.features = std::make_shared<const UnitRows>(features.features, head.unitParts);
    return input;
}

} // namespace monotail
