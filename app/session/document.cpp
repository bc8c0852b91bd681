// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/document.h"

#include "base/text.h"

namespace monotail {

std::vector<std::string> filesOf(const Inputs& inputs)
{
    std::vector<std::string> files{inputs.checkpoint, inputs.counts, inputs.data,
                                   inputs.naming.classes.string(), inputs.naming.classMap.string()};
    for (const std::string_view part : split(inputs.data, ',')) // "features.npy,labels.npy"
        files.emplace_back(part);
    return files;
}

} // namespace monotail
