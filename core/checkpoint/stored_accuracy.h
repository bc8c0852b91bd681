// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "checkpoint/checkpoint.h"

namespace monotail {

/// The accuracy that the file itself claims, in percent, if it has one: that of the saved epoch
/// ("acc1", "acc", "test_acc", "val_acc", ...) before the best ("best_acc1", "best_acc",
/// "best_prec1", ...), a number or a tensor of one. Real numbers up to 1 are taken for fractions;
/// 0 and numbers that are no accuracy are passed over.
struct StoredAccuracy
{
    std::string name;
    double percent = 0;
};
std::optional<StoredAccuracy> storedAccuracy(const Checkpoint& checkpoint);

} // namespace monotail
