// SPDX-License-Identifier: GPL-3.0-or-later
#include "extract/feature_part.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/text.h"

namespace monotail {

namespace {

constexpr std::array<char, 8> magic{'M', 'T', 'P', 'A', 'R', 'T', '0', '1'};
constexpr std::size_t headerBytes = magic.size() + 2 * sizeof(std::int64_t);
constexpr std::size_t blockBytes = 4 << 20;
constexpr std::int64_t widestRow = 1 << 24;

} // namespace

FeaturePart::FeaturePart(const std::filesystem::path& path) : m_file(path)
{
    if (m_file.size() >= headerBytes) {
        std::array<char, magic.size()> found{};
        m_file.readAt(0, std::as_writable_bytes(std::span(found)));
        std::array<std::int64_t, 2> sizes{};
        m_file.readAt(magic.size(), std::as_writable_bytes(std::span(sizes)));
        const bool isOurs = found == magic && sizes[0] > 0 && sizes[0] < widestRow &&
                            sizes[1] >= 0 && sizes[1] < widestRow;
        if (isOurs) {
            m_width = sizes[0];
            m_classes = sizes[1];
            const std::uint64_t whole = (m_file.size() - headerBytes) / recordBytes();
            m_samples = static_cast<std::int64_t>(whole);
            m_file.truncate(headerBytes + whole * recordBytes());
            return;
        }
    }
    m_file.truncate(0);
}

void FeaturePart::reset()
{
    m_file.truncate(0);
    m_width = m_classes = m_samples = 0;
}

std::size_t FeaturePart::recordBytes() const
{
    return 1 + static_cast<std::size_t>(m_width + m_classes) * sizeof(float);
}

void FeaturePart::setSizes(std::int64_t width, std::int64_t classes)
{
    if (m_file.size() > 0) {
        if (width != m_width || classes != m_classes)
            throw Error(message("{}: an earlier run made features of {} numbers, this one makes {}",
                                printable(m_file.path().string(), 400), m_width, width));
        return;
    }
    m_width = width;
    m_classes = classes;
    const std::array<std::int64_t, 2> sizes{width, classes};
    m_file.append(std::as_bytes(std::span(magic)));
    m_file.append(std::as_bytes(std::span(sizes)));
}

void FeaturePart::append(const std::vector<Mark>& marks, const NetworkOutput& output)
{
    std::vector<std::byte> records(marks.size() * recordBytes());
    std::byte* at = records.data();
    Eigen::Index row = 0;
    for (const Mark mark : marks) {
        *at = static_cast<std::byte>(mark);
        if (mark != Mark::Missing) {
            const auto put = [&](const RowMatrix& from, std::byte* to) {
                std::memcpy(to, from.row(row).data(),
                            static_cast<std::size_t>(from.cols()) * sizeof(float));
            };
            put(output.features, at + 1);
            if (m_classes > 0)
                put(output.logits, at + 1 + static_cast<std::size_t>(m_width) * sizeof(float));
            ++row;
        }
        at += recordBytes();
    }
    m_file.append(records);
    m_samples += static_cast<std::int64_t>(marks.size());
}

void FeaturePart::visit(const RowVisitor& row) const
{
    const std::size_t block = std::max<std::size_t>(1, blockBytes / recordBytes());
    std::vector<std::byte> bytes;
    std::vector<float> numbers(static_cast<std::size_t>(m_width + m_classes));
    for (std::int64_t begin = 0; begin < m_samples; begin += static_cast<std::int64_t>(block)) {
        const auto count = std::min(block, static_cast<std::size_t>(m_samples - begin));
        bytes.resize(count * recordBytes());
        m_file.readAt(headerBytes + static_cast<std::uint64_t>(begin) * recordBytes(), bytes);
        for (std::size_t i = 0; i < count; ++i) {
            const std::byte* record = bytes.data() + i * recordBytes();
            if (*record == std::byte{0})
                continue;
            std::memcpy(numbers.data(), record + 1, numbers.size() * sizeof(float));
            row(begin + static_cast<std::int64_t>(i), numbers);
        }
    }
}

std::vector<std::int64_t> FeaturePart::marked(Mark mark) const
{
    std::vector<std::int64_t> out;
    for (std::int64_t i = 0; i < m_samples; ++i) {
        std::byte found{};
        m_file.readAt(headerBytes + static_cast<std::uint64_t>(i) * recordBytes(), {&found, 1});
        if (found == static_cast<std::byte>(mark))
            out.push_back(i);
    }
    return out;
}

} // namespace monotail
