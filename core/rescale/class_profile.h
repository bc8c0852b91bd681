// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/head.h"
#include "dataset/class_set.h"
#include "isotonic/class_fit.h"

namespace monotail {

enum class FitWeights { Uniform, Count };

struct FitOptions
{
    Direction direction = Direction::TailHigh;
    Ties ties = Ties::Average;
    FitWeights weights = FitWeights::Uniform;
    std::vector<double> metric; ///< C; empty = class frequency
    std::string metricName = "class frequency";
};

/// A head's norms against class frequency, and the monotone norms closest to them.
struct ClassProfile
{
    std::vector<double> norms;  ///< C, as the head has them
    std::vector<double> metric; ///< C, the order metric
    ClassFit fit;               ///< of the norms
    std::vector<double> scale;  ///< C, fitted / norm; 1 for a row of norm 0
    FitOptions options;
    bool hasBias = false;             ///< whether the head has one
    double meanRowRatio = 0;          ///< ||mean row|| / mean ||row||
    std::vector<double> centredNorms; ///< C, norms of the rows less their mean row
    Warnings warnings;
};

/// Throws Error if sizes differ. Rows of norm 0 keep scale 1, stay out of the fit and are warned
/// about; classes of count 0 rank rarest (weight 1 when counts are the weights), with a warning.
ClassProfile profileHead(const ClassifierHead& head, const ClassSet& classes,
                         const FitOptions& options);

/// Plain words for the result: how many blocks, what that means for this head.
std::string describeBlocks(const ClassProfile& profile);

std::string_view nameOf(Direction direction);
std::string_view nameOf(Ties ties);
std::string_view nameOf(FitWeights weights);

} // namespace monotail
