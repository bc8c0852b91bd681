// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dataset/image_list.h"
#include "session/document.h"
#include "session/training_plan.h"

namespace monotail {

/// The embedded example's files; `part` is "stage1", "crt" or "lws". Throws Error if it is not
/// installed.
Inputs demoInputs(const std::string& part);

/// What the example's heads are trained on; empty for other checkpoints.
TrainingSources demoTraining(const Inputs& inputs);

/// The images that the example's features were made from, with the features' labels. Null for
/// features of another origin, and where the images are not beside them.
std::shared_ptr<const ImageList> demoImages(const FeatureSet& features);

} // namespace monotail
