// SPDX-License-Identifier: GPL-3.0-or-later
#include "images/decode.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"
#include "images/codecs.h"

namespace monotail {

namespace {

using namespace std::string_view_literals;

// Twice PIL's Image.MAX_IMAGE_PIXELS, from where on PIL raises DecompressionBombError.
constexpr std::int64_t mostPixels = 178'956'970;

struct Magic
{
    std::size_t offset;
    std::string_view bytes;
    std::string_view format; // with its article
};

constexpr std::array others{
    Magic{0, "GIF8"sv, "a GIF image"},
    Magic{8, "WEBP"sv, "a WebP image"},
    Magic{0, "II*\0"sv, "a TIFF image"},
    Magic{0, "MM\0*"sv, "a TIFF image"},
    Magic{4, "ftypavif"sv, "an AVIF image"},
    Magic{4, "ftypavis"sv, "an AVIF image"},
    Magic{4, "ftyphei"sv, "a HEIC image"},
    Magic{4, "ftyphev"sv, "a HEIC image"},
    Magic{4, "ftypmif1"sv, "a HEIC image"},
    Magic{4, "ftypmsf1"sv, "a HEIC image"},
    Magic{0, "\0\0\0\x0cjP  "sv, "a JPEG 2000 image"},
    Magic{0, "\xff\x4f\xff\x51"sv, "a JPEG 2000 image"},
    Magic{0, "\xff\x0a"sv, "a JPEG XL image"},
    Magic{0, "\0\0\0\x0cJXL "sv, "a JPEG XL image"},
    Magic{0, "\0\0\1\0"sv, "an icon file"},
    Magic{0, "8BPS"sv, "a Photoshop file"},
    Magic{0, "%PDF"sv, "a PDF file"},
    Magic{0, "PK\3\4"sv, "a zip archive"},
    Magic{0, "\x1f\x8b"sv, "a gzip file"},
    Magic{0, "\x93NUMPY"sv, "a numpy array"},
    Magic{0, "\x89HDF"sv, "an HDF5 file"},
    Magic{0, "BM"sv, "a BMP image"},
};

std::string_view asText(std::span<const std::byte> bytes, std::size_t size)
{
    return {reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), size)};
}

bool isPnm(std::string_view head)
{
    return head.size() >= 3 && head[0] == 'P' && head[1] >= '1' && head[1] <= '7' &&
           (head[2] == ' ' || head[2] == '\n' || head[2] == '\r' || head[2] == '\t');
}

bool isMarkup(std::string_view head)
{
    const std::string text = lowered(trimmed(head.substr(0, 64)));
    return text.starts_with("<!doctype") || text.starts_with("<html") ||
           text.starts_with("<head") || text.starts_with("<?xml") || text.starts_with("<svg");
}

[[noreturn]] void failOther(std::string_view head, const std::string& name)
{
    for (const Magic& magic : others)
        if (head.size() > magic.offset && head.substr(magic.offset).starts_with(magic.bytes))
            throw Error(
                message("{}: this is {}; JPEG and PNG are read: convert it", name, magic.format));
    if (isPnm(head))
        throw Error(message("{}: this is a PPM image; JPEG and PNG are read: convert it", name));
    if (isMarkup(head))
        throw Error(message("{}: this is a web page or other markup, not an image; the download "
                            "went wrong: fetch the file again",
                            name));
    throw Error(message("{}: this is no JPEG or PNG image; it begins with \"{}\"", name,
                        printable(head.substr(0, 8))));
}

} // namespace

void checkPictureSize(std::int64_t width, std::int64_t height, const std::string& name)
{
    if (width <= 0 || height <= 0)
        throw Error(message("{}: the image is damaged: its header says {} x {} pixels", name, width,
                            height));
    if (width > mostPixels / height)
        throw Error(message("{}: the image has {} x {} pixels; at most {} are read: make it "
                            "smaller",
                            name, width, height, toGroupedText(mostPixels)));
}

void failTruncated(std::int64_t rowsRead, std::int64_t rows, const std::string& name)
{
    throw Error(message("{}: the image file is truncated: {} of {} rows could be read; fetch it "
                        "again",
                        name, rowsRead, rows));
}

void failTooShort(std::int64_t width, std::int64_t height, std::size_t bytes,
                  const std::string& name)
{
    throw Error(message("{}: the image file is truncated: its header says {} x {} pixels, which {} "
                        "bytes cannot hold; fetch it again",
                        name, width, height, bytes));
}

void failDamaged(const char* format, const char* reason, const std::string& name)
{
    throw Error(message("{}: the {} image is damaged: {}; fetch it again", name, format,
                        printable(reason)));
}

DecodedImage decodeImage(std::span<const std::byte> bytes, const std::string& name)
{
    const std::string_view head = asText(bytes, 256);
    if (head.empty())
        throw Error(message("{}: the file is empty; an image was expected", name));
    if (head.starts_with("\xff\xd8\xff"))
        return decodeJpeg(bytes, name);
    if (head.starts_with("\x89PNG\r\n\x1a\n"))
        return decodePng(bytes, name);
    if (std::string_view("\xff\xd8\xff").starts_with(head) ||
        "\x89PNG\r\n\x1a\n"sv.starts_with(head))
        throw Error(message("{}: the image file is truncated: it has {} bytes; fetch it again",
                            name, bytes.size()));
    failOther(head, name);
}

} // namespace monotail
