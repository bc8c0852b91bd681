// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "platform/atomic_file.h"

namespace monotail::cli {

/// Flags as typed; each struct adds its own to a verb. What they mean is decided in problem.cpp.
struct CommonFlags
{
    bool json = false;
    std::string device = "auto";
    int threads = 0;

    void addTo(CLI::App& verb);
};

struct HeadFlags
{
    std::string head;
    std::string kind;
    std::string background;
    double logitScale = 0; ///< 0: not given
    bool transposed = false;

    void addTo(CLI::App& verb);
};

struct CountFlags
{
    std::string counts;
    std::string classes;
    std::string classMap;

    void addTo(CLI::App& verb);
};

struct FitFlags
{
    std::string direction = "tail-high";
    std::string ties = "average";
    std::string weights = "uniform";
    std::string order;

    void addTo(CLI::App& verb);
};

enum class Methods { One, Several };

struct MethodFlags
{
    std::vector<std::string> methods;
    std::string bias = "keep";
    std::string groups = "kang";

    void addTo(CLI::App& verb, Methods count);
};

/// Every file that the flags may name; empty names and names of no file among them.
std::vector<std::string> inputFiles(const std::string& checkpoint, const std::string& data,
                                    const CountFlags& counts, const FitFlags& fit,
                                    const MethodFlags& method);

/// The user's words for what a state_dict does not tell about its network.
struct BackboneFlag
{
    std::string options;

    void addTo(CLI::App& verb);
};

/// Whether files that exist may be replaced.
struct ForceFlag
{
    bool force = false;

    void addTo(CLI::App& verb);
    Overwrite overwrite() const { return force ? Overwrite::Replace : Overwrite::Refuse; }
};

/// A check for CLI11: what `parse` throws becomes a mistake in the usage.
template <typename Parse>
CLI::Validator accepted(Parse parse)
{
    const auto check = [parse](std::string& text) -> std::string {
        try {
            parse(text);
        } catch (const Error& error) {
            return error.what();
        }
        return {};
    };
    return CLI::Validator(check, "");
}

/// A verb: adds itself to the program and runs when it was chosen.
void addInspect(CLI::App& app);
void addProfile(CLI::App& app);
void addEvaluate(CLI::App& app);
void addCompare(CLI::App& app);
void addSweep(CLI::App& app);
void addRetrain(CLI::App& app);
void addPresets(CLI::App& app);
void addExport(CLI::App& app);
void addExtract(CLI::App& app);
void addLongtail(CLI::App& app);
void addCache(CLI::App& app);
void addDemo(CLI::App& app);

} // namespace monotail::cli
