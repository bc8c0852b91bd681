// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace monotail::cli {

/// The whole command line: 0 = done, 1 = an error was printed, 2 = the usage was wrong.
int runProgram(int argc, char** argv);

} // namespace monotail::cli
