// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>

#include "checkpoint/checkpoint.h"
#include "checkpoint/pickle.h"
#include "checkpoint/torch_objects.h"

namespace monotail {

/// Every storage that the pickle mentions, by key.
std::map<std::string, StorageReference> mentionedStorages(const PickleGraph& graph);

/// Walks the pickle from its root and fills `checkpoint` (whose path and storages are known) with
/// the tensors, scalars and other objects it finds, named as PyTorch would name them. Throws Error
/// for tensors that do not fit their storage, and for values nested or shared beyond reason.
void catalogue(const PickleGraph& graph, Checkpoint& checkpoint);

} // namespace monotail
