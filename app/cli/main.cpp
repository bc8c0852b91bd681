// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/program.h"
#include "evaluate/torch_engine.h"

int main(int argc, char** argv)
{
    monotail::prepareTorchEngine();
    return monotail::cli::runProgram(argc, argv);
}
