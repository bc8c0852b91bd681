// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace monotail {
struct Method;
}

namespace monotail::detail {

/// Throws Error if the method's parameter is out of range.
void checkParameter(const Method& method);

} // namespace monotail::detail
