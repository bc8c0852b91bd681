// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace monotail {

/// The words of the field that the window uses, for tooltips.
enum class Term {
    WeightNorm,
    CentredNorm,
    TrainingImages,
    FrequencyRank,
    Pava,
    Block,
    Fitted,
    Scale,
    Bias,
    SamnProjection,
    Tau,
    MaxNorm,
    LogitAdjustment,
    EqualNorms,
    Manual,
    NoMethod,
    Direction,
    Ties,
    FitWeights,
    Groups,
    Many,
    Medium,
    Few,
    Top1,
    ClassMean,
    Recall,
    Interval,
    Change,
    AdjustedP,
    McNemar,
    Selection,
    Sweep,
    ChosenParameter,
    TestPrior,
    CalibrationError,
    ScaleHeadroom,
    BiasHeadroom,
    Confusion,
    Margin,
    ErrorCause,
};

/// A sentence or two of plain words.
QString definition(Term term);

} // namespace monotail
