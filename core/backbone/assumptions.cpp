// SPDX-License-Identifier: GPL-3.0-or-later
#include "backbone/assumptions.h"

#include <algorithm>

#include "base/text.h"

namespace monotail {

std::string Assumptions::decide(const std::string& key, const std::string& assumed,
                                const std::string& reason)
{
    const auto option = m_options.find(key);
    if (option == m_options.end())
        m_list.push_back({key, assumed, reason, false});
    else
        m_list.push_back({key, option->second, "as the user says", true});
    return m_list.back().value;
}

std::vector<BackboneAssumption> Assumptions::all() const
{
    for (const auto& [key, value] : m_options) {
        const auto isOf = [&wanted = key](const BackboneAssumption& entry) {
            return entry.key == wanted;
        };
        const bool isUsed = std::any_of(m_list.begin(), m_list.end(), isOf);
        if (isUsed)
            continue;
        std::vector<std::string> keys;
        for (const BackboneAssumption& entry : m_list)
            keys.push_back(entry.key);
        throw Error(message("--backbone {}={}: nothing of the kind is assumed about this network; "
                            "assumed are: {}",
                            printable(key), printable(value), joined(keys, ", ")));
    }
    return m_list;
}

} // namespace monotail
