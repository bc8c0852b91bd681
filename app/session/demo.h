// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/document.h"

namespace monotail {

/// The embedded example's files; `part` is "stage1", "crt" or "lws". Throws Error if it is not
/// installed.
Inputs demoInputs(const std::string& part);

} // namespace monotail
