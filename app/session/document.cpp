// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/document.h"

#include "dataset/input_files.h"

namespace monotail {

std::vector<std::string> filesOf(const Inputs& inputs)
{
    std::vector<std::string> files = filesBehind(inputs.checkpoint, inputs.counts, inputs.data);
    files.push_back(inputs.naming.classes.string());
    files.push_back(inputs.naming.classMap.string());
    return files;
}

std::shared_ptr<const Document> ownOf(const std::shared_ptr<const Document>& document)
{
    return document && document->own ? document->own : document;
}

std::vector<std::string> filesOf(const Document& document)
{
    std::vector<std::string> files = filesOf(document.inputs);
    for (const auto& shard : document.checkpoint->shards)
        files.push_back(shard->path.string());
    return files;
}

} // namespace monotail
