// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace monotail {

/// Every file that reading these sources may read, for checkOutputs(): shards and config.json
/// beside the checkpoint, each part of "features.npy,labels.npy", the files of class names beside
/// CIFAR's. Names of files that are not there, and of no file, are among them.
std::vector<std::string> filesBehind(const std::string& checkpoint, const std::string& counts,
                                     const std::string& data);

} // namespace monotail
