// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dataset/image_list.h"
#include "images/decode.h"

namespace monotail {

/// One image of a list: a file decoded, or raw pixels of an array. Throws Error that names the
/// image and says why it cannot be read.
DecodedImage readImage(const ImageList& images, std::int64_t sample);

} // namespace monotail
