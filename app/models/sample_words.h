// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "session/snapshot.h"

/// Samples one by one, as the window words them.
namespace monotail {

QString changeName(SampleChange change);        ///< "Lost"
QString changeExplanation(SampleChange change); ///< "right before, wrong after"
QString orderName(SampleOrder order);

/// What the samples shown are: "34 samples of Coat: lost (right before, wrong after)."
QString samplesSummary(const Snapshot& snapshot, const std::vector<std::int64_t>& selected);
/// Why there are none.
QString noSamples(const Snapshot& snapshot, const std::vector<std::int64_t>& selected);

/// "0.83"; what is not quite 0 or 1 does not say so: "< 0.01".
QString probabilityText(float probability);
/// All that is known of a sample, in lines.
QString sampleCard(const Document& document, const PickedSample& of);

/// One side of the sample's story as the end of a sentence: how it is classified, and by what it is
/// lost.
QString storySentence(const Document& document, const SampleSide& side);
/// Both sides, each in a line. Wants a snapshot with a story.
QString storyText(const Snapshot& snapshot);

} // namespace monotail
