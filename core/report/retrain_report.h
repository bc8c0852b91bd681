// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include "report/json.h"
#include "report/table.h"
#include "retrain/run_study.h"

namespace monotail {

/// What every result of ours is called (METHOD section 3), and why it is said.
inline constexpr char cachedFeatures[] = "cached features";
inline constexpr char cachedFeaturesNote[] =
    "cached features: images are not augmented anew in each epoch, and the backbone's "
    "batch-norm statistics stay as they are";

/// Sampling, loss, norms, features, constraint.
Json axesJson(const Recipe& recipe);
/// The numbers behind them, those without an effect left out.
Json hyperparametersJson(const Recipe& recipe);
/// `preset, axes, epochs[{epoch, loss, ...}], blocks, seconds, seed, threads` and more; the caller
/// adds what it was trained from and where it went.
Json runJson(const Run& run);
/// Mean over seeds with "deviation" beside it.
Json seedsJson(const SeedSummary& summary);

/// Where the record of a run lies: NAME.run.json beside what it wrote.
std::filesystem::path runRecordPath(const std::filesystem::path& output);

/// A run in a table: measured on test samples, or null.
struct RunEntry
{
    const Run* run = nullptr;
    const AccuracyReport* test = nullptr;
};
/// Not measured: no test in the entry.
std::vector<RunEntry> entriesOf(const std::vector<MeasuredRun>& runs);

/// One row per run: number, name, what its accuracies are on (test, else validation at the chosen
/// epoch), seed, epochs, chosen epoch, loss there, top-1, class-mean, many, medium, few.
Table runTable(const std::vector<RunEntry>& runs);
/// The same for a file, with every setting.
Table runCsv(const std::vector<RunEntry>& runs);
/// The same with the head as it was above, where it was measured (else null), and mean and
/// deviation below, where there are two runs or more.
Table seedTable(const std::vector<MeasuredRun>& runs, const SeedSummary* before);
/// Loss, rate and validation by epoch.
Table epochTable(const Run& run);

/// In sentences: the recipe and where its settings are from, what it was trained on, which epoch
/// was chosen and by what, what its norms are like.
std::string describeRun(const Run& run);

/// "62.3 ± 0.4", "62.3", or "n/a".
std::string spreadText(const Spread& spread);

} // namespace monotail
