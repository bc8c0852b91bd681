// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "checkpoint/head.h"
#include "dataset/class_set.h"

namespace monotail::test {

using Numbers = std::vector<double>;
using Counts = std::vector<std::int64_t>;

enum class Bias { None, Given };

/// A head with these rows (C x D), and a bias of 0.5, 1, 1.5, ... where it has one.
inline ClassifierHead headOf(const std::vector<Numbers>& rows, Bias bias = Bias::Given)
{
    ClassifierHead head;
    const auto classes = static_cast<Eigen::Index>(rows.size());
    head.source.weight = "fc.weight";
    head.source.bias = bias == Bias::Given ? "fc.bias" : "";
    head.weight.resize(classes, static_cast<Eigen::Index>(rows.front().size()));
    head.bias = Eigen::VectorXf::Zero(classes);
    for (std::size_t c = 0; c < rows.size(); ++c) {
        double squares = 0;
        for (std::size_t d = 0; d < rows[c].size(); ++d) {
            squares += rows[c][d] * rows[c][d];
            head.weight(static_cast<Eigen::Index>(c), static_cast<Eigen::Index>(d)) =
                static_cast<float>(rows[c][d]);
        }
        head.norms.push_back(std::sqrt(squares));
        if (bias == Bias::Given)
            head.bias[static_cast<Eigen::Index>(c)] = 0.5f * static_cast<float>(c + 1);
    }
    return head;
}

/// A head whose rows lie along one axis and so have these norms.
inline ClassifierHead headOfNorms(const Numbers& norms, Bias bias = Bias::Given)
{
    std::vector<Numbers> rows;
    for (const double norm : norms)
        rows.push_back({norm, 0});
    return headOf(rows, bias);
}

/// Classes a, b, c, ... with these counts.
inline ClassSet classesOf(const Counts& counts)
{
    ClassSet classes;
    classes.counts = counts;
    for (std::size_t c = 0; c < counts.size(); ++c)
        classes.names.emplace_back(1, static_cast<char>('a' + c));
    classes.countsSource = "counts.csv";
    return classes;
}

} // namespace monotail::test
