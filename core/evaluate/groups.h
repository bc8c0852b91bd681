// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace monotail {

enum class Shot { Many, Medium, Few };
inline constexpr std::array<Shot, 3> allShots{Shot::Many, Shot::Medium, Shot::Few};

/// Which classes count as many-, medium- and few-shot. Kang: many n > 100, few n < 20. The SAMN
/// code: many n > 100, few n <= 20.
struct ShotRule
{
    std::string preset = "kang"; ///< "kang", "samn" or "custom"
    std::int64_t many = 100;     ///< many: n > many
    std::int64_t few = 20;       ///< few: n < few, or n <= few where fewIncludesBound
    bool fewIncludesBound = false;

    bool operator==(const ShotRule&) const = default;
};

/// "kang", "samn" or "MANY,FEW" (thresholds read as Kang's). Throws Error otherwise.
ShotRule parseShotRule(std::string_view text);
/// "many n > 100, medium 20 <= n <= 100, few n < 20".
std::string describe(const ShotRule& rule);

struct ShotGroups
{
    ShotRule rule;
    std::vector<Shot> of;              ///< by class
    std::array<std::int64_t, 3> sizes; ///< classes in many, medium, few
};
ShotGroups groupClasses(const std::vector<std::int64_t>& counts, const ShotRule& rule);

} // namespace monotail
