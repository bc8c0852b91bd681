// SPDX-License-Identifier: GPL-3.0-or-later
#include "arguments.h"

#include <CLI/CLI.hpp>

#include "base/text.h"
#include "cli/image_flags.h"
#include "cli/options.h"
#include "cli/problem.h"
#include "session/demo.h"
#include "session/session_file.h"

namespace monotail {

namespace {

constexpr int usage = 2;

struct Flags
{
    std::string checkpoint, data, device = "auto", output = "monotail-report";
    int threads = 0;
    bool demo = false, render = false;
    cli::HeadFlags head;
    cli::ImageFlags images;
    cli::CountFlags counts;
    cli::FitFlags fit;
    cli::MethodFlags method;
    cli::CommonFlags common;
    cli::ForceFlag force;
};

void addTo(CLI::App& app, Flags& flags)
{
    app.add_option("CKPT", flags.checkpoint,
                   "A checkpoint, or a session (.monotail.json), to open");
    app.add_flag("--demo", flags.demo, "Open the embedded example");
    flags.counts.addTo(app);
    app.get_option("--counts")->required(false);
    app.add_option("--data", flags.data,
                   "Features and labels (.safetensors, .npz, .pt), or images: a folder, a "
                   "label list, CIFAR-10/100 or IDX");
    flags.head.addTo(app);
    flags.images.addTo(app);
    flags.fit.addTo(app);
    flags.method.addTo(app, cli::Methods::One);
    flags.common.addTo(app);
    app.add_flag("--render", flags.render,
                 "Write all figures, tables and the report into a folder; needs no display");
    app.add_option("-o,--output", flags.output, "The folder for --render")->capture_default_str();
    flags.force.addTo(app);
    for (const char* notHere : {"--json", "--order"})
        app.remove_option(app.get_option(notHere));
    app.footer("Examples:\n  monotail --demo\n  monotail model.pth --counts train.txt --data "
               "val.safetensors\n  monotail --demo --render -o report");
}

/// What CLI11 cannot see for itself.
void check(const Flags& flags)
{
    if (flags.demo &&
        !(flags.checkpoint.empty() && flags.counts.counts.empty() && flags.data.empty()))
        throw CLI::ValidationError("--demo", "brings its own checkpoint, counts and data");
    if (!flags.demo && flags.checkpoint.empty() &&
        !(flags.counts.counts.empty() && flags.data.empty()))
        throw CLI::ValidationError("CKPT", "counts and data need a checkpoint");
    if (isSessionFile(flags.checkpoint) &&
        !(flags.counts.counts.empty() && flags.data.empty() && flags.method.methods.empty()))
        throw CLI::ValidationError("CKPT", "a session brings its own counts, data and method");
    if (flags.render && !flags.demo && flags.checkpoint.empty())
        throw CLI::ValidationError("--render", "give a checkpoint, or --demo");
    for (const std::string& method : flags.method.methods)
        if (parseMethod(method).kind == MethodKind::Scales)
            throw CLI::ValidationError("--method", "the window takes no file of scales; use "
                                                   "monotail-cli");
}

Choices choicesOf(const Flags& flags)
{
    Choices choices;
    if (!flags.method.methods.empty()) {
        const Method method = parseMethod(flags.method.methods.front());
        choices.method = method.kind;
        if (method.kind == MethodKind::Tau)
            choices.tau = method.parameter;
        else if (method.kind == MethodKind::MaxNorm)
            choices.radius = method.parameter;
        else if (method.kind == MethodKind::LogitAdjust)
            choices.adjustment = method.parameter;
    }
    choices.bias = flags.method.bias == "drop" ? BiasRule::Drop : BiasRule::Keep;
    choices.groups = parseShotRule(flags.method.groups);
    if (flags.fit.direction == "head-high")
        choices.direction = Direction::HeadHigh;
    if (flags.fit.ties == "class-order")
        choices.ties = Ties::ClassOrder;
    if (flags.fit.weights == "count")
        choices.weights = FitWeights::Count;
    return choices;
}

Arguments argumentsOf(const Flags& flags)
{
    Arguments out;
    if (isSessionFile(flags.checkpoint))
        out.session = flags.checkpoint;
    else if (flags.demo)
        out.inputs = demoInputs("stage1");
    else
        out.inputs = {flags.checkpoint,
                      flags.counts.counts,
                      flags.data,
                      cli::headQuery(flags.head),
                      {flags.counts.classes, flags.counts.classMap},
                      flags.images.options()};
    if (const Choices choices = choicesOf(flags);
        choices != Choices() || !flags.method.methods.empty())
        out.choices = choices;
    out.compute = {flags.common.device, flags.common.threads};
    out.render = flags.render;
    out.output = flags.output;
    out.overwrite = flags.force.overwrite();
    return out;
}

} // namespace

Parsed parseArguments(int argc, char** argv)
{
    Flags flags;
    CLI::App app("Shows why a classifier trained on long-tailed data overlooks rare classes.",
                 "monotail");
    app.set_version_flag("--version", "Monotail " MONOTAIL_VERSION);
    app.failure_message([](const CLI::App*, const CLI::Error& error) {
        return message("error: {}\nUse monotail --help to see what it takes.\n",
                       printable(error.what(), 10000));
    });
    addTo(app, flags);
    try {
        app.parse(argc, argv);
        check(flags);
    } catch (const CLI::ParseError& error) {
        return {{}, app.exit(error) == 0 ? 0 : usage};
    }
    return {argumentsOf(flags), {}};
}

} // namespace monotail
