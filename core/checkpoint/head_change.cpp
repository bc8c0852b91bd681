// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/head_change.h"

#include <array>
#include <cmath>

#include "base/text.h"
#include "checkpoint/head_names.h"
#include "checkpoint/head_tensors.h"

namespace monotail {

namespace {

constexpr std::size_t noClass = static_cast<std::size_t>(-1);

/// Where an element belongs.
struct ElementPlace
{
    std::size_t c = noClass; ///< noClass: the background
    std::size_t d = 0;
};

/// Of the element `index` in row-major order. A 1x1 convolution's extra dimensions change nothing:
/// classes come first or, transposed, last.
ElementPlace placeOf(std::size_t index, std::size_t elements, const HeadCandidate& head)
{
    const auto rows = static_cast<std::size_t>(storedRows(head));
    const std::size_t width = elements / rows;
    const bool isTransposed = head.orientation == Orientation::FeatureByClass;
    const std::size_t row = isTransposed ? index % rows : index / width;
    const auto first = static_cast<std::size_t>(storedRow(head, 0));
    const bool isClass = row >= first && row - first < static_cast<std::size_t>(head.classes);
    return {isClass ? row - first : noClass, isTransposed ? index / rows : index % width};
}

/// Returns what would be stored.
double checkFits(const Tensor& tensor, double value, std::size_t classIndex)
{
    std::array<std::byte, sizeof(double)> scratch{};
    const double stored = writeElement(tensor.dtype, scratch.data(), value);
    if (!std::isfinite(stored))
        throw Error(message("{}: class {} would get the value {}, which {} cannot hold; choose "
                            "another method or parameter, or write a new file",
                            printable(tensor.name), classIndex, value, nameOf(tensor.dtype)));
    return stored;
}

/// How much of a class there is before and after the change.
struct Remains
{
    bool before = false;
    bool after = false;
};

void checkRemains(const Tensor& tensor, const std::vector<Remains>& classes,
                  const std::vector<double>& scale)
{
    for (std::size_t c = 0; c < classes.size(); ++c)
        if (scale[c] != 0 && classes[c].before && !classes[c].after)
            throw Error(message("{}: class {} rounds to zero in {}; choose another method or "
                                "parameter, or write a new file",
                                printable(tensor.name), c, nameOf(tensor.dtype)));
}

void checkFloating(const Tensor& tensor)
{
    if (!isFloating(tensor.dtype))
        throw Error(message("{}: a patch needs floating-point numbers, this tensor holds {}; write "
                            "a new file instead",
                            printable(tensor.name), nameOf(tensor.dtype)));
}

void checkRows(const ClassifierHead& head, const RowMatrix& rows)
{
    if (rows.rows() != head.source.classes || rows.cols() != head.source.features)
        throw Error(
            message("{}: the head has {} classes and {} features, but there are new weights "
                    "for {} and {}",
                    printable(head.source.weight), head.source.classes, head.source.features,
                    rows.rows(), rows.cols()));
    for (Eigen::Index c = 0; c < rows.rows(); ++c)
        if (!rows.row(c).allFinite())
            throw Error(message("{}: class {} would get a weight that is not finite; training "
                                "diverged, take an earlier epoch or train at a lower rate",
                                printable(head.source.weight), c));
    if (rows.isZero(0))
        throw Error(message("{}: all new weights are zero, which is no classifier; train for more "
                            "epochs or with less weight decay",
                            printable(head.source.weight)));
}

} // namespace

TensorPatch changedTensor(const Checkpoint& checkpoint, const Tensor& tensor,
                          const HeadCandidate& head, const std::vector<double>& scale,
                          const BaseNumber& base)
{
    checkFloating(tensor);
    TensorPatch patch{tensor.name, readTensor(checkpoint, tensor)};
    const std::size_t elements = patch.values.size();
    if (elements == 0 || elements % static_cast<std::size_t>(storedRows(head)) != 0)
        throw Error(message("{}: {} numbers do not divide among {} classes", printable(tensor.name),
                            elements, scale.size()));
    std::vector<Remains> remains(scale.size());
    for (std::size_t i = 0; i < elements; ++i) {
        const auto [c, d] = placeOf(i, elements, head);
        if (c == noClass)
            continue;
        const double number = base(c, d, patch.values[i]);
        remains[c].before = remains[c].before || number != 0;
        patch.values[i] = number * scale[c];
        const double stored = checkFits(tensor, patch.values[i], c);
        remains[c].after = remains[c].after || stored != 0;
    }
    checkRemains(tensor, remains, scale);
    return patch;
}

TensorPatch changedBias(const Tensor& tensor, const HeadCandidate& head,
                        const std::vector<double>& stored, std::vector<double> wanted)
{
    checkFloating(tensor);
    for (std::size_t i = 0; i < wanted.size(); ++i)
        if (wanted[i] != stored[i])
            checkFits(tensor, wanted[i], placeOf(i, wanted.size(), head).c);
    return {tensor.name, std::move(wanted)};
}

void checkChange(const ClassifierHead& head, const std::vector<double>& scale,
                 const std::vector<double>& bias, const RowMatrix* rows)
{
    const auto classes = static_cast<std::size_t>(head.source.classes);
    if (scale.size() != classes || bias.size() != classes)
        throw Error(message("{}: the head has {} classes, but there are {} scales and {} biases",
                            printable(head.source.weight), classes, scale.size(), bias.size()));
    for (std::size_t c = 0; c < classes; ++c)
        if (!std::isfinite(scale[c]) || !std::isfinite(bias[c]))
            throw Error(message("{}: class {} would get scale {} and bias {}, which are not both "
                                "finite; choose another method or parameter",
                                printable(head.source.weight), c, scale[c], bias[c]));
    if (rows)
        checkRows(head, *rows);
}

std::vector<HeadPart> partsOf(const HeadCandidate& head)
{
    if (!head.experts.empty())
        return head.experts;
    return {{head.weight, head.bias}};
}

std::string biasNameFor(const std::string& weight)
{
    std::string module(parentOf(weight));
    const std::string_view parametrized = ".parametrizations.weight";
    if (endsWith(module, parametrized))
        module.resize(module.size() - parametrized.size());
    return module.empty() ? "bias" : module + ".bias";
}

} // namespace monotail
