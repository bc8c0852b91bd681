// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include "base/text.h"
#include "cli/console.h"
#include "cli/options.h"
#include "report/retrain_report.h"
#include "retrain/presets.h"

namespace monotail::cli {

namespace {

Json asJson()
{
    Json out{{"schema", jsonSchema}};
    out["presets"] = Json::array();
    for (const Preset& preset : presets())
        out["presets"].push_back({{"name", preset.name},
                                  {"title", preset.title},
                                  {"source", preset.source},
                                  {"note", textOrNull(preset.note)},
                                  {"axes", axesJson(preset.recipe)},
                                  {"settings", hyperparametersJson(preset.recipe)},
                                  {"hyperparameters", preset.hyperparameters}});
    out["warnings"] = Json::array();
    return out;
}

std::string asText()
{
    std::string out;
    for (const Preset& preset : presets()) {
        out += message("{}  ({})\n  {}\n  {}\n", preset.name, preset.title, preset.source,
                       describe(preset.recipe));
        out += preset.hyperparameters.empty()
                   ? "  adds no hyperparameter to plain training\n"
                   : message("  adds {}\n", joined(preset.hyperparameters, ", "));
        if (!preset.note.empty())
            out += message("  note: {}\n", preset.note);
        out += "\n";
    }
    return out;
}

} // namespace

void addPresets(CLI::App& app)
{
    const auto json = std::make_shared<bool>(false);
    CLI::App* verb =
        app.add_subcommand("presets", "The published stage 2 recipes, their settings and sources");
    verb->add_flag("--json", *json, "Print one JSON object instead of text");
    verb->footer("Example:\n  monotail-cli presets");
    verb->final_callback([json] { print(*json ? dump(asJson()) : asText()); });
}

} // namespace monotail::cli
