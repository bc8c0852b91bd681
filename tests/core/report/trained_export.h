// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <random>

#include "checkpoint/provenance.h"
#include "report/export.h"
#include "support/shared_material.h"

namespace monotail::test {

/// A head with other numbers than the file's; the same each time.
inline std::shared_ptr<ClassifierHead> otherHead(const ClassifierHead& head, double bias,
                                                 std::int64_t unitParts = 0)
{
    std::mt19937 random(7);
    auto other = std::make_shared<ClassifierHead>(head);
    other->source.kind = HeadKind::Linear;
    other->unitParts = unitParts;
    other->norms.clear();
    const auto between = [&] { return static_cast<double>(random()) / 2147483648.0 - 1; };
    for (std::int64_t c = 0; c < head.classes(); ++c) {
        for (std::int64_t d = 0; d < head.features(); ++d)
            other->weight(c, d) += static_cast<float>(0.3 * between());
        other->bias(c) = static_cast<float>(bias * between());
        other->norms.push_back(other->weight.row(c).cast<double>().norm());
    }
    return other;
}

/// A checkpoint with its head and 500, 499, ... images in its classes.
struct ExportCase
{
    explicit ExportCase(const std::filesystem::path& path, const HeadQuery& query = {})
        : checkpoint(openCheckpoint(path)),
          head(readHead(*checkpoint, chooseHead(*checkpoint, query)))
    {
        for (std::int64_t c = 0; c < head.classes(); ++c) {
            classes.counts.push_back(500 - c);
            classes.names.push_back(std::to_string(c));
        }
        classes.countsSource = "a test";
        profile = profileHead(head, classes, {});
    }

    ExportRequest request(const std::filesystem::path& target, const Rescaling& rescaling,
                          std::shared_ptr<const ClassifierHead> trained) const
    {
        ExportRequest request{*checkpoint,           head,  classes, profile, rescaling,
                              parseShotRule("kang"), target};
        request.trained = TrainedHead{std::move(trained), "crt", {{"seed", 3}}};
        return request;
    }

    std::shared_ptr<const Checkpoint> checkpoint;
    ClassifierHead head;
    ClassSet classes;
    ClassProfile profile;
};

} // namespace monotail::test
