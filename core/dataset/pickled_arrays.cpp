// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/pickled_arrays.h"

#include <functional>
#include <utility>

#include "base/text.h"
#include "checkpoint/numpy_objects.h"
#include "checkpoint/tensor_layout.h"
#include "checkpoint/torch_objects.h"
#include "dataset/number_load.h"
#include "dataset/numpy_types.h"

namespace monotail {

namespace {

/// Lists are unpacked into memory, and a short pickle can name one row a million times.
constexpr std::size_t mostListed = std::size_t{1} << 23;

struct Bytes
{
    std::span<const std::byte> bytes;
    std::shared_ptr<const void> owner;
};

Bytes ownedBytes(std::string_view text)
{
    const auto* first = reinterpret_cast<const std::byte*>(text.data());
    const auto copy = std::make_shared<std::vector<std::byte>>(first, first + text.size());
    return {*copy, copy};
}

/// The bytes of an array, in the file where they lie there as they are.
Bytes bytesOf(const PickleGraph& graph, PickleId id, const std::string& name,
              std::shared_ptr<const MappedFile> file)
{
    if (const auto text = bytesInPlace(graph, id)) {
        const std::span bytes(reinterpret_cast<const std::byte*>(text->data()), text->size());
        const auto whole = file->bytes();
        const std::less_equal<> isUpTo;
        if (isUpTo(whole.data(), bytes.data()) &&
            isUpTo(bytes.data() + bytes.size(), whole.data() + whole.size()))
            return {bytes, std::move(file)};
        return ownedBytes(*text); // protocol 0: escapes were undone
    }
    if (const auto encoded = encodedBytes(graph, id))
        return ownedBytes(*encoded);
    throw Error(message("{}: the array's bytes are missing; the file is damaged", name));
}

NumberArray fromNumpy(const PickleGraph& graph, const NumpyArray& found, const std::string& name,
                      std::shared_ptr<const MappedFile> file)
{
    NumberArray array{name, numpyType(found.descr, name), found.shape, {}, nullptr, nullptr};
    const Bytes data = bytesOf(graph, found.data, name, std::move(file));
    const auto count = elementCount(found.shape);
    const std::size_t size = sizeOf(array.type);
    if (!count || data.bytes.size() % size != 0 ||
        data.bytes.size() / size != static_cast<std::uint64_t>(*count))
        throw Error(message("{}: an array of {} and type {} cannot have {} bytes; the file is "
                            "damaged",
                            name, shapeText(found.shape), found.descr, data.bytes.size()));
    array.stride = numpyStride(found.shape, found.order);
    array.data = data.bytes.data();
    array.owner = data.owner;
    return array;
}

/// A number of a list; whole numbers keep all their 64 bits.
struct Listed
{
    bool isWhole = true;
    std::int64_t whole = 0;
    double real = 0;
};

Listed fromScalar(const NumpyScalar& scalar, const std::string& name)
{
    const NumberType type = numpyType(scalar.descr, name);
    if (scalar.bytes.size() != sizeOf(type))
        throw Error(message("{}: a NumPy number of type {} has {} bytes; the file is damaged", name,
                            scalar.descr, scalar.bytes.size()));
    const auto* at = reinterpret_cast<const std::byte*>(scalar.bytes.data());
    return withType(type, [&](auto kind) {
        using Number = decltype(kind);
        const Number value = load<Number>(at);
        if constexpr (std::is_same_v<Number, double>)
            return Listed{false, 0, value};
        else if constexpr (std::is_same_v<Number, std::uint64_t>)
            return value <= INT64_MAX ? Listed{true, static_cast<std::int64_t>(value), 0}
                                      : Listed{false, 0, static_cast<double>(value)};
        else if constexpr (std::is_integral_v<Number>)
            return Listed{true, static_cast<std::int64_t>(value), 0};
        else
            return Listed{false, 0, static_cast<double>(toFloat(value))};
    });
}

bool isNumber(const PickleGraph& graph, PickleId id)
{
    const PickleKind kind = graph.at(id).kind;
    return kind == PickleKind::Integer || kind == PickleKind::Real || kind == PickleKind::Bool ||
           (kind == PickleKind::Object && numpyScalar(graph, id));
}

bool isSequence(const PickleNode& node)
{
    return node.kind == PickleKind::List || node.kind == PickleKind::Tuple;
}

/// Numbers side by side, whole ones as int64 and else as float64.
class ListedNumbers
{
public:
    ListedNumbers(const PickleGraph& graph, std::string name)
        : m_graph(graph), m_name(std::move(name))
    {}

    /// `place` is "entry" or "row 3, entry".
    void add(const std::vector<PickleId>& items, const std::string& place)
    {
        if (items.size() > mostListed - m_numbers.size())
            throw Error(message("{}: a list of more than {} numbers; save it as a NumPy array",
                                m_name, toGroupedText(std::int64_t{mostListed})));
        for (std::size_t i = 0; i < items.size(); ++i)
            m_numbers.push_back(number(items[i], place, i));
    }

    NumberArray finish(const std::vector<std::int64_t>& shape) const
    {
        NumberArray array{m_name,  m_isWhole ? NumberType::Int64 : NumberType::Float64,
                          shape,   numpyStride(shape, ArrayOrder::RowMajor),
                          nullptr, nullptr};
        if (m_isWhole)
            own<std::int64_t>(array, [](const Listed& value) { return value.whole; });
        else
            own<double>(array, [](const Listed& value) {
                return value.isWhole ? static_cast<double>(value.whole) : value.real;
            });
        return array;
    }

private:
    Listed number(PickleId id, const std::string& place, std::size_t at)
    {
        const PickleNode& node = m_graph.at(id);
        Listed value{true, node.integer, node.real};
        if (node.kind == PickleKind::Real)
            value.isWhole = false;
        else if (const auto scalar = numpyScalar(m_graph, id))
            value = fromScalar(*scalar, m_name);
        else if (node.kind != PickleKind::Integer && node.kind != PickleKind::Bool)
            throw Error(message("{}: {} {} of the list is {}, not a number", m_name, place, at,
                                pickledKind(m_graph, id)));
        m_isWhole = m_isWhole && value.isWhole;
        return value;
    }

    template <typename Number, typename Convert>
    void own(NumberArray& array, Convert convert) const
    {
        const auto numbers = std::make_shared<std::vector<Number>>();
        numbers->reserve(m_numbers.size());
        for (const Listed& value : m_numbers)
            numbers->push_back(convert(value));
        array.data = reinterpret_cast<const std::byte*>(numbers->data());
        array.owner = numbers;
    }

    const PickleGraph& m_graph;
    std::string m_name;
    std::vector<Listed> m_numbers;
    bool m_isWhole = true;
};

NumberArray fromRows(const PickleGraph& graph, const std::vector<PickleId>& rows,
                     const std::string& name)
{
    ListedNumbers numbers(graph, name);
    const std::size_t width = graph.at(rows.front()).items.size();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const PickleNode& row = graph.at(rows[i]);
        if (!isSequence(row))
            throw Error(message("{}: entry {} of the list is {}, not a list of numbers", name, i,
                                pickledKind(graph, rows[i])));
        if (row.items.size() != width)
            throw Error(message("{}: row {} has {} numbers, the first has {}", name, i,
                                row.items.size(), width));
        numbers.add(row.items, message("row {}, entry", i));
    }
    return numbers.finish(
        {static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(width)});
}

[[noreturn]] void failOther(const PickleGraph& graph, PickleId id, const std::string& name)
{
    if (className(graph, id).rfind("torch.", 0) == 0)
        throw Error(message("{}: this is a PyTorch object inside a plain pickle, which is not "
                            "read; save the dictionary of tensors with torch.save",
                            name));
    const PickleNode& node = graph.at(id);
    if (isSequence(node) && !node.items.empty() && numpyArray(graph, node.items.front()))
        throw Error(message("{}: this is a list of {} arrays; save numpy.concatenate or "
                            "numpy.stack of them",
                            name, node.items.size()));
    throw Error(message("{}: this is {}; an array or a list of numbers is expected", name,
                        pickledKind(graph, id)));
}

} // namespace

NumberArray pickledArray(const PickleGraph& graph, PickleId id, const std::string& name,
                         std::shared_ptr<const MappedFile> file)
{
    if (const auto found = numpyArray(graph, id))
        return fromNumpy(graph, *found, name, std::move(file));
    const PickleNode& node = graph.at(id);
    if (isNumberList(graph, id)) {
        ListedNumbers numbers(graph, name);
        numbers.add(node.items, "entry");
        return numbers.finish({static_cast<std::int64_t>(node.items.size())});
    }
    if (isSequence(node) && !node.items.empty() && isSequence(graph.at(node.items.front())))
        return fromRows(graph, node.items, name);
    failOther(graph, id, name);
}

bool isNumberList(const PickleGraph& graph, PickleId id)
{
    const PickleNode& node = graph.at(id);
    return isSequence(node) && !node.items.empty() && isNumber(graph, node.items.front());
}

std::string pickledKind(const PickleGraph& graph, PickleId id)
{
    if (numpyArray(graph, id))
        return "an array";
    switch (graph.at(id).kind) {
    case PickleKind::None:
        return "None";
    case PickleKind::Bool:
    case PickleKind::Integer:
    case PickleKind::Real:
        return "one number";
    case PickleKind::BigInteger:
        return "a number of more than 64 bits";
    case PickleKind::Text:
    case PickleKind::Bytes:
        return "a text";
    case PickleKind::Tuple:
    case PickleKind::List:
        return message("a list of {} entries", graph.at(id).items.size());
    case PickleKind::Dict:
        return "a dictionary";
    case PickleKind::Set:
        return "a set";
    case PickleKind::Global:
    case PickleKind::Object:
    case PickleKind::Persistent:
        break;
    }
    return message("an object ({})", printable(className(graph, id), 60));
}

} // namespace monotail
