// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "dataset/features.h"

namespace monotail::cli {

/// What one flag names must not be what another one names.
struct Separation
{
    std::string first, second; ///< the flags: "--val", "--data"
    std::string why; ///< "a value must not be chosen and reported on the same samples; ..."
};

/// By the files' names, before anything is read; empty sources are separate. Throws Error with
/// `why`.
void checkSeparate(const Separation& separation, const std::string& first,
                   const std::string& second);
/// By what they hold: the same samples in another file or another format.
void checkSeparate(const Separation& separation, const FeatureSet& first, const FeatureSet& second);

} // namespace monotail::cli
