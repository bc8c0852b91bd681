// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/head_edits.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "checkpoint/head_bias.h"
#include "checkpoint/head_change.h"
#include "checkpoint/head_tensors.h"

namespace monotail {

namespace {

[[noreturn]] void failNoBias(const Checkpoint& checkpoint, const HeadCandidate& head)
{
    throw Error(message("{}: the checkpoint has no bias beside {} to write the new bias to; choose "
                        "another method or write a new file (--format state-dict or safetensors)",
                        checkpoint.path.string(), printable(head.weight)));
}

void checkKind(const HeadCandidate& head, const RowMatrix* rows)
{
    if (head.kind == HeadKind::Cosine && rows)
        throw Error(message("{}: this head normalises its rows again, so a retrained head cannot "
                            "be patched into it; write a new file with a plain linear head instead "
                            "(--format state-dict or safetensors)",
                            printable(head.weight)));
    if (head.kind == HeadKind::Cosine)
        throw Error(message("{}: a head that normalises its rows is not exported: norms have no "
                            "effect in it, and it has no place for a bias; if the forward pass "
                            "does not normalise them, say --kind linear",
                            printable(head.weight)));
    if (head.kind == HeadKind::Samn)
        throw Error(message("{}: a SAMN head normalises its rows again and takes their norms from "
                            "fix_norms_w, so its numbers cannot be patched; write a new file with "
                            "a plain linear head instead (--format state-dict or safetensors)",
                            printable(head.weight)));
}

class Planner
{
public:
    Planner(const Checkpoint& checkpoint, const ClassifierHead& head,
            const std::vector<double>& scale, const std::vector<double>& bias,
            const RowMatrix* rows)
        : m_checkpoint(checkpoint), m_head(head), m_scale(scale), m_bias(bias), m_rows(rows)
    {}

    HeadEdits plan()
    {
        const std::vector<HeadPart> parts = partsOf(m_head.source);
        for (std::size_t e = 0; e < parts.size(); ++e) {
            if (m_rows)
                replaceRows(parts[e].weight, e, parts.size());
            else
                scaleRows(parts[e].weight);
            planBias(parts[e]);
        }
        return std::move(m_edits);
    }

private:
    using Scales = std::vector<double>;

    void change(const std::string& name, const Scales& scale, const BaseNumber& base)
    {
        m_edits.patches.push_back(changedTensor(m_checkpoint, tensorNamed(m_checkpoint, name),
                                                m_head.source, scale, base));
    }

    void scaleRows(const std::string& weight)
    {
        const HeadCandidate& source = m_head.source;
        if (std::all_of(m_scale.begin(), m_scale.end(), [](double s) { return s == 1; }))
            return;
        change(source.kind == HeadKind::Lws          ? source.scales
               : source.kind == HeadKind::WeightNorm ? source.magnitude
                                                     : weight,
               m_scale, [](std::size_t, std::size_t, double stored) { return stored; });
    }

    /// The columns of expert `e`. The mean of `experts` logits is wanted, so each gets as many
    /// times its own.
    void replaceRows(const std::string& weight, std::size_t e, std::size_t experts)
    {
        const HeadCandidate& source = m_head.source;
        const std::int64_t width = m_rows->cols() / static_cast<std::int64_t>(experts);
        const Tensor& tensor = tensorNamed(m_checkpoint, weight);
        if (tensor.elements() != storedRows(source) * width)
            throw Error(message("{}: the new weights are of {} features, which a tensor of {} "
                                "numbers has no place for",
                                printable(weight), width, tensor.elements()));
        if (source.kind == HeadKind::WeightNorm)
            return replaceDirections(weight);
        if (source.kind == HeadKind::Lws)
            change(source.scales, Scales(m_scale.size(), 1.0),
                   [](std::size_t, std::size_t, double) { return 1.0; });
        const std::size_t first = e * static_cast<std::size_t>(width);
        change(weight, m_scale, [&](std::size_t c, std::size_t d, double) {
            return rowNumber(c, first + d) * static_cast<double>(experts);
        });
    }

    void replaceDirections(const std::string& weight)
    {
        Scales norms, lengths;
        for (Eigen::Index c = 0; c < m_rows->rows(); ++c) {
            norms.push_back(m_rows->row(c).cast<double>().norm());
            lengths.push_back(std::abs(m_scale[static_cast<std::size_t>(c)]));
        }
        change(m_head.source.magnitude, lengths,
               [&](std::size_t c, std::size_t, double) { return norms[c]; });
        // A row of zeros has no direction: it keeps the stored one.
        Scales signs(norms.size(), 1.0);
        for (std::size_t c = 0; c < norms.size(); ++c)
            if (m_scale[c] < 0)
                signs[c] = -1;
        change(weight, signs, [&](std::size_t c, std::size_t d, double stored) {
            return norms[c] == 0 ? stored : rowNumber(c, d);
        });
    }

    double rowNumber(std::size_t c, std::size_t d) const
    {
        return static_cast<double>(
            (*m_rows)(static_cast<Eigen::Index>(c), static_cast<Eigen::Index>(d)));
    }

    void planBias(const HeadPart& part)
    {
        if (part.bias.empty())
            return addBias(part);
        const Tensor& tensor = tensorNamed(m_checkpoint, part.bias);
        const std::vector<double> stored = rowNumbers(part.bias);
        std::vector<double> wanted = wantedBias(stored);
        if (wanted != stored)
            m_edits.patches.push_back(
                changedBias(tensor, m_head.source, stored, std::move(wanted)));
    }

    void addBias(const HeadPart& part)
    {
        if (std::all_of(m_bias.begin(), m_bias.end(), [](double b) { return b == 0; }))
            return;
        const std::vector<double> none(static_cast<std::size_t>(storedRows(m_head.source)), 0.0);
        m_edits.additions.push_back({biasNameFor(part.weight), part.weight, wantedBias(none)});
    }

    std::vector<double> wantedBias(const std::vector<double>& stored) const
    {
        if (m_rows)
            return replacedBias(m_head, stored, m_bias);
        if (m_head.source.kind == HeadKind::Lws)
            return lwsBias(m_head, stored, m_scale, newScales(), m_bias);
        if (m_head.source.kind == HeadKind::Experts)
            return expertBias(m_head, stored, m_bias);
        return linearBias(m_head, stored, m_bias);
    }

    std::vector<double> newScales() const
    {
        for (const TensorPatch& patch : m_edits.patches)
            if (patch.tensor == m_head.source.scales)
                return patch.values;
        return rowNumbers(m_head.source.scales);
    }

    std::vector<double> rowNumbers(const std::string& name) const
    {
        return numbersOf(m_checkpoint, name, storedRows(m_head.source));
    }

    const Checkpoint& m_checkpoint;
    const ClassifierHead& m_head;
    const Scales& m_scale;
    const std::vector<double>& m_bias;
    const RowMatrix* m_rows;
    HeadEdits m_edits;
};

} // namespace

HeadEdits planHeadEdits(const Checkpoint& checkpoint, const ClassifierHead& head,
                        const std::vector<double>& scale, const std::vector<double>& bias,
                        const RowMatrix* rows)
{
    checkKind(head.source, rows);
    checkChange(head, scale, bias, rows);
    return Planner(checkpoint, head, scale, bias, rows).plan();
}

bool becomesPlain(const HeadCandidate& head)
{
    return head.kind == HeadKind::Samn || head.kind == HeadKind::Cosine;
}

std::vector<TensorPatch> planHeadPatch(const Checkpoint& checkpoint, const ClassifierHead& head,
                                       const std::vector<double>& scale,
                                       const std::vector<double>& bias, const RowMatrix* rows)
{
    HeadEdits edits = planHeadEdits(checkpoint, head, scale, bias, rows);
    if (!edits.additions.empty())
        failNoBias(checkpoint, head.source);
    return std::move(edits.patches);
}

} // namespace monotail
