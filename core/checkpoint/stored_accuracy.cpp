// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "checkpoint/head_names.h"
#include "checkpoint/stored_accuracy.h"

namespace monotail {

namespace {

// The saved epoch's accuracy before the best one: "best" may be that of other weights.
constexpr std::array<std::string_view, 17> accuracyNames{
    "acc1",     "test_acc1",  "val_acc1",  "acc",           "test_acc",     "val_acc",
    "top1",     "prec1",      "accuracy",  "test_accuracy", "val_accuracy", "best_acc1",
    "best_acc", "best_prec1", "best_top1", "best_test_acc", "best_accuracy"};

/// Where in that list a name stands; its length if nowhere, or if it belongs to something else,
/// such as the program's arguments.
std::size_t placeOf(std::string_view name)
{
    const std::size_t dots = static_cast<std::size_t>(std::count(name.begin(), name.end(), '.'));
    if (dots > 1 || isTrainingState(name) || name.substr(0, 5) == "args." ||
        name.substr(0, 6) == "hyper_")
        return accuracyNames.size();
    const std::string last = lowered(lastNameOf(name));
    return static_cast<std::size_t>(std::find(accuracyNames.begin(), accuracyNames.end(), last) -
                                    accuracyNames.begin());
}

/// In percent; nothing for values that are no accuracy. 0 is what programs start with.
std::optional<double> percentOf(double value, bool isReal)
{
    if (!std::isfinite(value) || value <= 0 || value > 100)
        return {};
    return isReal && value <= 1 ? 100 * value : value;
}

std::optional<double> percentOf(const ScalarEntry& scalar)
{
    if (const auto* real = std::get_if<double>(&scalar.value))
        return percentOf(*real, true);
    if (const auto* integer = std::get_if<std::int64_t>(&scalar.value))
        return percentOf(static_cast<double>(*integer), false);
    return {};
}

} // namespace

std::optional<StoredAccuracy> storedAccuracy(const Checkpoint& checkpoint)
{
    std::optional<StoredAccuracy> found;
    std::size_t best = accuracyNames.size();
    const auto offer = [&](const std::string& name, std::optional<double> percent) {
        if (percent && placeOf(name) < best) {
            best = placeOf(name);
            found = StoredAccuracy{name, *percent};
        }
    };
    for (const ScalarEntry& scalar : checkpoint.scalars)
        if (placeOf(scalar.name) < best)
            offer(scalar.name, percentOf(scalar));
    for (const Tensor& tensor : checkpoint.tensors)
        if (placeOf(tensor.name) < best && tensor.elements() == 1 && isFloating(tensor.dtype))
            offer(tensor.name, percentOf(readTensor(checkpoint, tensor).front(), true));
    return found;
}

} // namespace monotail
