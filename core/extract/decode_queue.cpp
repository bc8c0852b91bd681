// SPDX-License-Identifier: GPL-3.0-or-later
#include "extract/decode_queue.h"

#include <algorithm>
#include <chrono>

#include "base/text.h"
#include "images/read_image.h"

namespace monotail {

namespace {

/// Large enough that threads seldom meet at the lock, small enough that the first batch comes soon.
constexpr std::int64_t chunkImages = 8;

std::int64_t chunksOf(std::int64_t images)
{
    return (images + chunkImages - 1) / chunkImages;
}

constexpr std::size_t mostBytes = 256 << 20;

std::size_t bytesOf(const std::vector<PreparedImage>& images)
{
    std::size_t bytes = 0;
    for (const PreparedImage& image : images)
        bytes += image.picture.pixels.size();
    return bytes;
}

} // namespace

PreparedImage prepareImage(const ImageList& images, std::int64_t sample,
                           const Preprocessing& preprocessing, std::int64_t channels)
{
    PreparedImage out;
    out.sample = sample;
    try {
        DecodedImage decoded = readImage(images, sample);
        out.conversion = std::move(decoded.conversion);
        out.isEnlarged =
            preprocessing.resize > std::min(decoded.picture.width, decoded.picture.height);
        out.picture = prepared(decoded.picture, preprocessing, channels);
    } catch (const Error& error) {
        const std::string& id = images.samples[static_cast<std::size_t>(sample)].id;
        out.error = error.what();
        if (out.error.find(printable(id)) == std::string::npos)
            out.error = message("{}: {}", printable(id), out.error);
    }
    return out;
}

DecodeQueue::DecodeQueue(const ImageList& images, Range range, const Preprocessing& preprocessing,
                         std::int64_t channels, const Options& options)
    : m_images(images), m_range(range), m_preprocessing(preprocessing), m_channels(channels)
{
    const auto hardware = static_cast<int>(std::thread::hardware_concurrency());
    const int threads = std::max(1, options.threads > 0 ? options.threads : hardware);
    m_chunksAhead = std::max<std::int64_t>(chunksOf(options.ahead), threads + 1);
    for (int i = 0; i < threads; ++i)
        m_threads.emplace_back([this] { serve(); });
}

DecodeQueue::~DecodeQueue()
{
    {
        const std::lock_guard lock(m_mutex);
        m_closing = true;
    }
    m_room.notify_all();
    for (std::thread& thread : m_threads)
        thread.join();
}

bool DecodeQueue::mayStart() const
{
    if (m_claimed >= m_taken + m_chunksAhead)
        return false;
    // What is asked for next is always made, however large the pictures that lie ready are.
    return m_bytes < mostBytes || m_claimed == m_taken;
}

void DecodeQueue::serve()
{
    const std::int64_t chunks = chunksOf(m_range.end - m_range.begin);
    std::unique_lock lock(m_mutex);
    while (true) {
        m_room.wait(lock, [&] { return m_closing || m_claimed >= chunks || mayStart(); });
        if (m_closing || m_claimed >= chunks)
            return;
        const std::int64_t chunk = m_claimed++;
        lock.unlock();
        std::vector<PreparedImage> images;
        std::exception_ptr failure;
        try {
            const std::int64_t begin = m_range.begin + chunk * chunkImages;
            for (std::int64_t i = begin; i < std::min(begin + chunkImages, m_range.end); ++i)
                images.push_back(prepareImage(m_images, i, m_preprocessing, m_channels));
        } catch (...) { // no memory: for the one who waits to throw
            failure = std::current_exception();
        }
        lock.lock();
        if (failure)
            m_failure = failure;
        m_bytes += bytesOf(images);
        m_done.emplace(chunk, std::move(images));
        m_ready.notify_one();
    }
}

std::vector<PreparedImage> DecodeQueue::next(const std::function<void()>& alive)
{
    if (m_taken >= chunksOf(m_range.end - m_range.begin))
        return {};
    std::unique_lock lock(m_mutex);
    const auto isReady = [&] {
        return m_failure || (!m_done.empty() && m_done.begin()->first == m_taken);
    };
    while (!m_ready.wait_for(lock, std::chrono::milliseconds(100), isReady)) {
        lock.unlock();
        alive();
        lock.lock();
    }
    if (m_failure)
        std::rethrow_exception(m_failure);
    std::vector<PreparedImage> images = std::move(m_done.begin()->second);
    m_done.erase(m_done.begin());
    m_bytes -= bytesOf(images);
    ++m_taken;
    lock.unlock();
    m_room.notify_all();
    return images;
}

} // namespace monotail
