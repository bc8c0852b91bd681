// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "platform/atomic_file.h"
#include "session/choices.h"
#include "session/compute.h"
#include "session/document.h"

namespace monotail {

/// What the window's command line asks for.
struct Arguments
{
    Inputs inputs;                  ///< of the demo with --demo; no checkpoint = the start page
    std::string session;            ///< a session file, instead of inputs and choices
    std::optional<Choices> choices; ///< absent: as a document opens by itself
    ComputeOptions compute;
    bool render = false; ///< write the report and open no window
    std::filesystem::path output;
    Overwrite overwrite = Overwrite::Refuse;
};

/// Either arguments, or the status to exit with: 0 after --help or --version, 2 for wrong usage
/// (what is wrong is on standard error).
struct Parsed
{
    Arguments arguments;
    std::optional<int> status;
};
Parsed parseArguments(int argc, char** argv);

} // namespace monotail
