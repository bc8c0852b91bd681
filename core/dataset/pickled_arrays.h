// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "checkpoint/pickle.h"
#include "dataset/numbers.h"
#include "platform/mapped_file.h"

namespace monotail {

/// The numbers of a pickled value: a NumPy array, which stays mapped where its bytes lie in the
/// file as they are; a list of numbers; a list of such lists of one length. `name` is the value's
/// name for messages. Throws Error, saying what it is, for every other value.
NumberArray pickledArray(const PickleGraph& graph, PickleId id, const std::string& name,
                         std::shared_ptr<const MappedFile> file);

/// Whether the value is a list or tuple that begins with a number.
bool isNumberList(const PickleGraph& graph, PickleId id);

/// "a text", "a dictionary", "an object (torch.nn.Linear)", for messages.
std::string pickledKind(const PickleGraph& graph, PickleId id);

} // namespace monotail
