// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <vector>

#include "checkpoint/head_edits.h"
#include "checkpoint/head_new_file.h"

namespace monotail::test {

/// What a head is to become.
struct HeadChange
{
    std::vector<double> scale;
    std::vector<double> bias;
    RowMatrix rows;
};

struct ReplacedHead
{
    bool isPatch = false;
    std::shared_ptr<const Checkpoint> file;
    ClassifierHead head; ///< read back from it
    Warnings warnings;
};

/// Writes the change as a patch where it can be one, else as a new file, and reads it back.
inline ReplacedHead replaceHead(const Checkpoint& source, const ClassifierHead& head,
                                const HeadChange& change, const std::filesystem::path& target)
{
    ReplacedHead out;
    HeadCandidate place = head.source;
    out.isPatch =
        !becomesPlain(head.source) &&
        planHeadEdits(source, head, change.scale, change.bias, &change.rows).additions.empty();
    if (out.isPatch) {
        out.warnings =
            patchCheckpoint(source,
                            planHeadPatch(source, head, change.scale, change.bias, &change.rows),
                            target, Overwrite::Replace)
                .warnings;
        if (source.format == "safetensors" && source.tensors.front().container == 0) {
            auto copy = std::make_shared<Checkpoint>(source); // a file without a header
            copy->path = target;
            copy->file = MappedFile::open(target);
            out.file = copy;
        }
    } else {
        const NewHeadFile plan = planNewFile(source, head, change.scale, change.bias,
                                             NewFileFormat::StateDict, &change.rows);
        writeNewFile(source, plan.content, target, Overwrite::Replace);
        out.warnings = plan.warnings;
        place = plan.head;
    }
    if (!out.file)
        out.file = openCheckpoint(target);
    out.head = readHead(*out.file, place);
    return out;
}

/// The largest difference between what the head holds and what was wanted, relative to the row's
/// length or the bias, where these are above 1.
inline double differenceOf(const ClassifierHead& head, const HeadChange& change)
{
    double largest = 0;
    for (Eigen::Index c = 0; c < change.rows.rows(); ++c) {
        const auto at = static_cast<std::size_t>(c);
        const Eigen::RowVectorXd wanted = change.scale[at] * change.rows.row(c).cast<double>();
        const Eigen::RowVectorXd found = head.weight.row(c).cast<double>();
        const double bias = std::abs(static_cast<double>(head.bias(c)) - change.bias[at]);
        largest = std::max({largest, (found - wanted).norm() / std::max(1.0, wanted.norm()),
                            bias / std::max(1.0, std::abs(change.bias[at]))});
    }
    return largest;
}

} // namespace monotail::test
