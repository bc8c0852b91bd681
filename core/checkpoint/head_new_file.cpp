// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/head_new_file.h"

#include <algorithm>

#include "base/text.h"
#include "checkpoint/head_edits.h"
#include "checkpoint/head_names.h"
#include "checkpoint/head_plain.h"
#include "checkpoint/head_tensors.h"

namespace monotail {

namespace {

bool startsWith(std::string_view text, std::string_view prefix)
{
    return text.substr(0, prefix.size()) == prefix;
}

/// What the names of all the model's tensors start with: the path of the head's state_dict, or of
/// what holds it where the head has a dictionary to itself.
std::string modelPrefix(const Checkpoint& checkpoint, const HeadCandidate& head)
{
    const std::vector<std::string> own = tensorNamesOf(head);
    const Tensor& weight = tensorNamed(checkpoint, head.weight);
    std::string prefix = weight.name.substr(0, weight.container);
    // The decoupling code keeps the classifier, whatever it holds, in a dictionary beside the
    // backbone's.
    if (!prefix.empty() &&
        headNameOf(std::string_view(prefix).substr(0, prefix.size() - 1)) == HeadName::Exact)
        prefix = enclosing(prefix);
    const auto holdsHead = [&] {
        return std::all_of(own.begin(), own.end(),
                           [&](const std::string& name) { return startsWith(name, prefix); });
    };
    const auto holdsMore = [&] {
        return std::any_of(checkpoint.tensors.begin(), checkpoint.tensors.end(),
                           [&](const Tensor& tensor) {
                               return startsWith(tensor.name, prefix) &&
                                      std::find(own.begin(), own.end(), tensor.name) == own.end();
                           });
    };
    while (!prefix.empty() && !(holdsHead() && holdsMore()))
        prefix = enclosing(prefix);
    return prefix;
}

bool isOptimizerState(const Tensor& tensor)
{
    return isTrainingState(tensor.name) && lastNameOf(tensor.name) != "num_batches_tracked";
}

/// Which tensors of the checkpoint are the model's.
class Model
{
public:
    Model(const Checkpoint& checkpoint, const HeadCandidate& head)
        : m_prefix(modelPrefix(checkpoint, head)),
          m_isContainer(m_prefix.size() == tensorNamed(checkpoint, head.weight).container),
          m_isAveraged(isAveraged(head.weight))
    {}

    bool holds(const Tensor& tensor) const
    {
        // What stands in the state_dict itself belongs to the model, whatever it is called.
        const bool isForeign = isOptimizerState(tensor) || isAveraged(tensor.name) != m_isAveraged;
        return startsWith(tensor.name, m_prefix) && (inContainer(tensor) || !isForeign);
    }

    std::string shortName(const std::string& name) const
    {
        return startsWith(name, m_prefix) ? name.substr(m_prefix.size()) : name;
    }

private:
    bool inContainer(const Tensor& tensor) const
    {
        return m_isContainer && tensor.container == m_prefix.size();
    }

    std::string m_prefix;
    bool m_isContainer;
    bool m_isAveraged;
};

/// The first names, and how many more.
std::string listed(const std::vector<std::string>& names)
{
    constexpr std::size_t shown = 3;
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < std::min(shown, names.size()); ++i)
        parts.push_back(printable(names[i]));
    const auto more = static_cast<std::int64_t>(names.size() - parts.size());
    return joined(parts, ", ") + (more > 0 ? message(" and {} more", toGroupedText(more)) : "");
}

HeadCandidate renamed(HeadCandidate head, const Model& model)
{
    for (std::string* name :
         {&head.weight, &head.bias, &head.scales, &head.magnitude, &head.factor})
        *name = model.shortName(*name);
    for (HeadPart& part : head.experts)
        part = {model.shortName(part.weight), model.shortName(part.bias)};
    return head;
}

FileTensor newTensor(std::string name, const Tensor& like, std::vector<std::int64_t> shape,
                     std::vector<double> values)
{
    FileTensor tensor;
    tensor.name = std::move(name);
    tensor.dtype = like.dtype;
    tensor.shape = std::move(shape);
    tensor.values = std::move(values);
    return tensor;
}

class Builder
{
public:
    Builder(const Checkpoint& checkpoint, const ClassifierHead& head, HeadEdits edits)
        : m_checkpoint(checkpoint), m_head(head), m_edits(std::move(edits)),
          m_model(checkpoint, head.source), m_isPlain(becomesPlain(head.source))
    {}

    NewHeadFile build(NewFileFormat format)
    {
        NewHeadFile out;
        out.content.format = format;
        if (format == NewFileFormat::Safetensors)
            out.content.metadata = m_checkpoint.metadata;
        std::vector<std::string> left;
        for (const Tensor& tensor : m_checkpoint.tensors) {
            if (!m_model.holds(tensor)) {
                left.push_back(tensor.name);
            } else if (!m_isPlain || !isLeftOut(m_head.source, tensor.name)) {
                add(tensor, out.content);
            }
        }
        out.head = headAfter();
        for (const std::string& object : m_checkpoint.objects)
            if (object.find("tensor") != std::string::npos) // sparse, on no device, ...
                left.push_back(object);
        if (!left.empty())
            out.warnings.push_back(message("the new file holds the head's state_dict alone; left "
                                           "out: {}",
                                           listed(left)));
        warnOfTies(out.warnings);
        if (m_isPlain)
            out.warnings.push_back(plainWarning(out.head));
        for (const TensorAddition& addition : m_edits.additions)
            out.warnings.push_back(message("{} is new: the model must be built with a bias there",
                                           printable(m_model.shortName(addition.name))));
        return out;
    }

private:
    std::string plainWarning(const HeadCandidate& after) const
    {
        if (m_head.source.kind == HeadKind::Samn)
            return message("{} is a plain linear head in the new file: the SAMN head's norms and "
                           "bias are folded in, so the model must be built with nn.Linear in its "
                           "place",
                           printable(after.weight));
        return message("{} is a plain linear head in the new file and no longer normalises "
                       "anything, so the model must be built with nn.Linear in its place",
                       printable(after.weight));
    }

    /// A tensor that the model ties to a changed one: it gets the same numbers, or a model that is
    /// loaded from the file would take the old ones for both.
    bool isTied(const Tensor& tensor, const TensorPatch& patch) const
    {
        const Tensor* changed = m_checkpoint.find(patch.tensor);
        return changed && changed != &tensor && changed->storage == tensor.storage &&
               changed->offset == tensor.offset && changed->shape == tensor.shape &&
               changed->stride == tensor.stride && changed->dtype == tensor.dtype;
    }

    void warnOfTies(Warnings& warnings) const
    {
        for (const TensorPatch& patch : m_edits.patches)
            for (const Tensor& tensor : m_checkpoint.tensors)
                if (m_model.holds(tensor) && isTied(tensor, patch))
                    warnings.push_back(message("{} is tied to {} in the source and gets the same "
                                               "new numbers",
                                               printable(m_model.shortName(tensor.name)),
                                               printable(m_model.shortName(patch.tensor))));
    }

    void add(const Tensor& tensor, NewFile& content) const
    {
        const auto patch =
            std::find_if(m_edits.patches.begin(), m_edits.patches.end(), [&](const TensorPatch& p) {
                return p.tensor == tensor.name || isTied(tensor, p);
            });
        const std::string name = m_model.shortName(tensor.name);
        if (patch != m_edits.patches.end()) {
            content.tensors.push_back(
                newTensor(name, tensor, shapeAfter(*patch, tensor), patch->values));
        } else {
            FileTensor kept{name, tensor.dtype, tensor.shape, &tensor, {}};
            content.tensors.push_back(std::move(kept));
        }
        for (const TensorAddition& addition : m_edits.additions)
            if (addition.beside == tensor.name)
                content.tensors.push_back(newTensor(
                    m_model.shortName(addition.name), tensor,
                    {static_cast<std::int64_t>(addition.values.size())}, addition.values));
    }

    std::vector<std::int64_t> shapeAfter(const TensorPatch& patch, const Tensor& tensor) const
    {
        return m_isPlain ? plainShape(m_head.source, tensorNamed(m_checkpoint, patch.tensor))
                         : tensor.shape;
    }

    HeadCandidate headAfter() const
    {
        HeadCandidate head = m_isPlain ? plainCandidate(m_head.source) : m_head.source;
        for (const TensorAddition& addition : m_edits.additions) {
            if (head.experts.empty() || head.experts.front().weight == addition.beside)
                head.bias = addition.name;
            for (HeadPart& part : head.experts)
                if (part.weight == addition.beside)
                    part.bias = addition.name;
        }
        return renamed(std::move(head), m_model);
    }

    const Checkpoint& m_checkpoint;
    const ClassifierHead& m_head;
    HeadEdits m_edits;
    Model m_model;
    bool m_isPlain;
};

} // namespace

NewHeadFile planNewFile(const Checkpoint& checkpoint, const ClassifierHead& head,
                        const std::vector<double>& scale, const std::vector<double>& bias,
                        NewFileFormat format, const RowMatrix* rows)
{
    const bool isPlain = head.source.kind == HeadKind::Samn || (becomesPlain(head.source) && rows);
    HeadEdits edits = isPlain ? planPlainEdits(checkpoint, head, scale, bias, rows)
                              : planHeadEdits(checkpoint, head, scale, bias, rows);
    return Builder(checkpoint, head, std::move(edits)).build(format);
}

} // namespace monotail
