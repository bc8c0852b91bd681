// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <memory>
#include <optional>

#include "evaluate/headroom.h"
#include "evaluate/sweep.h"
#include "session/choices.h"
#include "session/document.h"

/// What takes longer than measuring one rescaling, as functions; they run in the background.
namespace monotail {

/// The fit that a projection comes from.
struct FitKey
{
    Direction direction;
    Ties ties;
    FitWeights weights;

    bool operator==(const FitKey&) const = default;
};
FitKey fitKey(const Choices& choices);

/// A parameter's curve is that of a method, a bias rule and groups; the projection across it is
/// that of a fit.
struct SweepKey
{
    SweepRange range;
    BiasRule bias;
    ShotRule groups;
    FitKey fit;

    bool operator==(const SweepKey&) const = default;
};
struct SweepStudy
{
    SweepKey key;
    Sweep sweep;
};
/// Nothing for a method without a parameter.
std::optional<SweepKey> sweepKey(const Choices& choices, const std::vector<double>& norms);
std::shared_ptr<const SweepStudy> studySweep(const Document& document, const ClassProfile& profile,
                                             const SweepKey& key, const Progress& progress);

struct HeadroomKey
{
    ShotRule groups;
    FitKey fit;

    bool operator==(const HeadroomKey&) const = default;
};
struct HeadroomStudy
{
    HeadroomKey key;
    HeadroomResult result;
    std::string problem; ///< why there is none, as a sentence; empty = there is
};
HeadroomKey headroomKey(const Choices& choices);
std::shared_ptr<const HeadroomStudy> studyHeadroom(const Document& document,
                                                   const ClassProfile& profile,
                                                   const HeadroomKey& key,
                                                   const Progress& progress);

/// Calibration errors at the head's own scale and after one fitted temperature.
struct CalibrationStudy
{
    Rescaling rescaling; ///< whose the errors after are
    ShotRule groups;
    struct Errors
    {
        Calibration own;
        std::optional<Calibration> fitted;        ///< n/a with fewer than two samples
        std::array<double, 2> temperatures{1, 1}; ///< fitted on the halves
    };
    Errors before, after;
};
std::shared_ptr<const CalibrationStudy> studyCalibration(const Document& document,
                                                         const Rescaling& rescaling,
                                                         const ShotRule& rule,
                                                         const Progress& progress);

} // namespace monotail
