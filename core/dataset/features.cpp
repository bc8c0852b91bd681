// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/features.h"

#include "base/text.h"
#include "dataset/array_catalogue.h"
#include "dataset/feature_origin.h"
#include "dataset/feature_parts.h"

namespace monotail {

namespace {

void checkSamples(const ArrayCatalogue& catalogue, std::int64_t labels, const RowSource& rows,
                  std::string_view what)
{
    if (rows.rows() != labels)
        throw Error(
            message("{}: {} rows of {}, but {} labels; they must belong to the same samples",
                    catalogue.name, rows.rows(), what, labels));
}

/// Nothing where they are no such text, or not one for each sample: ids are a comfort.
std::vector<std::string> readIds(const ArrayCatalogue& catalogue, std::int64_t samples)
{
    const auto at = findArray(catalogue, {"ids"});
    if (!at)
        return {};
    const NumberArray text = catalogue.read(*at);
    const bool isBytes = text.type == NumberType::UInt8 && text.shape.size() == 1 &&
                         (text.shape[0] < 2 || text.stride[0] == 1);
    if (!isBytes)
        return {};
    const std::string_view all(reinterpret_cast<const char*>(text.data),
                               static_cast<std::size_t>(text.shape[0]));
    std::vector<std::string> ids;
    for (const std::string_view line : split(all, '\n'))
        ids.emplace_back(line);
    if (!ids.empty() && ids.back().empty())
        ids.pop_back();
    return static_cast<std::int64_t>(ids.size()) == samples ? ids : std::vector<std::string>();
}

Warnings warningsOf(const FeatureOrigin& origin, const std::string& source)
{
    Warnings warnings = origin.notes;
    if (!origin.unreadable.empty())
        warnings.push_back(message("{}: {} {} could not be read and {} left out (first: {})",
                                   printable(source, 400), origin.unreadable.size(),
                                   origin.unreadable.size() == 1 ? "image" : "images",
                                   origin.unreadable.size() == 1 ? "is" : "are",
                                   printable(origin.unreadable.front(), 400)));
    return warnings;
}

} // namespace

RowMatrixD RowSource::readExactly(std::int64_t begin, std::int64_t end) const
{
    return read(begin, end).cast<double>();
}

FeatureSet openFeatureFile(const std::string& source)
{
    const ArrayCatalogue catalogue = openArrays(source);
    const auto features = findArray(catalogue, {"features", "feats", "x"});
    if (!features)
        throw Error(message("{}: no features are in it (an array named features, feats or x); {}",
                            catalogue.name, whatIsThere(catalogue)));
    FeatureSet set;
    set.source = source;
    set.labels = readLabels(catalogue);
    set.features = asRows(catalogue.read(*features));
    checkSamples(catalogue, set.samples(), *set.features, "features");
    if (const auto logits = findArray(catalogue, {"logits"})) {
        set.logits = asRows(catalogue.read(*logits));
        checkSamples(catalogue, set.samples(), *set.logits, "logits");
    }
    set.ids = readIds(catalogue, set.samples());
    set.origin = readFeatureOrigin(catalogue);
    set.warnings = warningsOf(set.origin, source);
    return set;
}

void checkFeatures(const FeatureSet& features, std::int64_t classes, std::int64_t width,
                   const std::string& checkpoint)
{
    const std::string name = printable(features.source);
    if (features.features->width() != width)
        throw Error(message("{}: the features have {} numbers per sample, but the head of {} takes "
                            "{}; extract them with this checkpoint's backbone, or choose another "
                            "head",
                            name, features.features->width(), printable(checkpoint), width));
    for (std::size_t i = 0; i < features.labels.size(); ++i)
        if (features.labels[i] < 0 || features.labels[i] >= classes)
            throw Error(message("{}: sample {} has label {}, but the head of {} has {} classes (0 "
                                "to {}); the file belongs to another data set, or its labels are "
                                "numbered differently",
                                name, i, features.labels[i], printable(checkpoint), classes,
                                classes - 1));
    if (features.logits && features.logits->width() != classes)
        throw Error(message("{}: its logits are of {} classes, but the head of {} has {}; extract "
                            "them again with this checkpoint",
                            name, features.logits->width(), printable(checkpoint), classes));
}

} // namespace monotail
