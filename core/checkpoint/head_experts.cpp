// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/head_experts.h"

#include <map>
#include <optional>

#include "base/text.h"
#include "checkpoint/head_names.h"

namespace monotail {

namespace {

constexpr std::size_t mostExperts = 16;

/// "a.linears.2" -> "a.linears"; "experts.2.fc" -> "experts.#.fc"; nothing for other names.
struct Place
{
    std::string list;
    std::string_view number;
};

std::optional<Place> placeOf(std::string_view module)
{
    const std::string_view last = lastNameOf(module);
    const std::string_view above = parentOf(module);
    if (isNumber(last) && isExpertList(lastNameOf(above)))
        return Place{std::string(above), last};
    const std::string_view list = parentOf(above);
    if (isNumber(lastNameOf(above)) && isExpertList(lastNameOf(list)) &&
        headNameOf(last) == HeadName::Exact)
        return Place{message("{}.#.{}", list, last), lastNameOf(above)};
    return {};
}

bool areAlike(const HeadCandidate& a, const HeadCandidate& b)
{
    return a.classes == b.classes && a.features == b.features && a.kind == b.kind &&
           a.orientation == b.orientation && a.bias.empty() == b.bias.empty();
}

/// Whether these are numbered from 0 without a gap and could be one head's experts.
bool areExperts(const std::vector<const LocatedHead*>& group)
{
    if (group.size() < 2 || group.size() > mostExperts)
        return false;
    const HeadCandidate& first = group.front()->head;
    const bool isKind = first.kind == HeadKind::Linear || first.kind == HeadKind::Cosine;
    if (!isKind || first.classes == first.features) // square: attention, not classes
        return false;
    for (std::size_t i = 0; i < group.size(); ++i)
        if (placeOf(group[i]->module)->number != std::to_string(i) ||
            !areAlike(first, group[i]->head))
            return false;
    return true;
}

LocatedHead join(const std::vector<const LocatedHead*>& group)
{
    LocatedHead joined = *group.front();
    joined.module = placeOf(joined.module)->list;
    joined.position = group.back()->position;
    for (const LocatedHead* part : group)
        joined.head.experts.push_back({part->head.weight, part->head.bias});
    joined.head.features *= static_cast<std::int64_t>(group.size());
    if (joined.head.kind == HeadKind::Linear)
        joined.head.kind = HeadKind::Experts;
    return joined;
}

} // namespace

std::vector<LocatedHead> withExpertsJoined(const std::vector<LocatedHead>& heads)
{
    std::map<std::string, std::vector<const LocatedHead*>> groups;
    for (const LocatedHead& head : heads)
        if (const auto place = placeOf(head.module))
            groups[place->list].push_back(&head);
    std::vector<LocatedHead> out;
    for (const LocatedHead& head : heads) {
        const auto place = placeOf(head.module);
        const bool isPart = place && areExperts(groups.at(place->list));
        if (!isPart)
            out.push_back(head);
        else if (groups.at(place->list).back() == &head)
            out.push_back(join(groups.at(place->list)));
    }
    return out;
}

} // namespace monotail
