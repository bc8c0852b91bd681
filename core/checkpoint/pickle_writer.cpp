// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/pickle_writer.h"

#include <map>

#include "checkpoint/byte_order.h"
#include "checkpoint/tensor_layout.h"

// The opcodes are those of Python's pickletools, the values those of torch/serialization.py, _save.
namespace monotail {

namespace {

constexpr std::size_t itemsAtOnce = 1000; // between two SETITEMS, as Python does

class PickleWriter
{
public:
    void raw(std::string_view opcodes) { m_out += opcodes; }
    void text(std::string_view value)
    {
        m_out += 'X';
        number(static_cast<std::uint32_t>(value.size()));
        m_out += value;
    }
    void integer(std::int64_t value);
    void tuple(const std::vector<std::int64_t>& values);
    /// Something that comes often: written out once, then fetched from the memo.
    void remembered(const std::string& opcodes)
    {
        const auto [place, isNew] = m_memo.emplace(opcodes, m_memo.size());
        if (isNew)
            m_out += opcodes;
        m_out += isNew ? 'q' : 'h';
        number(static_cast<std::uint8_t>(place->second)); // some 20 different ones
    }
    void global(const std::string& module, const std::string& name)
    {
        remembered("c" + module + "\n" + name + "\n");
    }
    std::string taken() { return std::move(m_out); }

private:
    template <typename Integer>
    void number(Integer value)
    {
        const std::size_t at = m_out.size();
        m_out.resize(at + sizeof(Integer));
        storeLittle(reinterpret_cast<std::byte*>(m_out.data() + at), value);
    }

    std::string m_out;
    std::map<std::string, std::size_t> m_memo;
};

void PickleWriter::integer(std::int64_t value)
{
    if (value >= 0 && value <= 0xff) {
        m_out += 'K';
        number(static_cast<std::uint8_t>(value));
    } else if (value >= 0 && value <= 0xffff) {
        m_out += 'M';
        number(static_cast<std::uint16_t>(value));
    } else if (value >= INT32_MIN && value <= INT32_MAX) {
        m_out += 'J';
        number(static_cast<std::int32_t>(value));
    } else {
        m_out += "\x8a\x08"; // eight bytes of two's complement
        number(value);
    }
}

void PickleWriter::tuple(const std::vector<std::int64_t>& values)
{
    if (values.empty())
        return raw(")");
    raw("(");
    for (const std::int64_t value : values)
        integer(value);
    raw("t");
}

void addTensor(PickleWriter& out, const FileTensor& tensor, std::size_t key)
{
    const std::string storage("X\x07\0\0\0storage", 12);
    const std::string place("X\x03\0\0\0cpu", 8);
    out.text(tensor.name);
    out.global("torch._utils", "_rebuild_tensor_v2");
    out.raw("((");
    out.remembered(storage);
    out.global("torch", std::string(storageName(tensor.dtype)));
    out.text(std::to_string(key));
    out.remembered(place);
    out.integer(elementCount(tensor.shape).value_or(0));
    out.raw("tQ");
    out.integer(0); // offset in the storage
    out.tuple(tensor.shape);
    out.tuple(contiguousStride(tensor.shape));
    out.raw("\x89"); // needs no gradient
    out.global("collections", "OrderedDict");
    out.raw(")RtR"); // no hooks
}

} // namespace

std::string pickledStateDict(const std::vector<FileTensor>& tensors)
{
    PickleWriter out;
    out.raw("\x80\x02");
    out.global("collections", "OrderedDict");
    out.raw(")R");
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        if (i % itemsAtOnce == 0)
            out.raw("(");
        addTensor(out, tensors[i], i);
        if (i % itemsAtOnce == itemsAtOnce - 1 || i + 1 == tensors.size())
            out.raw("u");
    }
    out.raw(".");
    return out.taken();
}

} // namespace monotail
