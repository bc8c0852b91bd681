// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "base/error.h"
#include "images/picture.h"

namespace monotail {

struct DecodedImage
{
    Picture picture;
    /// What is unusual about the file and was converted ("CMYK", "16 bits a channel"), to be
    /// counted and told; empty for ordinary images. Grey and a palette are ordinary.
    std::string conversion;
};

/// JPEG and PNG by content, never by name, to the pixels that PIL's convert("RGB") gives for them
/// (grey files stay one channel; see withChannels). `name` is used in messages. Throws Error that
/// says what is wrong: empty, truncated, another format (which), damaged, absurdly large.
DecodedImage decodeImage(std::span<const std::byte> bytes, const std::string& name);

} // namespace monotail
