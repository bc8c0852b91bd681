// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/selection.h"

#include <algorithm>
#include <iterator>

namespace monotail {

namespace {

std::vector<std::int64_t> inOrder(std::vector<std::int64_t> classes)
{
    std::sort(classes.begin(), classes.end());
    classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
    return classes;
}

} // namespace

bool ClassSelection::contains(std::int64_t c) const
{
    return std::binary_search(m_classes.begin(), m_classes.end(), c);
}

void ClassSelection::set(std::vector<std::int64_t> classes)
{
    classes = inOrder(std::move(classes));
    if (classes == m_classes)
        return;
    m_classes = std::move(classes);
    Q_EMIT changed();
}

void ClassSelection::toggle(const std::vector<std::int64_t>& classes)
{
    const std::vector<std::int64_t> given = inOrder(classes);
    if (!std::includes(m_classes.begin(), m_classes.end(), given.begin(), given.end()))
        return add(given);
    std::vector<std::int64_t> left;
    std::set_difference(m_classes.begin(), m_classes.end(), given.begin(), given.end(),
                        std::back_inserter(left));
    set(std::move(left));
}

void ClassSelection::add(const std::vector<std::int64_t>& classes)
{
    std::vector<std::int64_t> all = m_classes;
    all.insert(all.end(), classes.begin(), classes.end());
    set(std::move(all));
}

} // namespace monotail
