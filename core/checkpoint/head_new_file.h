// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "checkpoint/head.h"
#include "checkpoint/new_file.h"

namespace monotail {

/// What a new file of the changed model holds, and the head as it will be found in there.
struct NewHeadFile
{
    NewFile content;
    HeadCandidate head;
    Warnings warnings; ///< what the new file leaves out or holds in another form
};

/// The tensors of the head's state_dict, with the path of the state_dict taken off their names; if
/// the head lies in a dictionary of its own, also those of the dictionaries beside it. The head's
/// rows (with `rows`, C x D: these in their place) are scaled by `scale` (C) and its effective bias
/// becomes `bias` (C), as planHeadEdits() does it; a bias that is new gets a tensor. A SAMN head,
/// and a cosine head that gets new rows, becomes a plain linear one. What is no tensor of the model
/// (optimizer, epoch, averaged copies) is left out. The checkpoint must outlive the result. Throws
/// Error as planHeadEdits() does.
NewHeadFile planNewFile(const Checkpoint& checkpoint, const ClassifierHead& head,
                        const std::vector<double>& scale, const std::vector<double>& bias,
                        NewFileFormat format, const RowMatrix* rows = nullptr);

} // namespace monotail
