// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/feature_parts.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>

#include "base/text.h"
#include "dataset/array_catalogue.h"

namespace monotail {

namespace {

/// Which part of how many, "0/4".
struct Shard
{
    std::int64_t index = 0;
    std::int64_t count = 0;
};

std::optional<Shard> shardOf(const FeatureOrigin& origin)
{
    const auto parts = split(origin.shard, '/');
    if (parts.size() != 2)
        return {};
    const auto index = parseInteger(parts[0]);
    const auto count = parseInteger(parts[1]);
    if (!index || !count || *index < 0 || *index >= *count)
        return {};
    return Shard{*index, *count};
}

/// The rows of several sources, one after the other.
class JoinedRows : public RowSource
{
public:
    explicit JoinedRows(std::vector<std::shared_ptr<const RowSource>> parts)
        : m_parts(std::move(parts))
    {
        for (const auto& part : m_parts) {
            m_begins.push_back(m_rows);
            m_rows += part->rows();
        }
    }

    std::int64_t rows() const override { return m_rows; }
    std::int64_t width() const override { return m_parts.front()->width(); }

    RowMatrix read(std::int64_t begin, std::int64_t end) const override
    {
        return joined<RowMatrix>(begin, end, [](const RowSource& part, auto first, auto last) {
            return part.read(first, last);
        });
    }

    RowMatrixD readExactly(std::int64_t begin, std::int64_t end) const override
    {
        return joined<RowMatrixD>(begin, end, [](const RowSource& part, auto first, auto last) {
            return part.readExactly(first, last);
        });
    }

private:
    template <typename Matrix, typename Read>
    Matrix joined(std::int64_t begin, std::int64_t end, Read read) const
    {
        Matrix out(end - begin, width());
        std::size_t part = static_cast<std::size_t>(
            std::upper_bound(m_begins.begin(), m_begins.end(), begin) - m_begins.begin() - 1);
        for (std::int64_t at = begin; at < end; ++part) {
            const std::int64_t first = at - m_begins[part];
            const std::int64_t last = std::min(end - m_begins[part], m_parts[part]->rows());
            out.middleRows(at - begin, last - first) = read(*m_parts[part], first, last);
            at += last - first;
        }
        return out;
    }

    std::vector<std::shared_ptr<const RowSource>> m_parts;
    std::vector<std::int64_t> m_begins;
    std::int64_t m_rows = 0;
};

void checkSame(const FeatureSet& first, const FeatureSet& other)
{
    const auto differ = [&](const std::string& what, const std::string& a, const std::string& b) {
        return Error(message("{} and {} do not belong together: their {} differ ({} and {})",
                             printable(first.source), printable(other.source), what,
                             printable(a, 200), printable(b, 200)));
    };
    const auto width = [](const FeatureSet& set) { return toText(set.features->width()); };
    if (first.features->width() != other.features->width())
        throw differ("widths", width(first), width(other));
    const FeatureOrigin& a = first.origin;
    const FeatureOrigin& b = other.origin;
    if (a.backboneDigest != b.backboneDigest)
        throw differ("backbones", a.backboneDigest, b.backboneDigest);
    if (a.preprocessing != b.preprocessing)
        throw differ("preprocessings", a.preprocessing, b.preprocessing);
    if (a.backbone != b.backbone)
        throw differ("assumptions about the backbone", a.backbone, b.backbone);
    if (!a.shard.empty() && !b.shard.empty() && a.imagesDigest != b.imagesDigest)
        throw differ("lists of images", a.imagesDigest, b.imagesDigest);
    if (a.shard.empty() != b.shard.empty())
        throw Error(message("{} is shard {} of a list and {} is no shard: give all shards of one "
                            "list, or whole files",
                            printable((a.shard.empty() ? other : first).source),
                            a.shard.empty() ? b.shard : a.shard,
                            printable((a.shard.empty() ? first : other).source)));
    if (a.precision != b.precision)
        throw differ("precisions", a.precision, b.precision);
    if (a.classes != b.classes)
        throw differ("class names", joined(a.classes, ", "), joined(b.classes, ", "));
    if (static_cast<bool>(first.logits) != static_cast<bool>(other.logits))
        throw differ("arrays", first.logits ? "logits" : "no logits",
                     other.logits ? "logits" : "no logits");
}

/// Shards in their order; a shard that comes twice is an Error, missing ones are warned about.
void sortShards(std::vector<FeatureSet>& parts, Warnings& warnings)
{
    if (!std::all_of(parts.begin(), parts.end(),
                     [](const FeatureSet& part) { return shardOf(part.origin).has_value(); }))
        return;
    const auto index = [](const FeatureSet& part) { return shardOf(part.origin)->index; };
    std::stable_sort(parts.begin(), parts.end(),
                     [&](const FeatureSet& a, const FeatureSet& b) { return index(a) < index(b); });
    for (std::size_t i = 1; i < parts.size(); ++i) {
        if (shardOf(parts[i].origin)->count != shardOf(parts[0].origin)->count)
            throw Error(message("{} is shard {} and {} is shard {}: parts of one list are expected",
                                printable(parts[0].source), parts[0].origin.shard,
                                printable(parts[i].source), parts[i].origin.shard));
        if (index(parts[i]) == index(parts[i - 1]))
            throw Error(message("{} and {} are both shard {}", printable(parts[i - 1].source),
                                printable(parts[i].source), parts[i].origin.shard));
    }
    const std::int64_t count = shardOf(parts[0].origin)->count;
    if (static_cast<std::int64_t>(parts.size()) < count)
        warnings.push_back(message("{} of {} shards are given: the accuracies are those of a part "
                                   "of the list",
                                   parts.size(), count));
}

void checkTwice(const std::vector<FeatureSet>& parts)
{
    std::set<std::filesystem::path> seen;
    for (const FeatureSet& part : parts) {
        std::error_code unknown;
        const auto path = std::filesystem::weakly_canonical(part.source, unknown);
        if (!unknown && !seen.insert(path).second)
            throw Error(message("{} is given twice", printable(part.source)));
    }
}

} // namespace

namespace {

/// The files that a source stands for: itself, those between its commas, or the .safetensors files
/// of a folder.
std::vector<std::string> partNames(const std::string& source)
{
    namespace fs = std::filesystem;
    std::error_code unknown;
    std::vector<std::string> names;
    if (fs::is_directory(source, unknown)) {
        std::error_code error;
        for (fs::directory_iterator at(source, error), end; !error && at != end;
             at.increment(error)) {
            if (at->path().extension() == ".npy")
                return {source}; // the arrays of one set
            if (at->path().extension() == ".safetensors")
                names.push_back(at->path().string());
        }
        std::sort(names.begin(), names.end());
    } else if (!isNpyList(source) && !fs::exists(source, unknown)) {
        for (const std::string_view name : split(source, ','))
            names.emplace_back(trimmed(name));
    }
    return names.empty() ? std::vector<std::string>{source} : names;
}

} // namespace

FeatureSet joinFeatures(std::vector<FeatureSet> parts, const std::string& source)
{
    FeatureSet all;
    checkTwice(parts);
    sortShards(parts, all.warnings);
    all.source = source;
    all.origin = parts.front().origin;
    all.origin.shard.clear();
    all.origin.unreadable.clear();
    const bool haveIds = std::all_of(parts.begin(), parts.end(),
                                     [](const FeatureSet& part) { return !part.ids.empty(); });
    std::vector<std::shared_ptr<const RowSource>> rows;
    std::vector<std::shared_ptr<const RowSource>> logits;
    for (const FeatureSet& part : parts) {
        checkSame(parts.front(), part);
        if (part.origin.imageRoot != all.origin.imageRoot)
            all.origin.imageRoot.clear(); // ids of several folders name no image
        rows.push_back(part.features);
        logits.push_back(part.logits);
        all.labels.insert(all.labels.end(), part.labels.begin(), part.labels.end());
        if (haveIds)
            all.ids.insert(all.ids.end(), part.ids.begin(), part.ids.end());
        all.warnings.insert(all.warnings.end(), part.warnings.begin(), part.warnings.end());
        all.origin.unreadable.insert(all.origin.unreadable.end(), part.origin.unreadable.begin(),
                                     part.origin.unreadable.end());
    }
    all.features = std::make_shared<JoinedRows>(std::move(rows));
    if (parts.front().logits)
        all.logits = std::make_shared<JoinedRows>(std::move(logits));
    return all;
}

FeatureSet openFeatures(const std::string& source)
{
    const std::vector<std::string> names = partNames(source);
    if (names.size() < 2)
        return openFeatureFile(names.front());
    std::vector<FeatureSet> parts;
    for (const std::string& name : names)
        parts.push_back(openFeatureFile(name));
    return joinFeatures(std::move(parts), source);
}

} // namespace monotail
