// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <limits>

#include "checkpoint/head.h"
#include "evaluate/torch_engine.h"
#include "made_images.h"
#include "support/shared_material.h"

/// Networks of tests/fixtures/make_backbones.py, rebuilt, and what PyTorch computes with them.
namespace monotail::test {

using nlohmann::json;

constexpr double tolerance = 1e-4;

inline std::filesystem::path fixtures()
{
    return std::filesystem::path(MONOTAIL_SOURCE_DIR) / "tests/fixtures/backbones";
}

inline const json& expected()
{
    static const json all = readJson(fixtures() / "expected.json");
    return all;
}

inline RowMatrix matrixFrom(const json& rows)
{
    RowMatrix out(static_cast<Eigen::Index>(rows.size()),
                  static_cast<Eigen::Index>(rows.at(0).size()));
    for (Eigen::Index i = 0; i < out.rows(); ++i)
        for (Eigen::Index j = 0; j < out.cols(); ++j)
            out(i, j) = rows[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)].get<float>();
    return out;
}

inline double largestError(const RowMatrix& found, const json& wanted)
{
    const RowMatrix want = matrixFrom(wanted);
    if (found.rows() != want.rows() || found.cols() != want.cols())
        return std::numeric_limits<double>::infinity();
    return static_cast<double>((found - want).cwiseAbs().maxCoeff());
}

inline MadeImages imagesFor(const json& row, const json& all)
{
    auto mean = all.at("mean").get<std::vector<double>>();
    auto deviation = all.at("std").get<std::vector<double>>();
    mean.resize(row.at("channels").get<std::size_t>());
    deviation.resize(mean.size());
    return madeImages(2, row.at("height"), row.at("width"), mean, deviation);
}

inline RowMatrix logitsOf(const RowMatrix& features, const ClassifierHead& head)
{
    return (features * head.weight.transpose()).rowwise() + head.bias.transpose();
}

/// A network of the fixtures, ready to run.
struct Rebuilt
{
    std::shared_ptr<const Checkpoint> checkpoint;
    ClassifierHead head;
    std::unique_ptr<FeatureNetwork> network;
};

inline Rebuilt rebuilt(const std::filesystem::path& folder, const json& row,
                       const NetworkOptions& options = {"cpu", Precision::Float32})
{
    const auto checkpoint = openCheckpoint(folder / row.at("file").get<std::string>());
    HeadQuery query;
    query.name = row.at("head");
    const HeadCandidate head = chooseHead(*checkpoint, query);
    const BackbonePlan plan =
        planBackbone(*checkpoint, head, parseBackboneOptions(row.at("options").get<std::string>()));
    return {checkpoint, readHead(*checkpoint, head),
            loadTorchEngine()->makeNetwork(*checkpoint, plan, options)};
}

inline void compare(const std::filesystem::path& folder, const json& row, const json& all)
{
    const Rebuilt rebuild = rebuilt(folder, row);
    const MadeImages images = imagesFor(row, all);
    const NetworkOutput output = rebuild.network->run(images.batch());
    QCOMPARE(output.logits.size(), 0);
    const double features = largestError(output.features, row.at("features"));
    const double logits = largestError(logitsOf(output.features, rebuild.head), row.at("logits"));
    QVERIFY2(features < tolerance, qPrintable(QString::number(features)));
    QVERIFY2(logits < tolerance, qPrintable(QString::number(logits)));
}

inline RowMatrix runAlone(const std::string& row, const NetworkOptions& options,
                          bool mirrored = false)
{
    const json& entry = expected().at("rows").at(row);
    const Rebuilt rebuild = rebuilt(fixtures(), entry, options);
    const MadeImages images = imagesFor(entry, expected());
    ImageBatch batch = images.batch();
    batch.mirrored = mirrored;
    return rebuild.network->run(batch).features;
}

} // namespace monotail::test
