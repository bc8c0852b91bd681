// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/progress.h"
#include "session/compute.h"
#include "session/document.h"

/// What open() does in the background, as functions.
namespace monotail {

struct Loaded
{
    std::shared_ptr<const Document> document;
    QString problem; ///< why counts are missing though they were named; empty = nothing is
};

/// The checkpoint, its head and the counts. `notes` are added to the document's warnings. Throws
/// Error if there is no checkpoint to open.
Loaded readInputs(const Inputs& inputs, const Warnings& notes = {});

/// The same with features, their scores and the accuracy of the head as it is. The document has
/// counts.
std::shared_ptr<const Document> readData(const Document& document, const ComputeOptions& compute,
                                         const Progress& progress);

/// Features as they are in a file, or of images through the checkpoint's backbone.
FeatureSet openSource(const Document& document, const std::string& source,
                      const ImageOptions& images, const ComputeOptions& compute,
                      const Progress& progress);

/// What is open with the head of a run in place of the checkpoint's `own`.
struct HeadOfRun
{
    int run = 0;
    QString label; ///< "run 3: ce+samn"
    std::shared_ptr<const ClassifierHead> head;
    Warnings warnings; ///< of training it
};
std::shared_ptr<const Document> withTrainedHead(const std::shared_ptr<const Document>& own,
                                                const HeadOfRun& trained,
                                                const ComputeOptions& compute,
                                                const Progress& progress);

} // namespace monotail
