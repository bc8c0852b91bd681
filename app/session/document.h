// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <memory>
#include <string>
#include <vector>

#include "checkpoint/head.h"
#include "dataset/class_set.h"
#include "dataset/features.h"
#include "evaluate/evaluation.h"
#include "evaluate/kept_scores.h"
#include "extract/image_options.h"

namespace monotail {

/// What the user named. Only the checkpoint must be there.
struct Inputs
{
    std::string checkpoint;
    std::string counts; ///< a source for readClassSet()
    std::string data;   ///< a source for openFeatures(), or of images for openImages()
    HeadQuery head;
    ClassNaming naming;
    ImageOptions images{}; ///< how images become features
};

/// Every file of the inputs, for checkOutputs(): they are never written over. Of a sharded
/// checkpoint that are also the shards which its index names, there or not.
std::vector<std::string> filesOf(const Inputs& inputs);

/// What is open: read once, never changed. Three states: file (and perhaps its head), + counts
/// (`classes`), + data (`features`, `scores` and `base`).
struct Document
{
    Inputs inputs;
    std::shared_ptr<const Checkpoint> checkpoint;
    HeadSearch heads;                           ///< candidates, best first
    std::shared_ptr<const ClassifierHead> head; ///< null if there is none or it is ambiguous
    QString headProblem;                        ///< why not, as a sentence
    std::shared_ptr<const ClassSet> classes;
    std::shared_ptr<const FeatureSet> features;
    std::shared_ptr<const KeptScores> scores;
    std::shared_ptr<const Evaluation> base; ///< of the head as it is: predictions, witness
    QString device;                         ///< "CPU (LibTorch 1.13.0), OpenBLAS"
    Warnings warnings;                      ///< of reading
    /// C, printable and not too long; from the class set, else the index.
    std::vector<QString> names;

    int run = 0;       ///< that trained the head; 0 = it is the checkpoint's own
    QString headLabel; ///< of a trained one: "run 3: ce+samn"
    std::shared_ptr<const Document> own; ///< with the checkpoint's own head; null = this is it

    bool hasCounts() const { return head && classes; }
    bool hasData() const { return hasCounts() && base; }
};

/// With the checkpoint's own head.
std::shared_ptr<const Document> ownOf(const std::shared_ptr<const Document>& document);

/// The same of what is open; reads no file, and knows the shards even if the index is gone.
std::vector<std::string> filesOf(const Document& document);

} // namespace monotail
