// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/options.h"

#include <cmath>

#include "backbone/backbone.h"
#include "base/text.h"
#include "dataset/input_files.h"
#include "evaluate/groups.h"
#include "rescale/rescaling.h"

namespace monotail::cli {

namespace {

void checkDevice(const std::string& text)
{
    const bool numbered =
        text.rfind("cuda:", 0) == 0 && parseInteger(text.substr(5)).value_or(-1) >= 0;
    if (text != "auto" && text != "cpu" && text != "cuda" && !numbered)
        throw Error(message("{}: expected auto, cpu, cuda or cuda:N", text));
}

} // namespace

void CommonFlags::addTo(CLI::App& verb)
{
    verb.add_flag("--json", json, "Print one JSON object instead of text");
    verb.add_option("--device", device, "auto, cpu, cuda or cuda:N")
        ->check(accepted(checkDevice))
        ->capture_default_str();
    verb.add_option("--threads", threads, "Threads for all computation (0 = as the system has)")
        ->check(CLI::Range(0, 256))
        ->capture_default_str();
}

void HeadFlags::addTo(CLI::App& verb)
{
    verb.add_option("--head", head, "The head's weight: any unique suffix of a tensor's name");
    verb.add_option("--kind", kind, "What the head is, where the file cannot tell")
        ->check(CLI::IsMember({"linear", "cosine", "lws"}));
    verb.add_option("--background", background,
                    "Which stored row is \"background\" and no class, where the file cannot tell")
        ->check(CLI::IsMember({"none", "first", "last"}));
    verb.add_option("--logit-scale", logitScale,
                    "What a cosine head multiplies its logits by, where the file cannot tell")
        ->check(accepted([](const std::string& text) {
            const auto value = parseDouble(text);
            if (!value || !std::isfinite(*value) || *value <= 0)
                throw Error(message("{}: a positive number is expected", printable(text)));
        }));
    verb.add_flag("--transposed", transposed, "The weight is stored D x C, a column per class");
}

void CountFlags::addTo(CLI::App& verb)
{
    verb.add_option(
            "--counts", counts,
            "Training images per class: text or CSV file, label list, image folder, feature "
            "file, .npy, JSON, or a law such as exp:500:100:100 (largest count, imbalance "
            "factor, classes)")
        ->required();
    verb.add_option("--classes", classes, "Class names, one per line in class order");
    verb.add_option("--class-map", classMap, "Lines \"name index\" that tie names to indices");
}

void FitFlags::addTo(CLI::App& verb)
{
    verb.add_option("--direction", direction,
                    "tail-high: a rarer class never has the smaller norm; head-high: the opposite")
        ->check(CLI::IsMember({"tail-high", "head-high"}))
        ->capture_default_str();
    verb.add_option("--ties", ties, "Classes of equal count: one norm, or in class order")
        ->check(CLI::IsMember({"average", "class-order"}))
        ->capture_default_str();
    verb.add_option("--pava-weights", weights, "Weights of the fit")
        ->check(CLI::IsMember({"uniform", "count"}))
        ->capture_default_str();
    verb.add_option("--order", order,
                    "CSV with one number per class to order by instead of counts");
}

void BackboneFlag::addTo(CLI::App& verb)
{
    verb.add_option("--backbone", options,
                    "What the file does not tell about its network, as KEY=VALUE,...: "
                    "max-pool=no, stem-stride=1, strides=1-2-2-2, bottleneck-stride=first, "
                    "shortcut=pad-end, eps=1e-3")
        ->check(accepted([](const std::string& text) { parseBackboneOptions(text); }));
}

void ForceFlag::addTo(CLI::App& verb)
{
    verb.add_flag("--force", force, "Replace files that exist");
}

void MethodFlags::addTo(CLI::App& verb, Methods count)
{
    CLI::Option* method =
        verb.add_option("--method", methods,
                        "samn (default), none, tau=0.7, maxnorm=1.2, logit-adjust=1, equal or "
                        "scales=FILE.csv" +
                            std::string(count == Methods::Several ? "; may be repeated" : ""));
    method->check(accepted([](const std::string& text) { parseMethod(text); }));
    if (count == Methods::One)
        method->expected(1);
    verb.add_option("--bias", bias, "Keep the bias or drop it")
        ->check(CLI::IsMember({"keep", "drop"}))
        ->capture_default_str();
    verb.add_option("--groups", groups, "Many/medium/few: kang, samn, or MANY,FEW")
        ->check(accepted([](const std::string& text) { parseShotRule(text); }))
        ->capture_default_str();
}

std::vector<std::string> inputFiles(const std::string& checkpoint, const std::string& data,
                                    const CountFlags& counts, const FitFlags& fit,
                                    const MethodFlags& method)
{
    std::vector<std::string> files = filesBehind(checkpoint, counts.counts, data);
    for (const std::string& named : {counts.classes, counts.classMap, fit.order})
        files.push_back(named);
    for (const std::string& text : method.methods)
        if (const std::size_t at = text.find('='); at != std::string::npos)
            files.push_back(text.substr(at + 1)); // scales=FILE
    return files;
}

} // namespace monotail::cli
