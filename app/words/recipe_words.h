// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "retrain/presets.h"

/// The axes of stage-2 training as the window words them.
namespace monotail {

struct AxisWord
{
    QString name, meaning;
};

/// Each in the order of its enumeration.
std::vector<AxisWord> samplingWords();
std::vector<AxisWord> lossWords();
std::vector<AxisWord> normWords();
std::vector<AxisWord> featureWords();
std::vector<AxisWord> startWords();
std::vector<AxisWord> scheduleWords();
std::vector<AxisWord> shapeWords();
std::vector<AxisWord> precisionWords();

enum class Constraint { None, WeightDecay, MaxNorm, Both };
Constraint constraintOf(const Recipe& recipe);
std::vector<AxisWord> constraintWords();

/// What may follow the training, in the order of thenWords(); without their parameters.
const std::vector<Method>& thenMethods();
std::size_t thenIndex(const Method& method);
std::vector<AxisWord> thenWords();

/// Where a preset comes from, and what is different here; for tooltips.
QString presetWords(const Preset& preset);

/// "weight decay": what the core calls a hyperparameter, in the window's words.
AxisWord hyperparameterWord(const std::string& name);

} // namespace monotail
