// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/checkpoint.h"

/// What the names of tensors tell about their part in a model.
namespace monotail {

/// Optimizer state, momentum encoders, queues: tensors of a head's shape that are no head.
bool isTrainingState(std::string_view name);
/// A copy with averaged weights: "state_dict_ema.fc.weight".
bool isAveraged(std::string_view name);

/// How much a module's name looks like that of the classifier, worst first.
enum class HeadName {
    Other,    ///< auxiliary, projection, contrast, embedding, attention; one of many alike
    Plain,    ///< nothing known: "fc_cb"
    Numbered, ///< "fc3", "classifier.4", "fc_out", "linears.0"
    Exact,    ///< "fc", "linear", "classifier", "head", "cls", a detector's "cls_score"
};
/// Of the module that holds the weight: "state_dict.layer1.fc" for "state_dict.layer1.fc.weight".
HeadName headNameOf(std::string_view module);

/// A name for lists of classifiers that stand side by side: "linears", "experts".
bool isExpertList(std::string_view last);
bool isNumber(std::string_view text);

/// Everything before the last dot; empty if there is none.
std::string_view parentOf(std::string_view name);
/// One level up: "a." for "a.b.", empty for "a.".
std::string enclosing(const std::string& prefix);
/// What follows the last dot.
std::string_view lastNameOf(std::string_view name);

} // namespace monotail
