// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/progress.h"
#include "dataset/image_list.h"
#include "images/preprocessing.h"

namespace monotail {

/// One image as the network takes it, or why there is none.
struct PreparedImage
{
    std::int64_t sample = 0;
    Picture picture;
    std::string conversion;  ///< see DecodedImage
    bool isEnlarged = false; ///< resized to more pixels than it has
    std::string error;       ///< empty: the picture is good
};

/// Reads, decodes and prepares one image of the list.
PreparedImage prepareImage(const ImageList& images, std::int64_t sample,
                           const Preprocessing& preprocessing, std::int64_t channels);

/// Threads that read, decode and prepare the images [begin, end) of a list ahead of who takes them.
/// They stop when enough lie ready, by number or by bytes, so memory does not grow with the list.
class DecodeQueue
{
public:
    struct Range
    {
        std::int64_t begin = 0;
        std::int64_t end = 0;
    };
    struct Options
    {
        int threads = 0;          ///< 0 = one per processor
        std::int64_t ahead = 512; ///< images that may lie ready
    };

    /// `images` must outlive the queue.
    DecodeQueue(const ImageList& images, Range range, const Preprocessing& preprocessing,
                std::int64_t channels, const Options& options);
    ~DecodeQueue();
    DecodeQueue(const DecodeQueue&) = delete;
    DecodeQueue& operator=(const DecodeQueue&) = delete;

    /// The next images in the order of the list; empty at the end. Calls `alive` several times a
    /// second while it waits; what that throws passes through.
    std::vector<PreparedImage> next(const std::function<void()>& alive);

private:
    void serve();
    bool mayStart() const;

    const ImageList& m_images;
    const Range m_range;
    const Preprocessing m_preprocessing;
    const std::int64_t m_channels;
    std::int64_t m_chunksAhead = 0;

    std::mutex m_mutex;
    std::condition_variable m_ready;
    std::condition_variable m_room;
    std::map<std::int64_t, std::vector<PreparedImage>> m_done; ///< by chunk
    std::size_t m_bytes = 0;                                   ///< of the pictures in m_done
    std::int64_t m_claimed = 0;                                ///< chunks that threads have taken
    std::int64_t m_taken = 0;                                  ///< chunks given out by next()
    std::exception_ptr m_failure;
    bool m_closing = false;
    std::vector<std::thread> m_threads;
};

} // namespace monotail
