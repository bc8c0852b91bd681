// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/groups.h"

#include <optional>

#include "base/error.h"
#include "base/text.h"

namespace monotail {

namespace {

/// "MANY,FEW" as two counts, if it is that.
std::optional<ShotRule> parseThresholds(std::string_view text)
{
    const std::vector<std::string_view> parts = split(text, ',');
    if (parts.size() != 2)
        return std::nullopt;
    const std::optional<std::int64_t> many = parseInteger(parts[0]);
    const std::optional<std::int64_t> few = parseInteger(parts[1]);
    if (!many || !few || *many < 0 || *few < 0)
        return std::nullopt;
    return ShotRule{"custom", *many, *few, false};
}

Shot shotOf(std::int64_t count, const ShotRule& rule)
{
    if (count > rule.many)
        return Shot::Many;
    const bool few = rule.fewIncludesBound ? count <= rule.few : count < rule.few;
    return few ? Shot::Few : Shot::Medium;
}

} // namespace

ShotRule parseShotRule(std::string_view text)
{
    const std::string word = lowered(trimmed(text));
    if (word == "kang")
        return ShotRule{};
    if (word == "samn")
        return ShotRule{"samn", 100, 20, true};
    const std::optional<ShotRule> rule = parseThresholds(word);
    if (!rule)
        throw Error(message("groups \"{}\": expected kang, samn or two counts MANY,FEW such as "
                            "100,20 (many n > MANY, few n < FEW)",
                            printable(text)));
    if (rule->few - 1 > rule->many)
        throw Error(message("groups \"{}\": a class with {} images would be both many and few; "
                            "give MANY,FEW with FEW at most MANY + 1",
                            printable(text), rule->few - 1));
    return *rule;
}

std::string describe(const ShotRule& rule)
{
    const char* less = rule.fewIncludesBound ? "<=" : "<";
    const char* more = rule.fewIncludesBound ? "<" : "<=";
    const std::int64_t firstNotFew = rule.few + (rule.fewIncludesBound ? 1 : 0);
    if (firstNotFew > rule.many)
        return message("many n > {}, no medium, few n {} {}", rule.many, less, rule.few);
    return message("many n > {}, medium {} {} n <= {}, few n {} {}", rule.many, rule.few, more,
                   rule.many, less, rule.few);
}

ShotGroups groupClasses(const std::vector<std::int64_t>& counts, const ShotRule& rule)
{
    ShotGroups groups{rule, {}, {}};
    groups.of.reserve(counts.size());
    for (const std::int64_t count : counts) {
        const Shot shot = shotOf(count, rule);
        groups.of.push_back(shot);
        ++groups.sizes[static_cast<std::size_t>(shot)];
    }
    return groups;
}

} // namespace monotail
