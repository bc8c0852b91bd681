// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/inflate.h"

#include <zlib.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace monotail {

namespace {

constexpr std::uint64_t largest = std::uint64_t{1} << 30;
constexpr std::uint64_t largestEmpty = std::uint64_t{64} << 20;
constexpr std::uint64_t emptyRatio = 100;

/// Deflate cannot shrink more than this, so that a few bytes cannot claim gigabytes.
constexpr std::uint64_t mostRatio = 1032;

struct Filled
{
    int status = Z_MEM_ERROR;
    std::size_t written = 0;
};

class Inflater
{
public:
    Inflater(std::span<const std::byte> input, Packing packing) : m_input(input)
    {
        constexpr int gzipOnly = 16; // zlib.h, inflateInit2
        m_isOpen = inflateInit2(&m_stream, packing == Packing::Gzip ? gzipOnly + MAX_WBITS
                                                                    : -MAX_WBITS) == Z_OK;
    }
    ~Inflater()
    {
        if (m_isOpen)
            inflateEnd(&m_stream);
    }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    /// Until the output is full and nothing more comes. zlib counts in 32 bits: piece by piece.
    Filled fill(std::span<std::byte> output)
    {
        std::size_t read = 0;
        Filled filled{m_isOpen ? Z_OK : Z_MEM_ERROR, 0};
        while (filled.status == Z_OK) {
            const auto in = static_cast<uInt>(std::min(m_input.size() - read, piece));
            const auto out = static_cast<uInt>(std::min(output.size() - filled.written, piece));
            m_stream.next_in =
                const_cast<Bytef*>(reinterpret_cast<const Bytef*>(m_input.data() + read));
            m_stream.avail_in = in;
            m_stream.next_out = reinterpret_cast<Bytef*>(output.data() + filled.written);
            m_stream.avail_out = out;
            filled.status = inflate(&m_stream, Z_NO_FLUSH);
            read += in - m_stream.avail_in;
            filled.written += out - m_stream.avail_out;
        }
        return filled;
    }

private:
    static constexpr std::size_t piece = std::size_t{1} << 30;
    std::span<const std::byte> m_input;
    z_stream m_stream{};
    bool m_isOpen = false;
};

} // namespace

std::vector<std::byte> inflatedStart(std::span<const std::byte> input, Packing packing,
                                     std::size_t size)
{
    std::vector<std::byte> bytes(size);
    bytes.resize(Inflater(input, packing).fill(bytes).written);
    return bytes;
}

std::shared_ptr<const std::vector<std::byte>> inflated(std::span<const std::byte> input,
                                                       Packing packing, std::uint64_t size,
                                                       const std::string& name,
                                                       const std::string& advice)
{
    if (size / mostRatio > input.size())
        throw Error(
            message("{} claims {} bytes from {}; the file is damaged", name, size, input.size()));
    if (size > largest || (size > largestEmpty && size / emptyRatio > input.size()))
        throw Error(message("{} is too large to be inflated into memory ({} bytes); {}", name,
                            toGroupedText(static_cast<std::int64_t>(size)), advice));
    auto bytes = std::make_shared<std::vector<std::byte>>(size);
    const Filled filled = Inflater(input, packing).fill(*bytes);
    if (filled.status != Z_STREAM_END || filled.written != size)
        throw Error(message("{} does not inflate to the {} bytes that it should have; the file is "
                            "damaged",
                            name, size));
    return bytes;
}

} // namespace monotail
