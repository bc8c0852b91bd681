// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "evaluate/comparison.h"
#include "session/browsing.h"
#include "session/choices.h"
#include "session/comparing.h"
#include "session/document.h"
#include "session/studies.h"
#include "session/training_run.h"

namespace monotail {

/// Accuracies of one rescaling beside those of the head as it is, on the same samples and groups.
struct LiveAccuracy
{
    Rescaling rescaling;
    std::vector<std::int32_t> predicted; ///< N, after
    AccuracyReport before, after;
    Comparison comparison; ///< without intervals until `settled`
    ShotGroups groups;
    bool settled = false; ///< intervals, top-5, calibration and harm are there
    std::string harm;     ///< what gets worse beyond its interval, as a sentence; empty = nothing
};

/// Everything the window shows, at one moment. Absent parts are null.
struct Snapshot
{
    std::shared_ptr<const Document> document;
    Choices choices;
    std::shared_ptr<const ClassProfile> profile;  ///< with counts
    std::shared_ptr<const Rescaling> rescaling;   ///< with counts
    std::shared_ptr<const ShotGroups> groups;     ///< with counts
    std::shared_ptr<const LiveAccuracy> accuracy; ///< with data; up to a frame behind `rescaling`
    std::shared_ptr<const Evaluation> methods;    ///< with data, for the method table; a moment
                                                  ///< behind
    std::shared_ptr<const SweepStudy> sweep;      ///< of the method chosen, if it has a parameter
    std::shared_ptr<const HeadroomStudy> headroom;
    std::shared_ptr<const CalibrationStudy> calibration;
    Sides sides;                            ///< what is compared class by class
    std::shared_ptr<const OtherHead> other; ///< another checkpoint, if one was opened beside
    std::shared_ptr<const PairStudy> pair;  ///< of the sides; may be a moment behind
    TrainingPlan training;
    std::vector<std::shared_ptr<const MeasuredRun>> runs; ///< that have been measured, by number
    SampleView sampleView;
    std::shared_ptr<const SampleStudy> samples; ///< as it asks for; may be a moment behind
    std::optional<std::int64_t> sample;         ///< that is looked at closely
    std::shared_ptr<const StoryStudy> story;    ///< of that sample; may be a moment behind
    std::shared_ptr<const CauseStudy> causes;

    bool hasFile() const { return document != nullptr; }
    bool hasHead() const { return document && document->head; }
    bool hasCounts() const { return profile != nullptr; }
    bool hasData() const { return accuracy != nullptr; }
};

/// What a document opens with: the published method, where it can act.
Choices firstChoices(const Document& document);

/// The snapshot with what its document and choices ask for: profile, groups and rescaling, where
/// they are missing. `problem` says why the method chosen could not be used, if so: nothing is
/// rescaled then.
struct Derived
{
    Snapshot snapshot;
    QString problem;
};
Derived derived(Snapshot snapshot);

/// Weight norm of class c after the rescaling; the norm itself without one.
double normAfter(const Snapshot& snapshot, std::size_t c);

} // namespace monotail
