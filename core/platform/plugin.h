// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace monotail {

/// The address of `symbol` in the shared library `name` ("libmonotail_torch.so"), looked for in lib
/// folders beside the program and then where the system looks. The library stays loaded. Throws
/// Error with the system's reason.
void* loadPlugin(const std::string& name, const std::string& symbol);

} // namespace monotail
