// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/head.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/text.h"
#include "checkpoint/head_tensors.h"
#include "checkpoint/samn_head.h"

namespace monotail {

namespace {

constexpr std::array<std::string_view, 7> kindNames{
    "linear", "lws", "cosine", "weight-norm", "samn", "experts", "sample-dependent"};
constexpr std::array<std::string_view, 3> backgroundNames{"none", "first", "last"};

template <std::size_t N>
std::size_t placeIn(const std::array<std::string_view, N>& names, std::string_view name,
                    std::string_view what)
{
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
        throw Error(message("{} '{}' is not known; there are {}", what, printable(name),
                            joined({names.begin(), names.end()}, ", ")));
    return static_cast<std::size_t>(found - names.begin());
}

/// The stored rows of the classes, one after the other, C x D.
std::vector<double> rowsOf(const Checkpoint& checkpoint, const HeadCandidate& head,
                           const std::string& name, std::int64_t features)
{
    std::vector<double> stored = numbersOf(checkpoint, name, storedRows(head) * features);
    if (head.orientation == Orientation::ClassByFeature &&
        head.background == BackgroundRow::None) { // as they are; a large head is not copied
        checkFinite(checkpoint, name, stored, head.classes, "weight");
        return stored;
    }
    std::vector<double> rows;
    rows.reserve(static_cast<std::size_t>(head.classes * features));
    for (std::int64_t c = 0; c < head.classes; ++c) {
        const auto [first, step] = placeOfRow(head, features, c);
        for (std::size_t d = 0; d < static_cast<std::size_t>(features); ++d)
            rows.push_back(stored[first + d * step]);
    }
    checkFinite(checkpoint, name, rows, head.classes, "weight");
    return rows;
}

/// One number for each class; the background's left out.
std::vector<double> perClass(const Checkpoint& checkpoint, const HeadCandidate& head,
                             const std::string& name, std::string_view what)
{
    std::vector<double> numbers = numbersOf(checkpoint, name, storedRows(head));
    if (head.background != BackgroundRow::None)
        numbers.erase(head.background == BackgroundRow::First ? numbers.begin()
                                                              : numbers.end() - 1);
    checkFinite(checkpoint, name, numbers, head.classes, what);
    return numbers;
}

std::vector<double> biasOf(const Checkpoint& checkpoint, const HeadCandidate& head,
                           const std::string& name)
{
    if (name.empty())
        return std::vector<double>(static_cast<std::size_t>(head.classes), 0.0);
    return perClass(checkpoint, head, name, "bias");
}

/// The rows' lengths.
std::vector<double> lengthsOf(const std::vector<double>& rows, std::size_t classes)
{
    const auto features = static_cast<std::ptrdiff_t>(rows.size() / classes);
    std::vector<double> lengths;
    for (auto row = rows.begin(); row != rows.end(); row += features)
        lengths.push_back(std::sqrt(std::inner_product(row, row + features, row, 0.0)));
    return lengths;
}

void scaleRows(std::vector<double>& rows, const std::vector<double>& factors)
{
    const std::size_t features = rows.size() / factors.size();
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] *= factors[i / features];
}

FoldedHead foldLws(const Checkpoint& checkpoint, const HeadCandidate& head)
{
    FoldedHead folded{rowsOf(checkpoint, head, head.weight, head.features),
                      biasOf(checkpoint, head, head.bias),
                      {}};
    const std::vector<double> scales = perClass(checkpoint, head, head.scales, "scale");
    scaleRows(folded.weight, scales);
    for (std::size_t c = 0; c < scales.size(); ++c)
        folded.bias[c] *= scales[c];
    return folded;
}

FoldedHead foldWeightNorm(const Checkpoint& checkpoint, const HeadCandidate& head)
{
    FoldedHead folded{rowsOf(checkpoint, head, head.weight, head.features),
                      biasOf(checkpoint, head, head.bias),
                      {}};
    std::vector<double> factors = perClass(checkpoint, head, head.magnitude, "magnitude");
    const std::vector<double> lengths = lengthsOf(folded.weight, factors.size());
    for (std::size_t c = 0; c < factors.size(); ++c) {
        if (lengths[c] == 0)
            throw Error(message("{}: class {} of {} has a direction of length 0, which weight norm "
                                "cannot scale; the head is broken",
                                checkpoint.path.string(), c, printable(head.weight)));
        factors[c] /= lengths[c];
    }
    scaleRows(folded.weight, factors);
    return folded;
}

/// Each expert's rows side by side, divided by how many there are: the mean of their logits is
/// that of one linear head on all their features. Cosine experts normalise each part.
FoldedHead foldParts(const Checkpoint& checkpoint, const HeadCandidate& head)
{
    if (head.experts.empty() && head.kind != HeadKind::Cosine)
        return {rowsOf(checkpoint, head, head.weight, head.features),
                biasOf(checkpoint, head, head.bias),
                {}};
    std::vector<HeadPart> parts = head.experts;
    if (parts.empty())
        parts.push_back({head.weight, head.bias});
    const auto count = static_cast<double>(parts.size());
    const auto classes = static_cast<std::size_t>(head.classes);
    const auto width = static_cast<std::size_t>(head.features) / parts.size();
    FoldedHead folded;
    folded.weight.resize(classes * static_cast<std::size_t>(head.features));
    folded.bias.resize(classes, 0.0);
    std::vector<double> norms(classes, 0.0);
    for (std::size_t e = 0; e < parts.size(); ++e) {
        std::vector<double> rows =
            rowsOf(checkpoint, head, parts[e].weight, static_cast<std::int64_t>(width));
        const std::vector<double> lengths = lengthsOf(rows, classes);
        const std::vector<double> bias = biasOf(checkpoint, head, parts[e].bias);
        for (std::size_t c = 0; c < classes; ++c) {
            const bool isUnit = head.kind == HeadKind::Cosine;
            const double factor = (isUnit ? 1 / std::max(lengths[c], 1e-12) : 1) / count;
            for (std::size_t d = 0; d < width; ++d)
                folded.weight[(c * parts.size() + e) * width + d] = factor * rows[c * width + d];
            folded.bias[c] += bias[c] / count;
            norms[c] += lengths[c] / count;
        }
    }
    if (head.kind == HeadKind::Cosine)
        folded.norms = norms; // those of the file; the rows as they are used are all alike
    return folded;
}

/// The factor of a cosine head's logits; no class gains or loses by it, but confidences do.
void applyFactor(const Checkpoint& checkpoint, FoldedHead& folded, ClassifierHead& head)
{
    double factor = 1;
    if (head.source.logitScale)
        factor = *head.source.logitScale;
    else if (!head.source.factor.empty())
        factor = numbersOf(checkpoint, head.source.factor, 1).front();
    else
        head.warnings.push_back(
            message("{}: the factor that multiplies the logits of this cosine head is not in the "
                    "file; 1 is taken: classes are right, confidences and logit adjustment are "
                    "not unless --logit-scale gives it",
                    printable(head.source.weight)));
    if (!std::isfinite(factor) || factor <= 0)
        throw Error(
            message("{}: the factor {} of the cosine head's logits is {}; a positive number "
                    "is expected, give one with --logit-scale",
                    checkpoint.path.string(), printable(head.source.factor), factor));
    for (double& value : folded.weight)
        value *= factor;
}

FoldedHead folded(const Checkpoint& checkpoint, const HeadCandidate& head)
{
    switch (head.kind) {
    case HeadKind::Lws:
        return foldLws(checkpoint, head);
    case HeadKind::WeightNorm:
        return foldWeightNorm(checkpoint, head);
    case HeadKind::Samn:
        return foldSamnHead(checkpoint, head);
    case HeadKind::SampleDependent:
        throw Error(message("{}: the logits of {} depend on more than its rows, computed from each "
                            "sample (as in DisAlign and OLTR), so its norms alone do not decide "
                            "and are not rescaled; --kind linear reads the plain layer in it",
                            checkpoint.path.string(), printable(head.weight)));
    default:
        return foldParts(checkpoint, head);
    }
}

/// Who names one of several experts gets that one, and should know.
void warnOfExperts(const Checkpoint& checkpoint, ClassifierHead& head)
{
    const auto holds = [&](const HeadCandidate& other) {
        return std::any_of(other.experts.begin(), other.experts.end(),
                           [&](const HeadPart& part) { return part.weight == head.source.weight; });
    };
    if (!head.source.experts.empty() ||
        head.source.weight.find_first_of("0123456789") == std::string::npos)
        return;
    const std::vector<HeadCandidate> others = findHeads(checkpoint, {}).candidates;
    const auto group = std::find_if(others.begin(), others.end(), holds);
    if (group != others.end())
        head.warnings.push_back(
            message("{} is one of {} experts whose logits are averaged; the others stay as they "
                    "are unless their list is named with --head",
                    printable(head.source.weight), group->experts.size()));
}

/// A head whose modules disagree works all the same, but training cannot go on from it.
void readWhatItLearned(const Checkpoint& checkpoint, ClassifierHead& head)
{
    try {
        head.samn = std::make_shared<const SamnRaw>(readSamnRaw(checkpoint, head.source));
    } catch (const Error& error) {
        head.warnings.push_back(error.what());
    }
}

} // namespace

std::string_view nameOf(HeadKind kind)
{
    return kindNames[static_cast<std::size_t>(kind)];
}

std::string_view nameOf(Orientation orientation)
{
    return orientation == Orientation::ClassByFeature ? "C x D" : "D x C";
}

std::string_view nameOf(BackgroundRow row)
{
    return backgroundNames[static_cast<std::size_t>(row)];
}

HeadKind parseHeadKind(std::string_view name)
{
    return static_cast<HeadKind>(placeIn(kindNames, name, "the kind of head"));
}

BackgroundRow parseBackgroundRow(std::string_view name)
{
    return static_cast<BackgroundRow>(placeIn(backgroundNames, name, "the background row"));
}

ClassifierHead readHead(const Checkpoint& checkpoint, const HeadCandidate& candidate)
{
    ClassifierHead head;
    head.source = candidate;
    FoldedHead numbers = folded(checkpoint, candidate);
    const bool isCosine = candidate.kind == HeadKind::Cosine;
    head.norms = numbers.norms.empty()
                     ? lengthsOf(numbers.weight, static_cast<std::size_t>(candidate.classes))
                     : numbers.norms;
    if (std::all_of(head.norms.begin(), head.norms.end(), [](double norm) { return norm == 0; }))
        throw Error(message("{}: {} is all zero; this head was never trained, choose another with "
                            "--head NAME",
                            checkpoint.path.string(), printable(candidate.weight)));
    if (isCosine) {
        head.unitParts =
            std::max<std::int64_t>(1, static_cast<std::int64_t>(candidate.experts.size()));
        applyFactor(checkpoint, numbers, head);
    }
    checkFinite(checkpoint, candidate.weight, numbers.weight, candidate.classes, "weight");
    checkFinite(checkpoint, candidate.bias, numbers.bias, candidate.classes, "bias");
    head.weight =
        Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
            numbers.weight.data(), candidate.classes, candidate.features)
            .cast<float>();
    head.bias =
        Eigen::Map<const Eigen::VectorXd>(numbers.bias.data(), candidate.classes).cast<float>();
    warnOfExperts(checkpoint, head);
    if (candidate.kind == HeadKind::Samn)
        readWhatItLearned(checkpoint, head);
    return head;
}

} // namespace monotail
