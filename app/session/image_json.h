// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "extract/image_options.h"
#include "report/json.h"

namespace monotail {

/// How images become features, as session files and settings keep it.
Json imageJson(const ImageOptions& options);
/// Throws Error, or what the JSON library throws, for what imageJson() does not write.
ImageOptions readImageJson(const Json& json);

} // namespace monotail
