// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/head_tensors.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "checkpoint/tensor_layout.h"

namespace monotail {

const Tensor& tensorNamed(const Checkpoint& checkpoint, const std::string& name)
{
    if (const Tensor* tensor = checkpoint.find(name))
        return *tensor;
    throw Error(message("{}: there is no tensor '{}'", checkpoint.path.string(), printable(name)));
}

std::vector<std::string> tensorNamesOf(const HeadCandidate& head)
{
    std::vector<std::string> names{head.weight, head.bias, head.scales, head.magnitude,
                                   head.factor};
    for (const HeadPart& part : head.experts) {
        names.push_back(part.weight);
        names.push_back(part.bias);
    }
    names.erase(std::remove(names.begin(), names.end(), std::string()), names.end());
    return names;
}

std::vector<double> numbersOf(const Checkpoint& checkpoint, const std::string& name,
                              std::int64_t count)
{
    const Tensor& tensor = tensorNamed(checkpoint, name);
    if (tensor.elements() != count)
        throw Error(message("{}: tensor {} should have {} numbers, it is {}",
                            checkpoint.path.string(), printable(name), count,
                            shapeText(tensor.shape)));
    return readTensor(checkpoint, tensor);
}

void checkFinite(const Checkpoint& checkpoint, const std::string& name,
                 const std::vector<double>& numbers, std::int64_t classes, std::string_view what)
{
    const std::size_t each = numbers.size() / static_cast<std::size_t>(classes);
    for (std::size_t i = 0; i < numbers.size(); ++i)
        if (!std::isfinite(static_cast<float>(numbers[i])))
            throw Error(message("{}: class {} of {} has a {} that {} ({}); {}",
                                checkpoint.path.string(), i / each, printable(name), what,
                                std::isfinite(numbers[i]) ? "float32 cannot hold" : "is not finite",
                                numbers[i],
                                std::isfinite(numbers[i])
                                    ? "scores are computed in float32"
                                    : "training probably diverged, use an earlier checkpoint"));
}

std::int64_t storedRows(const HeadCandidate& head)
{
    return head.classes + (head.background == BackgroundRow::None ? 0 : 1);
}

std::int64_t storedRow(const HeadCandidate& head, std::int64_t c)
{
    return c + (head.background == BackgroundRow::First ? 1 : 0);
}

RowPlace placeOfRow(const HeadCandidate& head, std::int64_t features, std::int64_t c)
{
    const auto row = static_cast<std::size_t>(storedRow(head, c));
    if (head.orientation == Orientation::FeatureByClass)
        return {row, static_cast<std::size_t>(storedRows(head))};
    return {row * static_cast<std::size_t>(features), 1};
}

} // namespace monotail
