// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "checkpoint/tensor_layout.h"
#include "dataset/number_load.h"
#include "dataset/numbers.h"

namespace monotail {

namespace {

/// Whether all are finite; without branches, so that it costs next to nothing beside the loads.
bool allFinite(const float* values, std::int64_t count)
{
    std::uint32_t worst = 0;
    for (std::int64_t i = 0; i < count; ++i)
        worst = std::max(worst, std::bit_cast<std::uint32_t>(values[i]) & 0x7fffffffu);
    return worst < 0x7f800000u;
}

template <typename Number>
void convert(const std::byte* from, std::ptrdiff_t step, float* to, std::int64_t count)
{
    if (step == std::ptrdiff_t{sizeof(Number)}) {
        for (std::int64_t i = 0; i < count; ++i)
            to[i] = toFloat(load<Number>(from + i * std::ptrdiff_t{sizeof(Number)}));
        return;
    }
    for (std::int64_t i = 0; i < count; ++i)
        to[i] = toFloat(load<Number>(from + i * step));
}

class ArrayRows : public RowSource
{
public:
    explicit ArrayRows(NumberArray array) : m_array(std::move(array)) {}

    std::int64_t rows() const override { return m_array.shape[0]; }
    std::int64_t width() const override { return m_array.shape[1]; }

    RowMatrix read(std::int64_t begin, std::int64_t end) const override
    {
        if (begin < 0 || end < begin || end > rows())
            throw Error(message("{}: rows {} to {} were asked for, there are {}", m_array.name,
                                begin, end, rows()));
        RowMatrix block(end - begin, width());
        withType(m_array.type, [&](auto type) { readRows<decltype(type)>(begin, block); });
        return block;
    }

    RowMatrixD readExactly(std::int64_t begin, std::int64_t end) const override
    {
        RowMatrixD block = read(begin, end).cast<double>(); // with its checks
        if (m_array.type != NumberType::Float64)
            return block;
        for (std::int64_t i = 0; i < block.rows(); ++i)
            for (std::int64_t d = 0; d < width(); ++d)
                block(i, d) = load<double>(
                    m_array.data + ((begin + i) * m_array.stride[0] + d * m_array.stride[1]) *
                                       std::ptrdiff_t{sizeof(double)});
        return block;
    }

private:
    template <typename Number>
    void readRows(std::int64_t begin, RowMatrix& block) const
    {
        constexpr std::ptrdiff_t size = sizeof(Number);
        for (std::int64_t i = 0; i < block.rows(); ++i) {
            float* row = block.data() + i * width();
            convert<Number>(m_array.data + (begin + i) * m_array.stride[0] * size,
                            m_array.stride[1] * size, row, width());
            if (!allFinite(row, width()))
                failAt(begin + i, row);
        }
    }

    [[noreturn]] void failAt(std::int64_t sample, const float* row) const
    {
        std::int64_t at = 0;
        while (std::isfinite(row[at]))
            ++at;
        throw Error(message("{}: sample {} has {} at position {}; every number must be finite in "
                            "float32",
                            m_array.name, sample, toText(static_cast<double>(row[at])), at));
    }

    NumberArray m_array;
};

} // namespace

std::shared_ptr<const RowSource> asRows(NumberArray array)
{
    // Global average pooling leaves N x D x 1 x 1.
    while (array.shape.size() > 2 && array.shape.back() == 1) {
        array.shape.pop_back();
        array.stride.pop_back();
    }
    if (array.shape.size() != 2)
        throw Error(message("{}: one row per sample (N x D) is expected, found {}", array.name,
                            shapeText(array.shape)));
    if (array.shape[0] == 0 || array.shape[1] == 0)
        throw Error(message("{}: it is empty ({})", array.name, shapeText(array.shape)));
    return std::make_shared<ArrayRows>(std::move(array));
}

} // namespace monotail
