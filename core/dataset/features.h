// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/matrix.h"

namespace monotail {

/// What made the features, as far as the file says (safetensors metadata); empty = not said.
struct FeatureOrigin
{
    std::string backboneDigest;   ///< backbone_sha256, see backboneDigest() in checkpoint/head.h
    std::string logitsHeadDigest; ///< logits_head_sha256, see headDigest()
    std::string split;            ///< "train", "val", "test"
    std::string precision;
    std::string preprocessing;
    std::vector<std::string> classes; ///< class names in index order
    std::string imageRoot;            ///< the folder that sample ids of images are below
    std::string imagesDigest;         ///< of the whole list, see digestOf() in extract/
    std::string backbone;             ///< what it was taken for, with every assumption
    std::string shard;                ///< "0/4": the first of four parts of a list
    /// Images that could not be read and have no features: "ID: why".
    std::vector<std::string> unreadable;
    Warnings notes; ///< what else is to be known of the images, as sentences

    bool operator==(const FeatureOrigin&) const = default;
};

struct ImageList;

/// A block of numbers in some file, N x D, converted to float32 row by row on demand.
class RowSource
{
public:
    virtual ~RowSource() = default;
    virtual std::int64_t rows() const = 0;
    virtual std::int64_t width() const = 0;
    /// Rows [begin, end) as float32.
    virtual RowMatrix read(std::int64_t begin, std::int64_t end) const = 0;
    /// The same as precisely as the file has them.
    virtual RowMatrixD readExactly(std::int64_t begin, std::int64_t end) const;
};

/// Penultimate features (N x D) of a split with labels, mapped from disk; larger than memory is
/// fine.
struct FeatureSet
{
    std::string source;               ///< the path as the user gave it
    std::vector<std::int64_t> labels; ///< N
    std::shared_ptr<const RowSource> features;
    std::shared_ptr<const RowSource> logits; ///< N x C, the model's own; null if the file has none
    FeatureOrigin origin;
    std::vector<std::string> ids; ///< N, what the file calls its samples; empty if it does not
    /// The images that the features were made from, where they are at hand, and which of them each
    /// sample is (N): unreadable images have no features.
    std::shared_ptr<const ImageList> images;
    std::vector<std::int64_t> imageOf;
    Warnings warnings; ///< parts that are missing, images that could not be read

    std::int64_t samples() const { return static_cast<std::int64_t>(labels.size()); }
};

/// Opens features + labels (+ logits, ids): .safetensors, .npz, .pt, or a folder or pair of .npy
/// files ("features.npy,labels.npy"). Names: features|feats|x, labels|targets|y, logits, and ids:
/// UTF-8 text in one array of bytes, a line per sample. Several files joined by commas open as one,
/// in the order of their shards if they are such. Throws Error that says what a file holds instead,
/// and for parts that do not belong together.
FeatureSet openFeatures(const std::string& source);

/// Finds the images of sets whose samples have ids, below origin.imageRoot; leaves the set as it is
/// where they are not there. What lies in the files is not looked at.
void attachImages(FeatureSet& features);

/// Throws Error for labels outside [0, classes) (naming the first sample) and for features of the
/// wrong width. `checkpoint` is named in the sentence.
void checkFeatures(const FeatureSet& features, std::int64_t classes, std::int64_t width,
                   const std::string& checkpoint);

} // namespace monotail
