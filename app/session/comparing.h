// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "evaluate/head_comparison.h"
#include "session/compute.h"
#include "session/document.h"

/// Two heads on the same samples: this one under two rescalings, or this and another checkpoint.
namespace monotail {

struct Side
{
    enum class Kind {
        AsItIs, ///< the head as it is in the file
        Shown,  ///< under the rescaling that is chosen
        Method, ///< under one of the table of methods
        Other,  ///< the other checkpoint's, as it is
        Own,    ///< the checkpoint's own head, where that of a run is shown
        Run,    ///< a run's head, and what its recipe has follow
    } kind = Kind::AsItIs;
    std::string method; ///< of Method: the rescaling's name
    int run = 0;        ///< of Run: its number

    bool operator==(const Side&) const = default;
};
struct Sides
{
    Side before, after{Side::Kind::Shown, {}, 0};

    bool operator==(const Sides&) const = default;
};

/// Another checkpoint on the samples of the document.
struct OtherHead
{
    Inputs inputs;
    std::shared_ptr<const ClassifierHead> head;
    Predictions predictions; ///< as it is; the classes alone
    Warnings warnings;
};
/// `inputs`: its checkpoint and, where its backbone is another one, its own features of the same
/// samples; counts and names are the document's. Throws Error for what cannot be compared.
std::shared_ptr<const OtherHead> readOther(const Document& document, const Inputs& inputs,
                                           const ComputeOptions& compute, const Progress& progress);

/// One side with what is known of it before anything is measured.
struct SideSource
{
    std::string name; ///< for people
    std::vector<std::int32_t> predicted;
    std::vector<double> norms; ///< C
};
struct PairStudy
{
    Sides sides;
    HeadComparison result;
    std::vector<double> normsBefore, normsAfter; ///< C
};
std::shared_ptr<const PairStudy> studyPair(const Document& document, const Sides& sides,
                                           const SideSource& before, const SideSource& after,
                                           const ShotRule& rule);

} // namespace monotail
