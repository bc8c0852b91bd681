// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/head_exclusions.h"

#include <algorithm>

#include "base/text.h"
#include "checkpoint/head_names.h"

namespace monotail {

HeadExclusions::HeadExclusions(const TensorIndex& index) : m_index(index)
{
    for (const Tensor& tensor : index.checkpoint().tensors)
        if (lastNameOf(tensor.name) == "queue" && tensor.shape.size() == 2)
            m_queue = &tensor;
}

bool HeadExclusions::covers(const LocatedHead& head)
{
    return isAnchored(head.module) || feedsQueue(head) || isPrototype(head.module) ||
           isEmbedding(head);
}

/// YOLO's output layers hold anchors x (box, objectness, classes); widths and heights of the
/// anchors (layers x anchors x 2) stand beside them.
bool HeadExclusions::isAnchored(std::string_view module)
{
    std::string_view place = parentOf(module);
    for (int level = 0; level < 2 && !place.empty(); ++level, place = parentOf(place)) {
        const Tensor* anchors = m_index.find(place, "anchors");
        if (!anchors || anchors->shape.size() < 2 || anchors->shape.back() != 2)
            continue;
        note(message("{}: the rows of its layers are boxes, objectness and classes of several "
                     "anchors, not one row per class",
                     printable(place)));
        return true;
    }
    return false;
}

bool HeadExclusions::feedsQueue(const LocatedHead& head)
{
    const bool isProjection = head.module.find("encoder_q") != std::string::npos ||
                              headNameOf(head.module) < HeadName::Exact;
    if (!m_queue || !isProjection ||
        (m_queue->shape[0] != head.head.classes && m_queue->shape[1] != head.head.classes))
        return false;
    note(message("{}: it projects into the space of the contrast queue {}, not to classes",
                 printable(head.module), printable(m_queue->name)));
    return true;
}

/// DINO and iBOT: an MLP, then prototypes without names.
bool HeadExclusions::isPrototype(std::string_view module)
{
    if (lastNameOf(module) != "last_layer" || !m_index.find(parentOf(module), "mlp.0.weight"))
        return false;
    note(message("{}: its rows are prototypes of self-distillation, not classes",
                 printable(module)));
    return true;
}

/// The output layer of most language models is their table of word vectors.
bool HeadExclusions::isEmbedding(const LocatedHead& head)
{
    const std::vector<Tensor>& tensors = m_index.checkpoint().tensors;
    const Tensor& weight = tensors[head.layer];
    const auto isTable = [&](const Tensor& other) {
        const bool isSame = &other != &weight && other.storage == weight.storage &&
                            other.offset == weight.offset && other.shape == weight.shape;
        return isSame && (other.name.find("embed") != std::string::npos ||
                          lastNameOf(parentOf(other.name)) == "wte");
    };
    const auto table = std::find_if(tensors.begin(), tensors.end(), isTable);
    if (table == tensors.end())
        return false;
    note(message("{}: it is also the embedding {}: its rows are words, not classes",
                 printable(head.module), printable(table->name)));
    return true;
}

void HeadExclusions::note(std::string text)
{
    if (std::find(m_notes.begin(), m_notes.end(), text) == m_notes.end())
        m_notes.push_back(std::move(text));
}

} // namespace monotail
