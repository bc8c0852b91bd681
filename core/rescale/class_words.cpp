// SPDX-License-Identifier: GPL-3.0-or-later
#include "rescale/class_words.h"

#include <algorithm>

#include "base/text.h"

namespace monotail::detail {

std::string className(const ClassSet& classes, std::size_t index)
{
    if (index >= classes.names.size() || classes.names[index].empty())
        return std::to_string(index);
    return printable(classes.names[index]);
}

std::string classList(const ClassSet& classes, const std::vector<std::size_t>& indices)
{
    constexpr std::size_t shown = 5;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < std::min(shown, indices.size()); ++i)
        names.push_back(className(classes, indices[i]));
    std::string list = joined(names, ", ");
    if (indices.size() > shown)
        list += message(" and {} more", indices.size() - shown);
    return message("{} {} ({})", indices.size(), indices.size() == 1 ? "class" : "classes", list);
}

} // namespace monotail::detail
