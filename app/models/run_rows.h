// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <array>
#include <optional>
#include <vector>

#include "report/table.h"
#include "session/training_run.h"

namespace monotail {

/// What the table of runs shows of one.
struct RunRow
{
    enum class Kind {
        Own,   ///< the checkpoint's own head, to compare with
        Run,   ///< one run
        Spread ///< mean and deviation of runs that differ in nothing but the seed
    } kind = Kind::Run;
    int run = 0;           ///< its number; of Spread the last one's
    std::vector<int> runs; ///< of Spread: their numbers
    QString name, state, recipe;
    QString problem; ///< why it failed, or what else is to be known of it
    std::optional<std::uint64_t> seed;
    std::optional<int> epochs, chosenEpoch;
    QString chosenBy;
    std::optional<double> loss;     ///< of the epoch chosen, or the last so far
    std::array<Rate, 5> rates;      ///< all (top-1), class-mean, many, medium, few
    std::array<Rate, 5> deviations; ///< Spread
    bool isOver = true;             ///< neither waits nor runs

    bool operator==(const RunRow&) const = default;
};

enum class RunColumn {
    Number,
    Name,
    Seed,
    Epochs,
    Chosen,
    Loss,
    Top1,
    ClassMean,
    Many,
    Medium,
    Few,
    State
};
constexpr int runColumns = 12;

/// The checkpoint's head first, then runs by number, each mean after the last of its runs.
std::vector<RunRow> runRows(const Document* own, const ShotRule& groups,
                            const std::vector<KeptRun>& runs);

QString runCell(const RunRow& row, RunColumn column);
/// What the column is sorted by; nothing is last.
std::optional<double> runKey(const RunRow& row, RunColumn column);
QString runTip(const RunRow& row);
QString columnTitle(RunColumn column);
QString columnMeaning(RunColumn column);
bool isText(RunColumn column);

/// Plain numbers in full, one to a column.
Table runCsv(const std::vector<RunRow>& rows);

} // namespace monotail
