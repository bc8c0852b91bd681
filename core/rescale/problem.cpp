// SPDX-License-Identifier: GPL-3.0-or-later
#include "rescale/problem.h"

#include <algorithm>

namespace monotail {

namespace {

/// The best head of so many classes among those that `query` alone would offer too.
std::optional<HeadCandidate> otherHead(const Checkpoint& checkpoint, const HeadQuery& query,
                                       const HeadCandidate& first, std::int64_t classes)
{
    HeadQuery known = query;
    known.classes = classes;
    const std::vector<HeadCandidate> offered = findHeads(checkpoint, query).candidates;
    const auto isOffered = [&](const HeadCandidate& head) {
        return head.weight == first.weight ||
               (query.name.empty() &&
                std::any_of(offered.begin(), offered.end(), [&](const HeadCandidate& other) {
                    return other.weight == head.weight;
                }));
    };
    const std::vector<HeadCandidate> fitting = findHeads(checkpoint, known).candidates;
    const auto found = std::find_if(fitting.begin(), fitting.end(), isOffered);
    return found == fitting.end() ? std::nullopt : std::optional(*found);
}

} // namespace

HeadCandidate chooseHead(const Checkpoint& checkpoint, HeadQuery query, const std::string& counts,
                         const ClassNaming& naming)
{
    if (!counts.empty() && query.name.empty() && findHeads(checkpoint, query).tied > 1)
        query.classes = readClassSet(counts, std::nullopt, naming).size();
    return chooseHead(checkpoint, query);
}

CountedHead withClasses(const Checkpoint& checkpoint, const HeadQuery& query, HeadCandidate first,
                        const std::string& counts, const ClassNaming& naming)
{
    try {
        return {first, readClassSet(counts, first.classes, naming)};
    } catch (const Error&) {
        try {
            const ClassSet classes = readClassSet(counts, std::nullopt, naming);
            if (const auto head = otherHead(checkpoint, query, first, classes.size()))
                return {*head, classes};
        } catch (const Error&) { // the first sentence says more
        }
        throw;
    }
}

} // namespace monotail
