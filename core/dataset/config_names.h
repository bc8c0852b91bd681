// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "dataset/class_set.h"

namespace monotail {

/// The classes with the names that a `config.json` beside the checkpoint gives them (`id2label`, as
/// Hugging Face writes it), where nobody else named them and it names exactly these classes. A
/// config.json of another kind changes nothing.
ClassSet withConfigNames(ClassSet classes, const std::filesystem::path& checkpoint);

} // namespace monotail
