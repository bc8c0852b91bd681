// SPDX-License-Identifier: GPL-3.0-or-later
#include "extract/extract.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <set>
#include <utility>

#include "base/text.h"

namespace monotail {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t firstBatch = 8;
constexpr std::int64_t usualBatch = 256;
/// Pixels in one batch: activations take hundreds of bytes for each.
constexpr std::int64_t mostPixels = 256 * 224 * 224;
constexpr std::size_t mostWaitingBytes = 256 << 20;
constexpr double quickSeconds = 0.2; ///< of one batch: a larger one still obeys a cancel in time
constexpr double slowSeconds = 0.6;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

using Pictures = std::vector<const PreparedImage*>;
using Size = std::pair<std::int64_t, std::int64_t>;

FeaturePart::Mark markOf(const PreparedImage& image)
{
    if (!image.error.empty())
        return FeaturePart::Mark::Missing;
    return image.conversion.empty() ? FeaturePart::Mark::Good : FeaturePart::Mark::Converted;
}

Size sizeOf(const Picture& picture)
{
    return {picture.width, picture.height};
}

class Extraction
{
public:
    Extraction(const ImageList& images, const FeatureNetwork& network,
               const Preprocessing& preprocessing, FeaturePart& part, const ExtractOptions& options,
               std::function<void()> alive)
        : m_images(images), m_network(network),
          m_tables(normalisation(preprocessing, network.inputChannels())),
          m_flip(preprocessing.flipAverage), m_part(part), m_alive(std::move(alive)),
          m_most(options.batch > 0 ? options.batch : usualBatch),
          m_batch(std::min(firstBatch, m_most))
    {}

    void add(std::vector<PreparedImage> images)
    {
        for (PreparedImage& image : images) {
            note(image);
            m_waitingBytes += image.picture.pixels.size();
            m_waiting.push_back(std::move(image));
        }
        while (static_cast<std::int64_t>(m_waiting.size()) >= m_batch)
            flush(m_batch);
        if (m_waitingBytes > mostWaitingBytes)
            finish();
    }
    void finish()
    {
        while (!m_waiting.empty())
            flush(std::min(m_batch, static_cast<std::int64_t>(m_waiting.size())));
    }
    ExtractRun run() const
    {
        ExtractRun run = m_run;
        run.sizes = static_cast<std::int64_t>(m_sizes.size());
        return run;
    }

private:
    void note(const PreparedImage& image)
    {
        ++m_run.images;
        m_run.enlarged += image.isEnlarged;
        if (image.conversion.empty())
            return;
        ExtractRun::Conversion& conversion = m_run.conversions[image.conversion];
        if (conversion.images++ == 0)
            conversion.first = image.sample;
    }

    /// The first `count` of those that wait.
    void flush(std::int64_t count)
    {
        std::vector<FeaturePart::Mark> marks;
        std::map<Size, std::vector<std::size_t>> bySize; // of those that are good
        std::size_t rows = 0;
        Pictures pictures;
        for (std::int64_t i = 0; i < count; ++i) {
            const PreparedImage& image = m_waiting[static_cast<std::size_t>(i)];
            marks.push_back(markOf(image));
            if (!image.error.empty())
                continue;
            bySize[sizeOf(image.picture)].push_back(rows++);
            pictures.push_back(&image);
        }
        NetworkOutput all;
        for (const auto& [size, which] : bySize) {
            m_sizes.insert(size);
            Pictures alike;
            for (const std::size_t at : which)
                alike.push_back(pictures[at]);
            const NetworkOutput some = runInPieces(alike);
            if (bySize.size() == 1) {
                all = some;
                break;
            }
            scatter(some, which, rows, all);
        }
        m_alive();
        store(marks, rows, all);
        for (std::int64_t i = 0; i < count; ++i)
            m_waitingBytes -= m_waiting[static_cast<std::size_t>(i)].picture.pixels.size();
        m_waiting.erase(m_waiting.begin(), m_waiting.begin() + count);
    }

    static void scatter(const NetworkOutput& some, const std::vector<std::size_t>& which,
                        std::size_t rows, NetworkOutput& all)
    {
        all.features.resize(static_cast<Eigen::Index>(rows), some.features.cols());
        all.logits.resize(some.logits.size() > 0 ? static_cast<Eigen::Index>(rows) : 0,
                          some.logits.cols());
        for (std::size_t i = 0; i < which.size(); ++i) {
            const auto to = static_cast<Eigen::Index>(which[i]);
            const auto from = static_cast<Eigen::Index>(i);
            all.features.row(to) = some.features.row(from);
            if (some.logits.size() > 0)
                all.logits.row(to) = some.logits.row(from);
        }
    }

    /// Unreadable images ahead of the first good one wait for the sizes.
    void store(const std::vector<FeaturePart::Mark>& marks, std::size_t rows,
               const NetworkOutput& output)
    {
        m_marks.insert(m_marks.end(), marks.begin(), marks.end());
        if (rows > 0)
            m_part.setSizes(output.features.cols(), output.logits.cols());
        if (m_part.width() == 0)
            return;
        m_part.append(m_marks, output);
        m_marks.clear();
    }

    static std::size_t mostAtOnce(const Picture& picture)
    {
        return static_cast<std::size_t>(
            std::max<std::int64_t>(1, mostPixels / (picture.width * picture.height)));
    }

    std::string nameOf(const PreparedImage& image) const
    {
        return printable(m_images.samples[static_cast<std::size_t>(image.sample)].id);
    }

    NetworkOutput runInPieces(const Pictures& pictures)
    {
        NetworkOutput all;
        for (std::size_t begin = 0; begin < pictures.size();) {
            const std::size_t count =
                std::min({static_cast<std::size_t>(m_batch), pictures.size() - begin,
                          mostAtOnce(pictures[begin]->picture)});
            const auto first = pictures.begin() + static_cast<std::ptrdiff_t>(begin);
            try {
                NetworkOutput some = runTimed({first, first + static_cast<std::ptrdiff_t>(count)});
                if (count == pictures.size())
                    return some;
                std::vector<std::size_t> which(count);
                std::iota(which.begin(), which.end(), begin);
                scatter(some, which, pictures.size(), all);
                begin += count;
            } catch (const OutOfDeviceMemory& error) {
                if (count == 1)
                    throw Error(message("{}: {}", nameOf(*pictures[begin]), error.what()));
                m_batch = m_most = static_cast<std::int64_t>(count) / 2;
            }
        }
        return all;
    }

    NetworkOutput runTimed(const Pictures& pictures)
    {
        const auto start = Clock::now();
        NetworkOutput output = runOnce(pictures, false);
        if (m_flip) {
            const NetworkOutput mirrored = runOnce(pictures, true);
            output.features = (output.features + mirrored.features) * 0.5f;
            output.logits = (output.logits + mirrored.logits) * 0.5f;
        }
        const double seconds = secondsSince(start);
        const auto count = static_cast<std::int64_t>(pictures.size());
        m_run.batch = std::max(m_run.batch, count);
        if (count == m_batch && seconds < quickSeconds)
            m_batch = std::min(2 * m_batch, m_most);
        else if (seconds > slowSeconds && m_batch > 1)
            m_batch = std::max<std::int64_t>(1, m_batch / 2);
        return output;
    }

    NetworkOutput runOnce(const Pictures& pictures, bool mirrored)
    {
        const Picture& first = pictures.front()->picture;
        m_pixels.clear();
        for (const PreparedImage* image : pictures)
            m_pixels.insert(m_pixels.end(), image->picture.pixels.begin(),
                            image->picture.pixels.end());
        return m_network.run({static_cast<std::int64_t>(pictures.size()), first.height, first.width,
                              first.channels, m_pixels, m_tables, mirrored});
    }

    const ImageList& m_images;
    const FeatureNetwork& m_network;
    const std::vector<std::array<float, 256>> m_tables;
    const bool m_flip;
    FeaturePart& m_part;
    const std::function<void()> m_alive;
    std::int64_t m_most;
    std::int64_t m_batch;
    std::vector<PreparedImage> m_waiting;
    std::size_t m_waitingBytes = 0;
    std::vector<FeaturePart::Mark> m_marks; ///< of samples that are not in the part yet
    std::vector<std::uint8_t> m_pixels;
    std::set<Size> m_sizes;
    ExtractRun m_run;
};

} // namespace

ExtractRun extractFeatures(const ImageList& images, DecodeQueue::Range range,
                           const FeatureNetwork& network, const Preprocessing& preprocessing,
                           FeaturePart& part, const ExtractOptions& options,
                           const Progress& progress)
{
    const auto start = Clock::now();
    const std::int64_t total = range.end - range.begin;
    const auto alive = [&] { report(progress, part.samples(), total); };
    alive();
    DecodeQueue queue(images, {range.begin + std::min(part.samples(), total), range.end},
                      preprocessing, network.inputChannels(),
                      {options.threads, 2 * (options.batch > 0 ? options.batch : usualBatch)});
    Extraction extraction(images, network, preprocessing, part, options, alive);
    for (auto some = queue.next(alive); !some.empty(); some = queue.next(alive))
        extraction.add(std::move(some));
    extraction.finish();
    ExtractRun run = extraction.run();
    run.seconds = secondsSince(start);
    return run;
}

} // namespace monotail
