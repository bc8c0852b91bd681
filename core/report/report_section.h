// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dataset/features.h"
#include "evaluate/evaluation.h"
#include "report/report_page.h"
#include "rescale/class_profile.h"

namespace monotail {

/// What is known of one head; whatever is not there is null. Each part needs those above it, but
/// for `rescaling`.
struct ReportSubject
{
    const Checkpoint* checkpoint = nullptr;
    const ClassifierHead* head = nullptr;
    const ClassSet* classes = nullptr;     ///< with `profile`
    const ClassProfile* profile = nullptr; ///< with `classes`
    const FeatureSet* features = nullptr;  ///< with `evaluation`
    const Evaluation* evaluation = nullptr;
    const MethodResult* result = nullptr; ///< shown in detail; null = shownMethod(*evaluation)
    Warnings warnings;                    ///< what the parts above do not say themselves
    std::string classFile;                ///< the CSV with every class; empty if there is none
};

/// Inputs, words, warnings and tables for a report. Of many classes the tables show the first and
/// the last ones and say where the rest is. Title and figures are the caller's.
ReportSection reportSection(const ReportSubject& subject);

} // namespace monotail
