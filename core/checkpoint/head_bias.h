// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "checkpoint/head.h"

/// What a stored bias, one number per stored row, must hold for the head's effective bias to become
/// `bias` (C). The background row, and a class whose bias does not change, keep their numbers.
namespace monotail {

std::vector<double> linearBias(const ClassifierHead& head, const std::vector<double>& stored,
                               const std::vector<double>& bias);

/// The same for new rows, whose bias is that of the file in no class, and each expert's. Where LWS
/// scales lie above it, they are 1.
std::vector<double> replacedBias(const ClassifierHead& head, const std::vector<double>& stored,
                                 const std::vector<double>& bias);

/// One expert's: the mean of all moves by what each moves by.
std::vector<double> expertBias(const ClassifierHead& head, const std::vector<double>& stored,
                               const std::vector<double>& bias);

/// Under LWS scales: logits = s * (W f + b), so b = wanted / s, with s rescaled already
/// (`newScales`, one per stored row). Throws Error where s is 0 and a bias is wanted.
std::vector<double> lwsBias(const ClassifierHead& head, const std::vector<double>& stored,
                            const std::vector<double>& scale, const std::vector<double>& newScales,
                            const std::vector<double>& bias);

} // namespace monotail
