// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QString>
#include <memory>
#include <optional>
#include <vector>

#include "base/progress.h"
#include "evaluate/sample_pick.h"
#include "images/picture.h"
#include "session/document.h"

/// Samples one by one: which lie behind a selection, how one of them is classified and why. As
/// functions; they run in the background.
namespace monotail {

/// A cell of the confusion of classes or of groups.
struct SampleCell
{
    QString name;                       ///< "Coat taken for Pullover"
    std::vector<std::int64_t> selected; ///< with it, ascending
    std::vector<std::int64_t> truth, takenFor;

    bool operator==(const SampleCell&) const = default;
};

/// Which samples are looked at. Their true classes are those selected, or the cell's.
struct SampleView
{
    SampleChange change = SampleChange::All;
    SampleOrder order = SampleOrder::File;
    std::optional<SampleCell> cell;

    bool operator==(const SampleView&) const = default;
};

/// The head as it is and as rescaled, with what they predict.
struct BeforeAfter
{
    PredictedUnder before, after;
};

struct SampleStudy
{
    Rescaling after;
    SampleQuery query;
    SampleOrder order;
    QString cell; ///< its name; empty = none
    std::vector<PickedSample> samples;
};
std::shared_ptr<const SampleStudy> studySamples(const Document& document, const BeforeAfter& heads,
                                                const SampleView& view,
                                                const std::vector<std::int64_t>& selected,
                                                const Progress& progress);

struct StoryStudy
{
    Rescaling after;
    SampleStory story;
    QImage image;         ///< null where there is none, or it cannot be read
    QSize size;           ///< of the image in its file
    QString imageProblem; ///< why it cannot be read; empty if it can
    QString conversion;   ///< what is unusual about it: "CMYK"; empty = nothing
};
std::shared_ptr<const StoryStudy> studyStory(const Document& document, const BeforeAfter& heads,
                                             std::int64_t sample);

/// What every class's wrong samples are lost by.
struct CauseStudy
{
    Rescaling after;
    std::vector<CauseCounts> before, afterwards; ///< C
};
std::shared_ptr<const CauseStudy> studyCauses(const Document& document, const BeforeAfter& heads,
                                              const Progress& progress);

/// A picture for the screen.
QImage toImage(const Picture& picture);

/// "sample 12", or what the file calls it.
QString sampleName(const FeatureSet& features, std::int64_t sample);

/// The image behind a sample, no side longer than `side`: larger ones are scaled down. The features
/// have images. Throws Error that names the image and says why it cannot be read.
struct SampleImage
{
    QImage image;
    QSize size; ///< in the file
    QString conversion;
};
SampleImage readSampleImage(const FeatureSet& features, std::int64_t sample, int side);

} // namespace monotail
