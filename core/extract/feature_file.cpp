// SPDX-License-Identifier: GPL-3.0-or-later
#include "extract/feature_file.h"

#include <algorithm>

#include "checkpoint/safetensors_writer.h"

namespace monotail {

namespace {

constexpr std::size_t pieceBytes = 1 << 20;

/// Gathers small pieces: a write costs more than the bytes of a row.
class Gathered
{
public:
    explicit Gathered(const ByteSink& sink) : m_sink(sink) { m_bytes.reserve(2 * pieceBytes); }
    ~Gathered() = default;
    Gathered(const Gathered&) = delete;
    Gathered& operator=(const Gathered&) = delete;

    void add(std::span<const std::byte> bytes)
    {
        m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
        if (m_bytes.size() >= pieceBytes)
            flush();
    }
    void flush()
    {
        m_sink(m_bytes);
        m_bytes.clear();
    }

private:
    const ByteSink& m_sink;
    std::vector<std::byte> m_bytes;
};

/// What a line of the ids may not hold.
std::string oneLine(std::string text)
{
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

class Content
{
public:
    Content(const FeaturePart& part, const ImageList& images, std::int64_t first) : m_part(part)
    {
        part.visit([&](std::int64_t sample, std::span<const float>) {
            const auto& image = images.samples[static_cast<std::size_t>(first + sample)];
            m_labels.push_back(image.label);
            m_ids += oneLine(image.id) + '\n';
        });
    }

    std::int64_t samples() const { return static_cast<std::int64_t>(m_labels.size()); }

    std::vector<FileTensor> tensors() const
    {
        std::vector<FileTensor> out{
            {"labels", DType::Int64, {samples()}, nullptr, {}},
            {"features", DType::Float32, {samples(), m_part.width()}, nullptr, {}},
            {"ids", DType::UInt8, {static_cast<std::int64_t>(m_ids.size())}, nullptr, {}}};
        if (m_part.classes() > 0)
            out.push_back({"logits", DType::Float32, {samples(), m_part.classes()}, nullptr, {}});
        return out;
    }

    void write(const FileTensor& tensor, const ByteSink& sink) const
    {
        if (tensor.name == "labels")
            return sink(std::as_bytes(std::span(m_labels)));
        if (tensor.name == "ids")
            return sink(std::as_bytes(std::span(m_ids)));
        const auto width = static_cast<std::size_t>(m_part.width());
        const bool isFeatures = tensor.name == "features";
        Gathered gathered(sink);
        m_part.visit([&](std::int64_t, std::span<const float> row) {
            gathered.add(std::as_bytes(isFeatures ? row.first(width) : row.subspan(width)));
        });
        gathered.flush();
    }

private:
    const FeaturePart& m_part;
    std::vector<std::int64_t> m_labels;
    std::string m_ids;
};

} // namespace

void writeFeatureFile(const FeaturePart& part, const ImageList& images, std::int64_t first,
                      const std::map<std::string, std::string>& metadata,
                      const std::filesystem::path& target, Overwrite overwrite)
{
    const Content content(part, images, first);
    AtomicFile file(target, overwrite);
    writeSafetensors(
        {NewFileFormat::Safetensors, content.tensors(), metadata},
        [&](const FileTensor& tensor, const ByteSink& sink) { content.write(tensor, sink); },
        [&](std::span<const std::byte> bytes) { file.append(bytes); });
    file.commit();
}

} // namespace monotail
