// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>

#include "base/error.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/program.h"

namespace {

constexpr int failure = 1;
constexpr int usage = 2;

/// CLI11 returns a code of its own for each mistake; scripts only need to know it was the usage.
int parse(CLI::App& app, int argc, char** argv)
{
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : usage;
    }
    return 0;
}

} // namespace

int monotail::cli::runProgram(int argc, char** argv)
{
    CLI::App app("Diagnoses and corrects classifiers trained on long-tailed data.", "monotail-cli");
    app.set_version_flag("--version", "Monotail " MONOTAIL_VERSION);
    app.require_subcommand(1);
    app.failure_message(CLI::FailureMessage::help);
    monotail::cli::addInspect(app);
    monotail::cli::addProfile(app);
    monotail::cli::addEvaluate(app);
    monotail::cli::addExport(app);
    monotail::cli::addDemo(app);
    try {
        return parse(app, argc, argv);
    } catch (const std::bad_alloc&) {
        std::fputs("error: out of memory\n", stderr);
    } catch (const std::exception& error) {
        std::fputs(monotail::message("error: {}\n", error.what()).c_str(), stderr);
    }
    return failure;
}
