// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include "base/text.h"
#include "cli/console.h"
#include "cli/options.h"
#include "cli/problem.h"
#include "platform/atomic_file.h"
#include "platform/outputs.h"
#include "report/json.h"
#include "report/norm_chart.h"
#include "report/text.h"

namespace monotail::cli {

namespace {

struct Profile
{
    std::string checkpoint;
    std::string chart;
    CommonFlags common;
    HeadFlags head;
    CountFlags counts;
    FitFlags fit;
    ForceFlag force;
};

std::string asText(const Problem& problem)
{
    const FitOptions& fit = problem.profile.options;
    std::string out = message(
        "{}, head {} ({} classes x {} features)\n"
        "counts from {}; ordered by {}; direction {}, ties {}, weights {}\n\n",
        printable(problem.checkpoint->path.string(), 400), printable(problem.head.source.weight),
        problem.head.classes(), problem.head.features(),
        printable(problem.classes.countsSource, 400), printable(fit.metricName, 400),
        nameOf(fit.direction), nameOf(fit.ties), nameOf(fit.weights));
    out += format(abridged(profileTable(problem.head, problem.classes, problem.profile), mostRows),
                  TableFormat::Text);
    out += message("\n{}\n", describeBlocks(problem.profile));
    out +=
        format(abridged(blockTable(problem.classes, problem.profile), mostRows), TableFormat::Text);
    out +=
        message("\nShared by all rows: a mean row of {} of a row's mean norm. Softmax ignores what "
                "all rows share, norms count it.\n",
                toText(problem.profile.meanRowRatio, 3));
    return out;
}

void run(const Profile& options)
{
    checkOutputs(inputFiles(options.checkpoint, {}, options.counts, options.fit, {}),
                 {options.chart}, options.force.overwrite());
    const Problem problem =
        loadProblem(options.checkpoint, options.head, options.counts, options.fit);
    const Json json = profileJson(problem.head, problem.classes, problem.profile);
    if (!options.chart.empty())
        writeTextFile(
            options.chart,
            normChartSvg(problem.profile, problem.classes,
                         message("{} and weight norm: {}",
                                 options.fit.order.empty()
                                     ? "Class frequency"
                                     : std::filesystem::path(options.fit.order).filename().string(),
                                 problem.checkpoint->path.filename().string())),
            options.force.overwrite());
    if (options.common.json)
        return print(dump(json));
    printWarnings(json["warnings"].get<Warnings>());
    print(asText(problem));
}

} // namespace

void addProfile(CLI::App& app)
{
    const auto options = std::make_shared<Profile>();
    CLI::App* verb =
        app.add_subcommand("profile", "Class frequency against weight norm, before and after PAVA");
    verb->add_option("CKPT", options->checkpoint, "The checkpoint")->required();
    verb->add_option("--chart", options->chart, "Also draw the picture to this file (.svg)")
        ->check(accepted([](const std::string& path) {
            if (!endsWith(lowered(path), ".svg"))
                throw Error("the picture is drawn as SVG: choose a name that ends in .svg");
        }));
    options->common.addTo(*verb);
    options->head.addTo(*verb);
    options->counts.addTo(*verb);
    options->fit.addTo(*verb);
    options->force.addTo(*verb);
    verb->footer("Example:\n  monotail-cli profile checkpoint.pth.tar --counts train.txt "
                 "--chart norms.svg");
    verb->final_callback([options] { run(*options); });
}

} // namespace monotail::cli
