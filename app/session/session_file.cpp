// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/session_file.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "platform/mapped_file.h"
#include "report/json.h"
#include "session/image_json.h"
#include "session/source_json.h"
#include "session/training_json.h"

namespace monotail {

namespace {

namespace fs = std::filesystem;

constexpr int version = 1;
constexpr std::string_view ending = ".monotail.json";

/// Names as they stand in the file, so that enumerations may be reordered.
template <typename Value>
struct Named
{
    const char* name;
    Value value;
};
constexpr Named<MethodKind> methods[] = {
    {"none", MethodKind::None},        {"samn", MethodKind::Samn},
    {"tau", MethodKind::Tau},          {"maxnorm", MethodKind::MaxNorm},
    {"equal", MethodKind::EqualNorms}, {"logit-adjust", MethodKind::LogitAdjust},
    {"manual", MethodKind::Scales}};
constexpr Named<BiasRule> biases[] = {{"keep", BiasRule::Keep}, {"drop", BiasRule::Drop}};
constexpr Named<Direction> directions[] = {{"tail-high", Direction::TailHigh},
                                           {"head-high", Direction::HeadHigh}};
constexpr Named<Ties> tieRules[] = {{"average", Ties::Average}, {"class-order", Ties::ClassOrder}};
constexpr Named<FitWeights> weights[] = {{"uniform", FitWeights::Uniform},
                                         {"count", FitWeights::Count}};

template <typename Value, std::size_t size>
std::string nameIn(const Named<Value> (&names)[size], Value value)
{
    for (const auto& entry : names)
        if (entry.value == value)
            return entry.name;
    return {};
}

template <typename Value, std::size_t size>
Value valueIn(const Named<Value> (&names)[size], const Json& json, const char* key)
{
    const std::string name = json.at(key);
    for (const auto& entry : names)
        if (entry.name == name)
            return entry.value;
    throw Error(message("{} \"{}\" is none that this version knows", key, printable(name)));
}

std::string readSource(const Json& json, const char* key, const fs::path& folder,
                       SavedSession& saved)
{
    const SourceFound found = monotail::readSource(json.at(key), folder);
    saved.missing |= found.isMissing;
    if (!found.changed.empty())
        saved.changed.push_back(found.changed);
    return found.source;
}

Json choicesJson(const Choices& choices)
{
    return {{"method", nameIn(methods, choices.method)},
            {"tau", choices.tau},
            {"radius", choices.radius},
            {"adjustment", choices.adjustment},
            {"manual", choices.manual},
            {"bias", nameIn(biases, choices.bias)},
            {"direction", nameIn(directions, choices.direction)},
            {"ties", nameIn(tieRules, choices.ties)},
            {"weights", nameIn(weights, choices.weights)},
            {"groups",
             {{"preset", choices.groups.preset},
              {"many", choices.groups.many},
              {"few", choices.groups.few}}},
            {"test_prior", choices.testPrior}};
}

ShotRule readGroups(const Json& json)
{
    const std::string preset = json.at("preset");
    if (preset != "custom")
        return parseShotRule(preset);
    const std::int64_t many = json.at("many"), few = json.at("few");
    return parseShotRule(message("{},{}", many, few));
}

Choices readChoices(const Json& json)
{
    Choices choices;
    choices.method = valueIn(methods, json, "method");
    choices.tau = json.at("tau");
    choices.radius = json.at("radius");
    choices.adjustment = json.at("adjustment");
    choices.manual = json.at("manual").get<std::vector<double>>();
    choices.bias = valueIn(biases, json, "bias");
    choices.direction = valueIn(directions, json, "direction");
    choices.ties = valueIn(tieRules, json, "ties");
    choices.weights = valueIn(weights, json, "weights");
    choices.groups = readGroups(json.at("groups"));
    choices.testPrior =
        std::clamp(json.value("test_prior", 0.0), -1.0, 1.0); // absent in older files
    return choices;
}

Json headJson(const HeadQuery& head)
{
    return {{"name", head.name},
            {"kind", head.kind ? Json(nameOf(*head.kind)) : Json(nullptr)},
            {"background", head.background ? Json(nameOf(*head.background)) : Json(nullptr)},
            {"logit_scale", head.logitScale ? Json(*head.logitScale) : Json(nullptr)},
            {"classes", head.classes ? Json(*head.classes) : Json(nullptr)},
            {"transposed", head.transposed}};
}

HeadQuery readHeadQuery(const Json& json)
{
    HeadQuery query;
    query.name = json.at("name");
    if (!json.at("kind").is_null())
        query.kind = parseHeadKind(json.at("kind").get<std::string>());
    if (json.contains("background") && !json.at("background").is_null())
        query.background = parseBackgroundRow(json.at("background").get<std::string>());
    if (json.contains("logit_scale") && !json.at("logit_scale").is_null())
        query.logitScale = json.at("logit_scale").get<double>();
    if (json.contains("classes") && !json.at("classes").is_null())
        query.classes = json.at("classes").get<std::int64_t>();
    query.transposed = json.at("transposed");
    return query;
}

SavedSession readJson(const Json& json, const fs::path& folder)
{
    if (json.at("monotail_session") != version)
        throw Error(message("it is of version {}, and this program reads version {}",
                            json.at("monotail_session").dump(), version));
    SavedSession saved;
    saved.inputs.checkpoint = readSource(json, "checkpoint", folder, saved);
    saved.inputs.counts = readSource(json, "counts", folder, saved);
    saved.inputs.data = readSource(json, "data", folder, saved);
    saved.inputs.naming.classes = readSource(json, "classes", folder, saved);
    saved.inputs.naming.classMap = readSource(json, "class_map", folder, saved);
    saved.inputs.head = readHeadQuery(json.at("head"));
    if (json.contains("images")) // absent in older files
        saved.inputs.images = readImageJson(json.at("images"));
    saved.headDigest = json.at("head_sha256");
    saved.choices = readChoices(json.at("choices"));
    saved.selection = json.at("selection").get<std::vector<std::int64_t>>();
    if (json.contains("training")) { // absent in older files
        const SavedTraining training = readTrainingJson(json.at("training"), folder);
        saved.training = training.plan;
        saved.changed.insert(saved.changed.end(), training.changed.begin(), training.changed.end());
    }
    return saved;
}

} // namespace

bool isSessionFile(const std::string& path)
{
    return endsWith(lowered(path), ending);
}

void saveSession(const Snapshot& snapshot, const std::vector<std::int64_t>& selection,
                 const fs::path& target, Overwrite overwrite)
{
    if (!snapshot.hasFile())
        throw Error("there is nothing to save yet: open a checkpoint first");
    const Inputs& inputs = snapshot.document->inputs;
    const auto head = ownOf(snapshot.document)->head;
    const fs::path folder = fs::absolute(target).parent_path();
    const Json json{{"monotail_session", version},
                    {"checkpoint", sourceJson(inputs.checkpoint, folder)},
                    {"counts", sourceJson(inputs.counts, folder)},
                    {"data", sourceJson(inputs.data, folder)},
                    {"classes", sourceJson(inputs.naming.classes.string(), folder)},
                    {"class_map", sourceJson(inputs.naming.classMap.string(), folder)},
                    {"head", headJson(inputs.head)},
                    {"images", imageJson(inputs.images)},
                    {"head_sha256", head ? headDigest(*head) : ""},
                    {"training", trainingJson(snapshot.training, folder)},
                    {"choices", choicesJson(snapshot.choices)},
                    {"selection", selection}};
    writeTextFile(target, dump(json), overwrite);
}

SavedSession readSession(const fs::path& path)
{
    const auto file = MappedFile::open(path);
    const auto* text = reinterpret_cast<const char*>(file->bytes().data());
    try {
        const Json json = Json::parse(text, text + file->bytes().size());
        return readJson(json, fs::absolute(path).parent_path());
    } catch (const nlohmann::json::exception& error) {
        throw Error(message("{}: this is no session of Monotail, or it is damaged ({})",
                            path.string(), printable(error.what())));
    } catch (const Error& error) {
        throw Error(message("{}: the session cannot be read: {}", path.string(), error.what()));
    }
}

} // namespace monotail
