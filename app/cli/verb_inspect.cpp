// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include "base/text.h"
#include "cli/console.h"
#include "cli/options.h"
#include "cli/problem.h"
#include "report/json.h"
#include "report/table.h"
#include "report/text.h"

namespace monotail::cli {

namespace {

struct Inspect
{
    std::string file;
    bool digest = false;
    CommonFlags common;
    HeadFlags head;
    BackboneFlag backbone;
};

std::string shapeText(const Tensor& tensor)
{
    std::vector<std::string> sizes;
    for (const std::int64_t size : tensor.shape)
        sizes.push_back(toText(size));
    return sizes.empty() ? "scalar" : joined(sizes, " x ");
}

std::string scalarText(const ScalarEntry& entry)
{
    if (const auto* text = std::get_if<std::string>(&entry.value))
        return message("{} = \"{}\"", printable(entry.name), printable(*text));
    if (const auto* number = std::get_if<double>(&entry.value))
        return message("{} = {}", printable(entry.name), *number);
    return message("{} = {}", printable(entry.name), std::get<std::int64_t>(entry.value));
}

std::string headText(const HeadCandidate& head, bool first)
{
    return message("  {} {}: {}; {}\n", first ? "*" : " ", printable(head.weight), head.reason,
                   headReading(head));
}

Table tensorTable(const Checkpoint& checkpoint, Digests digests)
{
    Table table{{"tensor", "type", "shape"}, {}, 3};
    if (digests == Digests::Compute)
        table.header.push_back("sha256");
    for (const Tensor& tensor : checkpoint.tensors) {
        table.rows.push_back(
            {printable(tensor.name), std::string(nameOf(tensor.dtype)), shapeText(tensor)});
        if (digests == Digests::Compute)
            table.rows.back().push_back(tensorDigest(checkpoint, tensor));
    }
    return table;
}

std::string backboneText(const BackboneFinding& backbone)
{
    if (!backbone.plan)
        return message("\nbackbone\n  {}\n", backbone.reason);
    std::string out =
        message("\nbackbone\n  {}, tensors {}*\n  assumed, since the file does not tell "
                "(--backbone KEY=VALUE says otherwise):\n",
                backbone.plan->family, printable(backbone.plan->prefix));
    for (const BackboneAssumption& entry : backbone.plan->assumptions)
        out += message("    {}={}: {}\n", entry.key, entry.value, entry.reason);
    return out;
}

std::string asText(const Checkpoint& checkpoint, const HeadSearch& heads,
                   const BackboneFinding& backbone, Digests digests)
{
    std::string out = message("{}: {}, {} tensors\n\n", printable(checkpoint.path.string(), 400),
                              checkpoint.format, checkpoint.tensors.size());
    out += "classifier heads\n";
    for (const HeadCandidate& head : heads.candidates)
        out += headText(head, &head == heads.candidates.data());
    if (heads.candidates.empty())
        out += "  none\n";
    out += backboneText(backbone);
    for (const ScalarEntry& entry : checkpoint.scalars)
        out += (&entry == checkpoint.scalars.data() ? "\nvalues\n  " : "  ") + scalarText(entry) +
               "\n";
    for (const std::string& object : checkpoint.objects)
        out += (&object == checkpoint.objects.data() ? "\nobjects of other kinds (never run)\n  "
                                                     : "  ") +
               printable(object) + "\n";
    out += "\n";
    out += format(tensorTable(checkpoint, digests), TableFormat::Text);
    const Json json = inspectJson(checkpoint, heads, backbone, Digests::Omit);
    Warnings warnings = json["warnings"].get<Warnings>();
    if (backbone.plan)
        warnings.insert(warnings.end(), backbone.plan->warnings.begin(),
                        backbone.plan->warnings.end());
    printWarnings(warnings);
    return out;
}

void run(const Inspect& options)
{
    const auto checkpoint = openCheckpoint(options.file);
    HeadSearch heads = findHeads(*checkpoint, headQuery(options.head));
    if (!options.head.head.empty()) { // what the user names, and nothing else
        heads.candidates = {chooseHead(*checkpoint, headQuery(options.head))};
        heads.tied = 1;
        heads.passedOver.clear();
        heads.notes.clear();
    }
    const Digests digests = options.digest ? Digests::Compute : Digests::Omit;
    const BackboneFinding backbone =
        findBackbone(*checkpoint, heads, parseBackboneOptions(options.backbone.options));
    if (options.common.json)
        return print(dump(inspectJson(*checkpoint, heads, backbone, digests)));
    print(asText(*checkpoint, heads, backbone, digests));
}

} // namespace

void addInspect(CLI::App& app)
{
    const auto options = std::make_shared<Inspect>();
    CLI::App* verb = app.add_subcommand("inspect", "Show what a checkpoint holds");
    verb->add_option("FILE", options->file, "The checkpoint")->required();
    verb->add_flag("--digest", options->digest, "Also the SHA-256 of every tensor's numbers");
    options->common.addTo(*verb);
    options->head.addTo(*verb);
    options->backbone.addTo(*verb);
    verb->footer("Example:\n  monotail-cli inspect checkpoint.pth.tar");
    verb->final_callback([options] { run(*options); });
}

} // namespace monotail::cli
