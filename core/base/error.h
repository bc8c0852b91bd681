// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace monotail {

/// What went wrong, as the sentence the user reads: which file or tensor, what was expected, what
/// was found, what to do.
class Error : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

/// The caller's Progress callback asked to stop. Not an error: nothing is reported.
class Cancelled : public std::exception
{
public:
    const char* what() const noexcept override { return "cancelled"; }
};

/// Findings that are worth saying but stop nothing.
using Warnings = std::vector<std::string>;

} // namespace monotail
