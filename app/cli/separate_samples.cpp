// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/separate_samples.h"

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "base/text.h"
#include "dataset/input_files.h"

namespace monotail::cli {

namespace {

[[noreturn]] void refuse(const Separation& separation, const std::string& which)
{
    throw Error(message("{} is given to {} and to {}: {}", which, separation.first,
                        separation.second, separation.why));
}

bool sameRows(const RowSource& a, const RowSource& b)
{
    if (a.rows() != b.rows() || a.width() != b.width())
        return false;
    constexpr std::int64_t tile = 4096;
    for (std::int64_t begin = 0; begin < a.rows(); begin += tile) {
        const std::int64_t end = std::min(a.rows(), begin + tile);
        const RowMatrix one = a.read(begin, end), other = b.read(begin, end);
        if (std::memcmp(one.data(), other.data(),
                        static_cast<std::size_t>(one.size()) * sizeof(float)) != 0)
            return false;
    }
    return true;
}

} // namespace

void checkSeparate(const Separation& separation, const std::string& first,
                   const std::string& second)
{
    if (first.empty() || second.empty())
        return;
    for (const std::string& one : filesBehind({}, {}, first))
        for (const std::string& other : filesBehind({}, {}, second)) {
            std::error_code none;
            if (!one.empty() && std::filesystem::equivalent(one, other, none))
                refuse(separation, printable(one, 400));
        }
}

void checkSeparate(const Separation& separation, const FeatureSet& first, const FeatureSet& second)
{
    if (first.labels == second.labels && sameRows(*first.features, *second.features))
        refuse(separation, message("{}, which holds the same samples as {},",
                                   printable(first.source), printable(second.source)));
}

} // namespace monotail::cli
