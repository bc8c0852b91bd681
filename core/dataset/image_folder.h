// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// Image folders: one folder per class, as torchvision's ImageFolder reads them.
namespace monotail {

/// The names of the folders in a folder, sorted by bytes: the order of torchvision's ImageFolder.
/// Hidden ones are left out. Throws Error if it cannot be read.
std::vector<std::string> classFolders(const std::filesystem::path& folder);

/// A data set's root instead of its training folder would be read as classes "train" and "val".
/// Throws Error where all names are splits.
void refuseSplits(const std::filesystem::path& folder, const std::vector<std::string>& names);

/// Image files at any depth (Tiny-ImageNet keeps them in CLASS/images), below `folder` and relative
/// to it, sorted. Links to folders are not followed: they may lead in circles.
std::vector<std::string> imagesBelow(const std::filesystem::path& folder);

} // namespace monotail
