// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/prediction_files.h"

#include <array>
#include <map>

#include "base/text.h"
#include "evaluate/confusion.h"
#include "report/table.h"

namespace monotail {

std::string predictionsCsv(const FeatureSet& features, const Evaluation& evaluation)
{
    std::string out = "sample,label,none";
    std::vector<const MethodResult*> methods;
    for (const MethodResult& result : evaluation.methods)
        if (result.rescaling.method != "none")
            methods.push_back(&result);
    for (const MethodResult* result : methods)
        out += "," + csvField(result->rescaling.method);
    out += "\n";
    for (std::size_t i = 0; i < features.labels.size(); ++i) {
        out +=
            message("{},{},{}", i, features.labels[i], evaluation.beforePredictions.predicted[i]);
        for (const MethodResult* result : methods)
            out += "," + std::to_string(result->predictions.predicted[i]);
        out += "\n";
    }
    return out;
}

std::string confusionCsv(const FeatureSet& features, const ClassSet& classes,
                         const Evaluation& evaluation)
{
    const Predictions& before = evaluation.beforePredictions;
    const Predictions& after =
        evaluation.methods.empty() ? before : shownMethod(evaluation).predictions;
    std::map<std::pair<std::int64_t, std::int64_t>, std::array<std::int64_t, 2>> cells;
    for (const ConfusionCell& cell : confusionCells(before.predicted, features.labels))
        cells[{cell.label, cell.predicted}][0] = cell.count;
    for (const ConfusionCell& cell : confusionCells(after.predicted, features.labels))
        cells[{cell.label, cell.predicted}][1] = cell.count;
    std::string out = "label,label_name,predicted,predicted_name,before,after\n";
    for (const auto& [cell, counts] : cells)
        out += message("{},{},{},{},{},{}\n", cell.first,
                       csvField(classes.names[static_cast<std::size_t>(cell.first)]), cell.second,
                       csvField(classes.names[static_cast<std::size_t>(cell.second)]), counts[0],
                       counts[1]);
    return out;
}

} // namespace monotail
