// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include "backbone/backbone.h"
#include "evaluate/evaluation.h"
#include "rescale/class_profile.h"

/// The stable JSON of the command line: every object has `schema` and `warnings`; rates are
/// percent, "n/a" and numbers that are not finite are null.
namespace monotail {

using Json = nlohmann::ordered_json;

constexpr int jsonSchema = 1;

enum class Digests { Omit, Compute };

Json headJson(const HeadCandidate& head);
/// Null for an empty text.
Json textOrNull(const std::string& text);

Json inspectJson(const Checkpoint& checkpoint, const HeadSearch& heads,
                 const BackboneFinding& backbone, Digests digests);
Json profileJson(const ClassifierHead& head, const ClassSet& classes, const ClassProfile& profile);
Json evaluateJson(const Checkpoint& checkpoint, const ClassifierHead& head, const ClassSet& classes,
                  const FeatureSet& features, const Evaluation& evaluation);
/// The metrics of one set of predictions, without per-class rows: for tables and provenance.
Json metricsJson(const AccuracyReport& report);
/// One line per object or indented; bytes that are no UTF-8 are replaced, never an exception.
std::string dump(const Json& json);

} // namespace monotail
