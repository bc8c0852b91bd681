// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "cli/image_flags.h"
#include "cli/options.h"
#include "cli/train_flags.h"

namespace monotail::cli {

/// Of the verb that sweeps: a rescaling's parameter (--method), or one of training (--over).
struct SweepFlags
{
    std::string checkpoint;
    std::string data;
    std::string validation;
    std::string method;
    std::string bias = "keep";
    std::string groups = "kang";
    std::string csv;
    std::string table = "text";
    CommonFlags common;
    HeadFlags head;
    ImageFlags images;
    CountFlags counts;
    FitFlags fit;
    ForceFlag force;

    std::string over;
    std::string train;
    std::vector<std::string> views;
    std::vector<std::string> beside;
    int seeds = 1;
    TrainFlags training; ///< its seed is that of the halves, too

    void addTrainingTo(CLI::App& verb);
};

/// --over: trains, and prints.
void runTrainSweep(const SweepFlags& options);

} // namespace monotail::cli
