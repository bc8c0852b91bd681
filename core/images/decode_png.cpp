// SPDX-License-Identifier: GPL-3.0-or-later
// PNG through libpng. libpng reports errors by longjmp, which skips destructors: the functions that
// call setjmp, and those below them, have only trivial objects.
#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstring>

#include <png.h>

#include "base/text.h"
#include "images/codecs.h"

namespace monotail {

namespace {

enum class Outcome { Done, Truncated, Failed };

// Texts, profiles and the like, which say nothing about the pixels we want: not even unpacked.
constexpr png_byte unused[] = "tEXt\0zTXt\0iTXt\0iCCP\0eXIf\0sPLT\0hIST";
constexpr int unusedCount = sizeof unused / 5;

struct PngReader
{
    png_structp png = nullptr;
    png_infop info = nullptr;
    const png_byte* next = nullptr;
    std::size_t left = 0;
    bool truncated = false;
    std::int64_t rowsRead = 0;
    char reason[200] = "";

    PngReader() = default;
    PngReader(const PngReader&) = delete;
    PngReader& operator=(const PngReader&) = delete;
    ~PngReader() { png_destroy_read_struct(&png, &info, nullptr); }
};

[[noreturn]] void leave(png_structp png, png_const_charp reason)
{
    auto& reader = *static_cast<PngReader*>(png_get_error_ptr(png));
    std::snprintf(reader.reason, sizeof reader.reason, "%s", reason);
    png_longjmp(png, 1);
}

void read(png_structp png, png_bytep data, std::size_t size)
{
    auto& reader = *static_cast<PngReader*>(png_get_io_ptr(png));
    if (size > reader.left) {
        reader.truncated = true;
        png_error(png, "the file ends too early");
    }
    std::memcpy(data, reader.next, size);
    reader.next += size;
    reader.left -= size;
}

Outcome failure(const PngReader& reader)
{
    return reader.truncated ? Outcome::Truncated : Outcome::Failed;
}

/// Reads up to the pixels, and asks for 8 bits of grey or RGB.
Outcome readHeader(PngReader& reader)
{
    if (setjmp(png_jmpbuf(reader.png)) != 0)
        return failure(reader);
    png_set_read_fn(reader.png, &reader, read);
    png_set_keep_unknown_chunks(reader.png, PNG_HANDLE_CHUNK_NEVER, unused, unusedCount);
    png_read_info(reader.png, reader.info);
    png_set_palette_to_rgb(reader.png);
    if (png_get_color_type(reader.png, reader.info) == PNG_COLOR_TYPE_GRAY)
        png_set_expand_gray_1_2_4_to_8(reader.png);
    // The high byte, as PIL has it for colour; PIL clips 16 bits of grey at 255, which leaves
    // nearly all of it white.
    png_set_strip_16(reader.png);
    png_set_strip_alpha(reader.png);
    return Outcome::Done;
}

Outcome start(PngReader& reader, int& passes)
{
    if (setjmp(png_jmpbuf(reader.png)) != 0)
        return failure(reader);
    passes = png_set_interlace_handling(reader.png);
    png_read_update_info(reader.png, reader.info);
    return Outcome::Done;
}

Outcome readRows(PngReader& reader, int passes, std::int64_t rows, std::uint8_t* pixels,
                 std::size_t stride)
{
    if (setjmp(png_jmpbuf(reader.png)) != 0)
        return failure(reader);
    for (int pass = 0; pass < passes; ++pass)
        for (reader.rowsRead = 0; reader.rowsRead < rows; ++reader.rowsRead)
            png_read_row(reader.png, pixels + static_cast<std::size_t>(reader.rowsRead) * stride,
                         nullptr);
    return Outcome::Done;
}

void check(Outcome outcome, const PngReader& reader, std::int64_t rows, const std::string& name)
{
    if (outcome == Outcome::Failed)
        failDamaged("PNG", reader.reason, name);
    if (outcome == Outcome::Truncated)
        failTruncated(reader.rowsRead, rows, name);
}

std::int64_t bigEndian(std::span<const std::byte> bytes, std::size_t offset)
{
    std::int64_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = value << 8 | std::to_integer<std::int64_t>(bytes[offset + i]);
    return value;
}

/// Before libpng sees the file: its own limits have sentences that say less.
void checkHeader(std::span<const std::byte> bytes, const std::string& name)
{
    constexpr std::size_t headerEnd = 33; // signature and IHDR
    if (bytes.size() < headerEnd)
        throw Error(message("{}: the image file is truncated: it has {} bytes; fetch it again",
                            name, bytes.size()));
    if (std::memcmp(bytes.data() + 12, "IHDR", 4) != 0)
        failDamaged("PNG", "it does not begin with its header", name);
    checkPictureSize(bigEndian(bytes, 16), bigEndian(bytes, 20), name);
}

DecodedImage decodeRows(PngReader& reader, std::span<const std::byte> bytes,
                        const std::string& name)
{
    const auto width = static_cast<std::int64_t>(png_get_image_width(reader.png, reader.info));
    const auto height = static_cast<std::int64_t>(png_get_image_height(reader.png, reader.info));
    // Deflate makes at most 1032 bytes of one.
    if (png_get_rowbytes(reader.png, reader.info) / 1032 >
        bytes.size() / static_cast<std::size_t>(height))
        failTooShort(width, height, bytes.size(), name);
    const bool deep = png_get_bit_depth(reader.png, reader.info) == 16;

    int passes = 1;
    check(start(reader, passes), reader, height, name);
    const std::int64_t channels = png_get_channels(reader.png, reader.info);
    DecodedImage image{{width, height, channels, {}}, deep ? "16 bits a channel" : ""};
    const auto stride = static_cast<std::size_t>(width * channels);
    if (png_get_rowbytes(reader.png, reader.info) != stride || (channels != 1 && channels != 3))
        failDamaged("PNG", "its colour type is not known", name);
    image.picture.pixels.resize(stride * static_cast<std::size_t>(height));
    check(readRows(reader, passes, height, image.picture.pixels.data(), stride), reader, height,
          name);
    return image;
}

} // namespace

DecodedImage decodePng(std::span<const std::byte> bytes, const std::string& name)
{
    checkHeader(bytes, name);
    PngReader reader;
    reader.next = reinterpret_cast<const png_byte*>(bytes.data());
    reader.left = bytes.size();
    reader.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reader, leave,
                                        [](png_structp, png_const_charp) {});
    reader.info = reader.png ? png_create_info_struct(reader.png) : nullptr;
    if (!reader.info)
        throw Error(message("{}: libpng cannot be used: too little memory, or another version than "
                            "the program was built with",
                            name));
    check(readHeader(reader), reader, bigEndian(bytes, 20), name);
    return decodeRows(reader, bytes, name);
}

} // namespace monotail
