// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "checkpoint/head_experts.h"
#include "checkpoint/head_site.h"

namespace monotail {

/// What looks like a head and is none: rows that belong to a detector's anchors, projections into
/// the space of a contrast queue, the prototypes of self-distillation, a language
/// model's embedding. Each is said once.
class HeadExclusions
{
public:
    /// The index must outlive it.
    explicit HeadExclusions(const TensorIndex& index);
    bool covers(const LocatedHead& head);
    const Warnings& notes() const { return m_notes; }

private:
    bool isAnchored(std::string_view module);
    bool feedsQueue(const LocatedHead& head);
    bool isPrototype(std::string_view module);
    bool isEmbedding(const LocatedHead& head);
    void note(std::string text);

    const TensorIndex& m_index;
    const Tensor* m_queue = nullptr;
    Warnings m_notes;
};

} // namespace monotail
