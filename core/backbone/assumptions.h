// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backbone/backbone.h"

namespace monotail {

/// What is assumed about one network, in order, with the user's word where there is one.
class Assumptions
{
public:
    explicit Assumptions(const BackboneOptions& options) : m_options(options) {}

    /// What holds: the user's word for this key, or what is assumed for this reason.
    std::string decide(const std::string& key, const std::string& assumed,
                       const std::string& reason);
    /// Throws Error if the user named what this network does not have.
    std::vector<BackboneAssumption> all() const;

private:
    const BackboneOptions& m_options;
    std::vector<BackboneAssumption> m_list;
};

/// "1-2-2-2" as numbers.
std::vector<std::int64_t> parseStrides(const std::string& text);

} // namespace monotail
