// SPDX-License-Identifier: GPL-3.0-or-later
#include "backbone/locate.h"

#include <algorithm>

#include "base/text.h"
#include "checkpoint/head_names.h"

namespace monotail {

namespace {

struct Place
{
    std::string prefix;
    Naming naming = Naming::Usual;
    const Tensor* sample = nullptr;
    std::size_t shared = 0; ///< leading parts of the name that it has in common with the head
};

std::size_t sharedParts(std::string_view a, std::string_view b)
{
    const auto left = split(a, '.');
    const auto right = split(b, '.');
    std::size_t count = 0;
    while (count < std::min(left.size(), right.size()) && left[count] == right[count])
        ++count;
    return count;
}

/// The place whose first block this tensor belongs to, by its weight or by what weight norm and the
/// like make of it.
std::optional<Place> placeOf(const Tensor& tensor, const HeadCandidate& head)
{
    for (const Naming naming : allNamings) {
        const std::size_t at = tensor.name.find(landmarkOf(naming));
        if (at == std::string::npos || (at > 0 && tensor.name[at - 1] != '.'))
            continue;
        const std::string prefix = tensor.name.substr(0, at);
        return Place{prefix, naming, &tensor, sharedParts(prefix, head.weight)};
    }
    return {};
}

std::vector<Place> places(const Checkpoint& checkpoint, const HeadCandidate& head)
{
    std::vector<Place> out;
    const bool isAveragedHead = isAveraged(head.weight);
    for (const Tensor& tensor : checkpoint.tensors) {
        const auto place = placeOf(tensor, head);
        if (!place)
            continue;
        const bool isKnown = std::any_of(out.begin(), out.end(), [&](const Place& known) {
            return known.prefix == place->prefix;
        });
        if (!isKnown && !isTrainingState(place->prefix) &&
            isAveraged(place->prefix) == isAveragedHead)
            out.push_back(*place);
    }
    return out;
}

} // namespace

std::optional<BackboneTensors> locateResNet(const Checkpoint& checkpoint, const HeadCandidate& head)
{
    std::vector<Place> found = places(checkpoint, head);
    if (found.empty())
        return {};
    std::stable_sort(found.begin(), found.end(),
                     [](const Place& a, const Place& b) { return a.shared > b.shared; });
    if (found.size() > 1 && found[0].shared == found[1].shared)
        refuse(checkpoint.path.string(),
               message("two ResNets, {}* and {}*, are equally near to {}, and the file does not "
                       "say which of them feeds it",
                       printable(found[0].prefix), printable(found[1].prefix),
                       printable(head.weight)));
    const Place& place = found.front();
    return tensorsBelow(checkpoint, head, place.prefix, place.naming, *place.sample);
}

} // namespace monotail
