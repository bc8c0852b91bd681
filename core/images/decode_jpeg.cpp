// SPDX-License-Identifier: GPL-3.0-or-later
// JPEG through libjpeg with its defaults, the accurate DCT and the fancy upsampling: the pixels
// that PIL gives. libjpeg reports errors by longjmp, which skips destructors: the functions that
// call setjmp, and those below them, have only trivial objects.
#include <csetjmp>
#include <cstdio>

#include <jerror.h>
#include <jpeglib.h>

#include "base/text.h"
#include "images/codecs.h"

namespace monotail {

namespace {

// Ordinary progressive files have about ten; a small file of thousands would take minutes.
constexpr int mostScans = 500;

enum class Outcome { Done, Truncated, Failed };

struct JpegReader
{
    jpeg_decompress_struct info{};
    jpeg_error_mgr errors{};
    jpeg_source_mgr source{};
    jpeg_progress_mgr progress{};
    std::jmp_buf back{};
    char reason[JMSG_LENGTH_MAX] = "";
    bool damaged = false; // read on, with some of the picture wrong

    JpegReader() = default;
    JpegReader(const JpegReader&) = delete;
    JpegReader& operator=(const JpegReader&) = delete;
    ~JpegReader() { jpeg_destroy_decompress(&info); }
};

JpegReader& readerOf(j_common_ptr info)
{
    return *static_cast<JpegReader*>(info->client_data);
}

[[noreturn]] void leave(j_common_ptr info)
{
    JpegReader& reader = readerOf(info);
    info->err->format_message(info, reader.reason);
    std::longjmp(reader.back, 1);
}

void note(j_common_ptr info, int level)
{
    if (level >= 0) // a trace
        return;
    switch (info->err->msg_code) {
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
        readerOf(info).damaged = true;
        break;
    default: // the pixels are right all the same
        break;
    }
}

void limitScans(j_common_ptr info)
{
    const auto* decoder = reinterpret_cast<j_decompress_ptr>(info);
    if (decoder->input_scan_number <= mostScans)
        return;
    JpegReader& reader = readerOf(info);
    std::snprintf(reader.reason, sizeof reader.reason, "it has more than %d scans", mostScans);
    std::longjmp(reader.back, 1);
}

void skip(j_decompress_ptr info, long count)
{
    if (count <= 0)
        return;
    const std::size_t size = std::min(static_cast<std::size_t>(count), info->src->bytes_in_buffer);
    info->src->next_input_byte += size;
    info->src->bytes_in_buffer -= size;
}

void setUp(JpegReader& reader, std::span<const std::byte> bytes)
{
    reader.info.err = jpeg_std_error(&reader.errors);
    reader.info.client_data = &reader;
    reader.errors.error_exit = leave;
    reader.errors.emit_message = note;
    reader.errors.output_message = [](j_common_ptr) {};

    reader.source.next_input_byte = reinterpret_cast<const JOCTET*>(bytes.data());
    reader.source.bytes_in_buffer = bytes.size();
    reader.source.init_source = [](j_decompress_ptr) {};
    // There is no more: libjpeg suspends, where its own source would make an end up.
    reader.source.fill_input_buffer = [](j_decompress_ptr) -> boolean { return FALSE; };
    reader.source.skip_input_data = skip;
    reader.source.resync_to_restart = jpeg_resync_to_restart;
    reader.source.term_source = [](j_decompress_ptr) {};
    reader.progress.progress_monitor = limitScans;
}

Outcome readHeader(JpegReader& reader)
{
    if (setjmp(reader.back) != 0)
        return Outcome::Failed;
    jpeg_create_decompress(&reader.info);
    reader.info.src = &reader.source;
    reader.info.progress = &reader.progress;
    return jpeg_read_header(&reader.info, TRUE) == JPEG_HEADER_OK ? Outcome::Done
                                                                  : Outcome::Truncated;
}

Outcome start(JpegReader& reader, J_COLOR_SPACE space)
{
    if (setjmp(reader.back) != 0)
        return Outcome::Failed;
    reader.info.out_color_space = space;
    return jpeg_start_decompress(&reader.info) == TRUE ? Outcome::Done : Outcome::Truncated;
}

Outcome readRows(JpegReader& reader, std::uint8_t* pixels, std::size_t stride)
{
    if (setjmp(reader.back) != 0)
        return Outcome::Failed;
    while (reader.info.output_scanline < reader.info.output_height) {
        JSAMPROW row = pixels + reader.info.output_scanline * stride;
        if (jpeg_read_scanlines(&reader.info, &row, 1) != 1)
            return Outcome::Truncated;
    }
    return Outcome::Done;
}

void check(Outcome outcome, const JpegReader& reader, const std::string& name)
{
    if (outcome == Outcome::Failed)
        failDamaged("JPEG", reader.reason, name);
    if (outcome == Outcome::Truncated)
        failTruncated(reader.info.output_scanline, reader.info.image_height, name);
}

/// The product of two 8-bit parts of 255, rounded as PIL rounds it.
std::uint8_t product(int a, int b)
{
    const int scaled = a * b + 128;
    return static_cast<std::uint8_t>(((scaled >> 8) + scaled) >> 8);
}

/// PIL takes every file of four components for Adobe's, which store 255 - ink, whatever their
/// markers say; then R = (255 - C)(255 - K) / 255, with C x (255 - K) / 255 rounded first.
void toRgb(const std::vector<std::uint8_t>& inks, std::vector<std::uint8_t>& pixels)
{
    for (std::size_t i = 0; i < pixels.size() / 3; ++i) {
        const std::uint8_t* ink = inks.data() + 4 * i;
        for (std::size_t c = 0; c < 3; ++c)
            pixels[3 * i + c] = static_cast<std::uint8_t>(ink[3] - product(255 - ink[c], ink[3]));
    }
}

DecodedImage decodeRows(JpegReader& reader, const std::string& name)
{
    const auto width = static_cast<std::int64_t>(reader.info.image_width);
    const auto height = static_cast<std::int64_t>(reader.info.image_height);
    const int components = reader.info.num_components;
    const bool cmyk = components == 4;
    DecodedImage image{{width, height, components == 1 ? 1 : 3, {}}, cmyk ? "CMYK" : ""};
    const auto pixels = static_cast<std::size_t>(width * height);

    check(start(reader, components == 1 ? JCS_GRAYSCALE : cmyk ? JCS_CMYK : JCS_RGB), reader, name);
    std::vector<std::uint8_t> rows(pixels * static_cast<std::size_t>(components));
    check(readRows(reader, rows.data(), static_cast<std::size_t>(width * components)), reader,
          name);
    if (cmyk) {
        image.picture.pixels.resize(3 * pixels);
        toRgb(rows, image.picture.pixels);
    } else {
        image.picture.pixels = std::move(rows);
    }
    if (reader.damaged)
        image.conversion += image.conversion.empty() ? "damaged data" : ", damaged data";
    return image;
}

} // namespace

DecodedImage decodeJpeg(std::span<const std::byte> bytes, const std::string& name)
{
    JpegReader reader;
    setUp(reader, bytes);
    const Outcome outcome = readHeader(reader);
    if (outcome == Outcome::Truncated)
        throw Error(message("{}: the image file is truncated: its {} bytes end inside the header; "
                            "fetch it again",
                            name, bytes.size()));
    check(outcome, reader, name);
    const auto width = static_cast<std::int64_t>(reader.info.image_width);
    const auto height = static_cast<std::int64_t>(reader.info.image_height);
    checkPictureSize(width, height, name);
    if (const int found = reader.info.num_components; found != 1 && found != 3 && found != 4)
        throw Error(message("{}: the JPEG image has {} components; 1 (grey), 3 (colour) and 4 "
                            "(CMYK) are read: convert it",
                            name, found));
    // Huffman codes have one bit at least, and every block of 8 x 8 pixels has a code.
    if (reader.info.arith_code == FALSE &&
        static_cast<std::size_t>(width * height) / 64 > 8 * bytes.size())
        failTooShort(width, height, bytes.size(), name);
    return decodeRows(reader, name);
}

} // namespace monotail
