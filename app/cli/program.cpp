// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstdio>

#include "base/error.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/program.h"

namespace {

constexpr int failure = 1;
constexpr int usage = 2;

/// A file's name may hold anything; the terminal gets one line of plain text.
std::string oneLine(std::string_view text)
{
    return monotail::printable(text, 10000);
}

bool isVerb(const CLI::App& app, const std::string& name)
{
    const auto verbs = app.get_subcommands([](const CLI::App*) { return true; });
    return std::any_of(verbs.begin(), verbs.end(),
                       [&](const CLI::App* verb) { return verb->get_name() == name; });
}

/// An empty value is a slip, such as a variable that a script did not set; left alone it would be
/// taken for an option that was not given. Ahead of an option's other checks.
void refuseEmptyValues(CLI::App& app)
{
    const CLI::Validator filled(
        [](std::string& text) { return std::string(text.empty() ? "the value is empty" : ""); },
        "");
    for (CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; }))
        for (CLI::Option* option : verb->get_options())
            if (option->get_items_expected_max() > 0)
                option->transform(filled);
}

/// CLI11 returns a code of its own for each mistake; scripts only need to know it was the usage.
int parse(CLI::App& app, int argc, char** argv)
{
    try {
        // Left to itself CLI11 would say that a verb is missing, not which one it does not know.
        if (argc > 1 && argv[1][0] != '-' && !isVerb(app, argv[1]))
            throw CLI::ExtrasError("monotail-cli", {monotail::printable(argv[1])});
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
    app.failure_message([](const CLI::App*, const CLI::Error& error) {
        return monotail::message(
            "error: {}\nUse monotail-cli VERB --help to see what a verb takes.\n",
            oneLine(error.what()));
    });
    monotail::cli::addInspect(app);
    monotail::cli::addProfile(app);
    monotail::cli::addEvaluate(app);
    monotail::cli::addCompare(app);
    monotail::cli::addSweep(app);
    monotail::cli::addRetrain(app);
    monotail::cli::addPresets(app);
    monotail::cli::addExport(app);
    monotail::cli::addExtract(app);
    monotail::cli::addLongtail(app);
    monotail::cli::addCache(app);
    monotail::cli::addDemo(app);
    refuseEmptyValues(app);
    try {
        return parse(app, argc, argv);
    } catch (const std::bad_alloc&) {
        std::fputs("error: out of memory\n", stderr);
    } catch (const std::exception& error) {
        std::fputs(monotail::message("error: {}\n", oneLine(error.what())).c_str(), stderr);
    }
    return failure;
}
