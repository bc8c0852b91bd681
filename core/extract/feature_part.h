// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "extract/network.h"
#include "platform/growing_file.h"

namespace monotail {

/// What an extraction has done so far, in a file that a later run goes on with: one record per
/// sample in the order of the list, each a byte (1 = it has features, 2 = and its image was
/// converted) and D + C float32 numbers.
class FeaturePart
{
public:
    /// Opens or makes it; an unreadable one begins anew. Throws Error as GrowingFile does.
    explicit FeaturePart(const std::filesystem::path& path);

    std::int64_t samples() const { return m_samples; } ///< records
    std::int64_t width() const { return m_width; }     ///< D; 0 = not known yet
    std::int64_t classes() const { return m_classes; } ///< C; 0 = no logits
    /// Begins anew.
    void reset();
    /// Before the first append(). Throws Error where an earlier run had other sizes.
    void setSizes(std::int64_t width, std::int64_t classes);
    enum class Mark : std::uint8_t { Missing, Good, Converted };
    /// A record for each mark: the next row of `output` where the sample has one, else zeros.
    void append(const std::vector<Mark>& marks, const NetworkOutput& output);

    /// Calls `row` with the D + C numbers of every sample that has them, in order.
    using RowVisitor = std::function<void(std::int64_t sample, std::span<const float> row)>;
    void visit(const RowVisitor& row) const;
    std::vector<std::int64_t> marked(Mark mark) const; ///< the samples with this mark

    void remove() { m_file.remove(); }

private:
    std::size_t recordBytes() const;

    GrowingFile m_file;
    std::int64_t m_width = 0;
    std::int64_t m_classes = 0;
    std::int64_t m_samples = 0;
};

} // namespace monotail
