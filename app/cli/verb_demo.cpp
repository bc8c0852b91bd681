// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <memory>

#include "base/text.h"
#include "cli/console.h"
#include "cli/options.h"
#include "cli/problem.h"
#include "platform/atomic_file.h"
#include "platform/paths.h"
#include "report/export.h"
#include "report/norm_chart.h"
#include "report/story.h"
#include "report/text.h"

namespace monotail::cli {

namespace {

namespace fs = std::filesystem;

struct Demo
{
    std::string folder = "monotail-demo";
    CommonFlags common;
};

constexpr std::string_view title = "Where did the T-shirts go?";

struct Part
{
    std::string name; ///< of the checkpoint's file, without extension
    std::string title;
};

const std::array<Part, 3> parts{
    Part{"stage1", "Stage 1: trained jointly with cross entropy"},
    Part{"crt", "Stage 2, cRT: a fresh head, trained with class-balanced sampling"},
    Part{"lws", "Stage 2, LWS: one learned scale per class on the stage-1 head"}};

struct MethodChoice
{
    std::string text;
    BiasRule bias;
};

const std::array<MethodChoice, 6> choices{
    MethodChoice{"samn", BiasRule::Keep},  MethodChoice{"samn", BiasRule::Drop},
    MethodChoice{"equal", BiasRule::Keep}, MethodChoice{"tau=1", BiasRule::Keep},
    MethodChoice{"tau=1", BiasRule::Drop}, MethodChoice{"logit-adjust=1", BiasRule::Keep}};

std::vector<Rescaling> demoRescalings(const Problem& problem)
{
    std::vector<Rescaling> out;
    for (const MethodChoice& choice : choices) {
        Method method = parseMethod(choice.text);
        method.bias = choice.bias;
        out.push_back(rescale(problem.head, problem.classes, problem.profile, method));
    }
    return out;
}

/// Runs one checkpoint through everything and keeps what was written and said.
class PartRun
{
public:
    PartRun(const Part& part, const fs::path& source, const fs::path& target, const Scorer& scorer)
        : m_part(part), m_target(target), m_scorer(scorer),
          m_problem(loadProblem((source / (part.name + ".pth.tar")).string(), {},
                                {(source / "counts.csv").string(), {}, {}}, {})),
          m_features(openFeatures((source / "features-test.safetensors").string())),
          m_evaluation(evaluateHead(*m_problem.checkpoint, m_problem.head, m_problem.classes,
                                    m_features, {}, demoRescalings(m_problem), scorer, {},
                                    consoleProgress("evaluating " + part.name)))
    {}

    void write(std::vector<std::string>& files)
    {
        const MethodResult& samn = m_evaluation.methods.front();
        save(files, m_part.name + "-norms.svg",
             normChartSvg(m_problem.profile, m_problem.classes,
                          message("{} ({}.pth.tar)", m_part.title, m_part.name)));
        save(files, m_part.name + "-classes.csv",
             format(classCsv(m_problem.classes, m_problem.profile, m_evaluation, samn),
                    TableFormat::Csv));
        save(files, m_part.name + "-methods.csv",
             format(methodCsv(m_evaluation), TableFormat::Csv));
        m_export = exportCorrected({*m_problem.checkpoint, m_problem.head, m_problem.classes,
                                    m_problem.profile, samn.rescaling, m_evaluation.groups.rule,
                                    m_target / (m_part.name + "-samn.pth.tar"), Overwrite::Replace,
                                    &m_features, &m_scorer});
        files.push_back(m_export.output.string());
        files.push_back(m_export.provenance.string());
    }

    Json json() const
    {
        Json out = evaluateJson(*m_problem.checkpoint, m_problem.head, m_problem.classes,
                                m_features, m_evaluation);
        out["profile"] = profileJson(m_problem.head, m_problem.classes, m_problem.profile);
        out["export"] = exportJson(m_export);
        return out;
    }

    std::string text() const
    {
        const MethodResult& samn = m_evaluation.methods.front();
        std::string out = heading(m_part.title);
        out += format(classTable(m_problem.classes, m_problem.profile, m_evaluation, samn),
                      TableFormat::Text);
        out += classTableNote;
        out += message("\nPAVA: {}\n", describeBlocks(m_problem.profile));
        out += format(blockTable(m_problem.classes, m_problem.profile), TableFormat::Text) + "\n";
        out += format(methodTable(m_evaluation), TableFormat::Text) + "\n";
        out += tellStory(m_features, m_problem.classes, m_evaluation, samn);
        for (const std::string& warning : m_evaluation.warnings)
            out += message("Warning: {}\n", warning);
        if (!samn.harm.empty())
            out += message("Warning: {}.\n", samn.harm);
        out += message("Corrected checkpoint: {}, top-1 of the head as written {} %.\n",
                       m_export.output.filename().string(), rateText(m_export.announced->top1, 2));
        return out;
    }

    const Evaluation& evaluation() const { return m_evaluation; }

private:
    void save(std::vector<std::string>& files, const std::string& name, const std::string& text)
    {
        writeTextFile(m_target / name, text, Overwrite::Replace);
        files.push_back((m_target / name).string());
    }

    Part m_part;
    fs::path m_target;
    const Scorer& m_scorer;
    Problem m_problem;
    FeatureSet m_features;
    Evaluation m_evaluation;
    ExportResult m_export;
};

/// A report of somebody else's in the folder is not for us to replace.
void checkReport(const fs::path& path)
{
    std::error_code missing;
    if (!fs::exists(path, missing))
        return;
    const auto file = MappedFile::open(path); // the bytes live as long as it does
    const std::string_view text(reinterpret_cast<const char*>(file->bytes().data()),
                                file->bytes().size());
    if (text.substr(0, title.size()) != title)
        throw Error(message("{} exists already and is not the demo's; choose another folder",
                            path.string()));
}

std::string introduction(const Evaluation& evaluation)
{
    return message(
        "Where did the T-shirts go?\n\nFashion-MNIST cut to a long tail: 1,000 shirts at "
        "one end, 5 sandals at the other, and the full\nbalanced test set. Each table is "
        "in order of class frequency; accuracies are percent.\n{}\n",
        describeEvaluation(evaluation));
}

void run(const Demo& options)
{
    const fs::path source = resourceFolder() / "demo";
    std::error_code failed;
    fs::create_directories(options.folder, failed);
    if (failed)
        throw Error(message("{}: cannot make the folder: {}", options.folder, failed.message()));
    const fs::path report = fs::path(options.folder) / "report.txt";
    checkReport(report);
    Warnings warnings;
    const auto scorer = torchScorer(options.common, warnings);
    Json json{{"schema", 1}};
    std::string text;
    std::vector<std::string> files;
    for (const Part& part : parts) {
        PartRun partRun(part, source, options.folder, *scorer);
        partRun.write(files);
        json[part.name] = partRun.json();
        text += (text.empty() ? introduction(partRun.evaluation()) : "") + "\n" + partRun.text();
    }
    writeTextFile(report, text, Overwrite::Replace);
    files.push_back(report.string());
    json["files"] = files;
    json["warnings"] = warnings;
    if (options.common.json)
        return print(dump(json));
    printWarnings(warnings);
    print(text +
          message("\n{} files written to {}: figures (*-norms.svg), tables (*.csv), corrected "
                  "checkpoints, report.txt\n",
                  files.size(), options.folder));
}

} // namespace

void addDemo(CLI::App& app)
{
    const auto options = std::make_shared<Demo>();
    CLI::App* verb = app.add_subcommand("demo", "The embedded example, end to end");
    verb->add_option("DIR", options->folder, "Where the results go")->capture_default_str();
    options->common.addTo(*verb);
    verb->footer("Example:\n  monotail-cli demo results");
    verb->final_callback([options] { run(*options); });
}

} // namespace monotail::cli
