// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/npy.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/text.h"
#include "checkpoint/tensor_layout.h"
#include "dataset/numpy_types.h"

namespace monotail {

namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t maxHeader = 1 << 16;

struct NpyHeader
{
    std::string descr;
    ArrayOrder order = ArrayOrder::RowMajor;
    std::vector<std::int64_t> shape;
};

[[noreturn]] void fail(const std::string& name, const std::string& what)
{
    throw Error(message("{}: {}; save it again with numpy.save", name, what));
}

/// The header's dict literal, {'descr': '<f4', 'fortran_order': False, 'shape': (10, 64), }, taken
/// literally: whatever else Python would accept there is refused.
class HeaderParser
{
public:
    HeaderParser(std::string_view text, const std::string& name) : m_rest(text), m_name(name) {}

    NpyHeader parse()
    {
        NpyHeader header;
        bool hasDescr = false, hasOrder = false, hasShape = false;
        expect("{");
        while (!take("}")) {
            const std::string key = quotedText();
            expect(":");
            if (key == "descr" && !std::exchange(hasDescr, true))
                header.descr = descr();
            else if (key == "fortran_order" && !std::exchange(hasOrder, true))
                header.order = truth() ? ArrayOrder::ColumnMajor : ArrayOrder::RowMajor;
            else if (key == "shape" && !std::exchange(hasShape, true))
                header.shape = shape();
            else
                fail(m_name, "the .npy header has an unexpected entry " + printable(key, 40));
            if (!take(",")) {
                expect("}");
                break;
            }
        }
        skipBlanks();
        if (!m_rest.empty() || !hasDescr || !hasOrder || !hasShape)
            fail(m_name, "the .npy header is incomplete or has text behind it");
        return header;
    }

private:
    void skipBlanks()
    {
        while (!m_rest.empty() && (m_rest.front() == ' ' || m_rest.front() == '\n'))
            m_rest.remove_prefix(1);
    }

    bool take(std::string_view token)
    {
        skipBlanks();
        if (m_rest.substr(0, token.size()) != token)
            return false;
        m_rest.remove_prefix(token.size());
        return true;
    }

    void expect(std::string_view token)
    {
        if (!take(token))
            fail(m_name, message("the .npy header is broken: {} is expected at \"{}\"", token,
                                 printable(m_rest, 20)));
    }

    std::string quotedText()
    {
        const char quote = take("'") ? '\'' : '"';
        if (quote == '"')
            expect("\"");
        const std::size_t end = m_rest.find(quote);
        if (end == std::string_view::npos)
            fail(m_name, "the .npy header is broken: a quote is open");
        std::string text(m_rest.substr(0, end));
        m_rest.remove_prefix(end + 1);
        return text;
    }

    std::string descr()
    {
        skipBlanks();
        if (!m_rest.empty() && m_rest.front() == '[')
            throw Error(message("{}: this is a structured array; a plain array of numbers is "
                                "expected",
                                m_name));
        return quotedText();
    }

    bool truth()
    {
        if (take("True"))
            return true;
        expect("False");
        return false;
    }

    std::vector<std::int64_t> shape()
    {
        std::vector<std::int64_t> sizes;
        expect("(");
        while (!take(")")) {
            skipBlanks();
            const std::size_t digits =
                std::min(m_rest.find_first_not_of("0123456789"), m_rest.size());
            const auto size = parseInteger(m_rest.substr(0, digits));
            if (!size || sizes.size() == 8)
                fail(m_name, "the shape in the .npy header is broken");
            sizes.push_back(*size);
            m_rest.remove_prefix(digits);
            take("L"); // as Python 2 wrote it
            if (!take(",")) {
                expect(")");
                break;
            }
        }
        return sizes;
    }

    std::string_view m_rest;
    const std::string& m_name;
};

std::uint32_t littleEndian(std::span<const std::byte> bytes)
{
    std::uint32_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;)
        value = value << 8 | std::to_integer<std::uint32_t>(bytes[i]);
    return value;
}

} // namespace

bool looksLikeNpy(std::span<const std::byte> bytes)
{
    return bytes.size() >= magic.size() &&
           std::memcmp(bytes.data(), magic.data(), magic.size()) == 0;
}

NumberArray readNpy(std::span<const std::byte> bytes, std::shared_ptr<const void> owner,
                    const std::string& name)
{
    if (!looksLikeNpy(bytes) || bytes.size() < 12)
        fail(name, "this is no .npy array, or a truncated one");
    const auto version = std::to_integer<int>(bytes[6]);
    if (version < 1 || version > 3)
        throw Error(message("{}: .npy format {} is not known", name, version));
    const std::size_t field = version == 1 ? 2 : 4;
    const std::size_t length = littleEndian(bytes.subspan(8, field));
    const std::size_t begin = 8 + field;
    if (length > maxHeader || length > bytes.size() - begin)
        fail(name, "the .npy header is too long, or the file is truncated");
    const NpyHeader header =
        HeaderParser({reinterpret_cast<const char*>(bytes.data()) + begin, length}, name).parse();
    NumberArray array{
        name, numpyType(header.descr, name), header.shape, {}, nullptr, std::move(owner)};
    const auto data = bytes.subspan(begin + length);
    const auto count = elementCount(array.shape);
    const std::uint64_t held = data.size() / sizeOf(array.type);
    if (!count || static_cast<std::uint64_t>(*count) > held)
        throw Error(message("{}: the header says {}, but there is data for {} numbers only; the "
                            "file is truncated or still being written",
                            name, shapeText(array.shape), held));
    if (static_cast<std::uint64_t>(*count) * sizeOf(array.type) != data.size())
        fail(name, message("there are {} bytes behind the array of {}",
                           data.size() - static_cast<std::uint64_t>(*count) * sizeOf(array.type),
                           shapeText(array.shape)));
    array.data = data.data();
    array.stride = numpyStride(header.shape, header.order);
    return array;
}

NumberArray readNpy(std::shared_ptr<const MappedFile> file)
{
    const auto bytes = file->bytes();
    const std::string name = printable(file->path().string());
    return readNpy(bytes, std::move(file), name);
}

} // namespace monotail
