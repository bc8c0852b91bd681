// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include "base/text.h"
#include "cli/console.h"
#include "cli/image_flags.h"
#include "cli/options.h"
#include "extract/feature_cache.h"
#include "report/json.h"

namespace monotail::cli {

namespace {

struct Cache
{
    bool clear = false;
    double keepGib = -1; ///< not given
    bool json = false;
};

constexpr double gib = 1 << 30;

std::string sizeText(std::uint64_t bytes)
{
    return message("{} MiB", toText(static_cast<double>(bytes) / (1 << 20), 1));
}

void run(const Cache& options)
{
    const FeatureCache cache;
    FeatureCache::Contents removed;
    if (options.clear)
        removed = cache.shrink(0);
    else if (options.keepGib >= 0)
        removed = cache.shrink(static_cast<std::uint64_t>(options.keepGib * gib));
    const FeatureCache::Contents left = cache.contents();
    const std::string folder = cache.folder().string();
    if (options.json)
        return print(dump({{"schema", 1},
                           {"folder", folder},
                           {"files", left.files},
                           {"bytes", left.bytes},
                           {"removed_files", removed.files},
                           {"removed_bytes", removed.bytes},
                           {"warnings", Warnings()}}));
    if (removed.files > 0)
        print(message("removed {} files, {}\n", removed.files, sizeText(removed.bytes)));
    print(message("{}: {} files, {}\n", printable(folder, 400), left.files, sizeText(left.bytes)));
}

} // namespace

void addCache(CLI::App& app)
{
    const auto options = std::make_shared<Cache>();
    CLI::App* verb = app.add_subcommand("cache", "The extracted features that are kept, and how to "
                                                 "let go of them");
    CLI::Option* clear = verb->add_flag("--clear", options->clear, "Remove all of them");
    verb->add_option("--keep", options->keepGib,
                     "Remove what was used longest ago until this many GiB are left")
        ->check(accepted(checkGib))
        ->excludes(clear);
    verb->add_flag("--json", options->json, "Print one JSON object instead of text");
    verb->footer("Example:\n  monotail-cli cache --keep 5");
    verb->final_callback([options] { run(*options); });
}

} // namespace monotail::cli
