// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace monotail {

/// Every file that reading these sources may read, for checkOutputs(): shards and config.json
/// beside the checkpoint, each part of "features.npy,labels.npy", the files of class names beside
/// CIFAR's, the labels beside IDX images. Names of files that are not there, and of no file, are
/// among them.
std::vector<std::string> filesBehind(const std::string& checkpoint, const std::string& counts,
                                     const std::string& data);

/// Of the images that label lists name: those that may be one of the outputs, by their names.
/// Lists that cannot be read name none. `root`: see ImageQuery.
std::vector<std::string> listedImages(const std::vector<std::string>& lists,
                                      const std::string& root,
                                      const std::vector<std::string>& outputs);

} // namespace monotail
