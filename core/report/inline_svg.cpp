// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "report/html.h"

namespace monotail {

namespace {

constexpr std::array<std::string_view, 23> drawing{"svg",
                                                   "g",
                                                   "defs",
                                                   "title",
                                                   "desc",
                                                   "rect",
                                                   "circle",
                                                   "line",
                                                   "ellipse",
                                                   "polyline",
                                                   "polygon",
                                                   "path",
                                                   "text",
                                                   "tspan",
                                                   "clipPath",
                                                   "linearGradient",
                                                   "radialGradient",
                                                   "stop",
                                                   "mask",
                                                   "pattern",
                                                   "image",
                                                   "use",
                                                   "symbol"};
constexpr std::string_view blanks = " \t\r\n\f";
constexpr std::string_view nameEnd = " \t\r\n\f=/><\"'";

struct Attribute
{
    std::string_view name, value;
};

/// One tag as it stands in the document.
struct Tag
{
    enum class Kind { Open, Close, Empty } kind = Kind::Open;
    std::string_view name;
    std::vector<Attribute> attributes;
    std::string_view source;
};

void skipBlanks(std::string_view& rest)
{
    rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
}

std::string_view takeName(std::string_view& rest)
{
    const std::string_view name = rest.substr(0, rest.find_first_of(nameEnd));
    rest.remove_prefix(name.size());
    return name;
}

/// name="value" or name='value'; nothing if `rest` does not start so.
std::optional<Attribute> takeAttribute(std::string_view& rest)
{
    Attribute out;
    out.name = takeName(rest);
    skipBlanks(rest);
    if (out.name.empty() || rest.empty() || rest.front() != '=')
        return std::nullopt;
    rest.remove_prefix(1);
    skipBlanks(rest);
    if (rest.empty() || (rest.front() != '"' && rest.front() != '\''))
        return std::nullopt;
    const std::size_t end = rest.find(rest.front(), 1);
    if (end == std::string_view::npos)
        return std::nullopt;
    out.value = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    return out;
}

/// The tag at the start of `text`, a '<'; nothing if that starts none.
std::optional<Tag> readTag(std::string_view text)
{
    Tag tag;
    std::string_view rest = text.substr(1);
    if (!rest.empty() && rest.front() == '/') {
        tag.kind = Tag::Kind::Close;
        rest.remove_prefix(1);
    }
    tag.name = takeName(rest);
    if (tag.name.empty())
        return std::nullopt;
    for (skipBlanks(rest); !rest.empty() && rest.front() != '>'; skipBlanks(rest)) {
        if (rest.substr(0, 2) == "/>" && tag.kind == Tag::Kind::Open) {
            tag.kind = Tag::Kind::Empty;
            rest.remove_prefix(1);
            continue;
        }
        const auto attribute = takeAttribute(rest);
        if (!attribute || tag.kind != Tag::Kind::Open)
            return std::nullopt;
        tag.attributes.push_back(*attribute);
    }
    if (rest.empty())
        return std::nullopt;
    tag.source = text.substr(0, text.size() - rest.size() + 1);
    return tag;
}

/// Does an entity that XML and HTML both know start here? `text` starts with '&'.
bool isEntity(std::string_view text)
{
    const std::size_t end = text.substr(0, 10).find(';');
    if (end == std::string_view::npos)
        return false;
    std::string_view name = text.substr(1, end - 1);
    if (name == "amp" || name == "lt" || name == "gt" || name == "quot")
        return true;
    std::string_view digits = "0123456789";
    if (name.substr(0, 2) == "#x") {
        name.remove_prefix(1);
        digits = "0123456789abcdefABCDEF";
    } else if (name.substr(0, 1) != "#") {
        return false;
    }
    return name.size() > 1 && name.find_first_not_of(digits, 1) == std::string_view::npos;
}

/// Clean text that may hold entities already.
std::string escapedOnce(std::string_view text)
{
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '&' && isEntity(text.substr(at)))
            out += '&';
        else
            out += escapedMarkup(text.substr(at, 1));
    }
    return out;
}

std::string replacedAll(std::string text, std::string_view from, std::string_view to)
{
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

/// The attribute as it goes into the page, with a blank before it; empty where it does not.
std::string keptAttribute(const Attribute& attribute, const std::string& prefix)
{
    const std::string name = lowered(attribute.name);
    const bool link = name == "href" || name == "xlink:href";
    const bool plain =
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
    if ((!plain && !link && name != "xml:space") || name.substr(0, 2) == "on" || name == "class" ||
        name == "xmlns")
        return {};
    std::string value = escapedOnce(attribute.value);
    if (name == "id")
        value = prefix + value;
    else if (link && value.substr(0, 1) == "#")
        value = "#" + prefix + value.substr(1);
    else if (link && value.substr(0, 11) != "data:image/")
        return {};
    const std::string own = replacedAll(value, "url(#", "");
    if (lowered(own).find("url(") != std::string::npos && !link)
        return {}; // of another document
    value = replacedAll(value, "url(#", "url(#" + prefix);
    return message(" {}=\"{}\"", link ? "href" : std::string(attribute.name), value);
}

class Inliner
{
public:
    Inliner(std::string_view svg, std::string_view prefix) : m_rest(svg), m_prefix(prefix) {}

    std::string run()
    {
        while (!m_rest.empty() && !m_done)
            step();
        while (!m_open.empty())
            close();
        return std::move(m_out);
    }

private:
    void step()
    {
        if (m_rest.front() != '<')
            return text(m_rest.substr(0, m_rest.find('<')));
        for (const auto& [begin, end] :
             {std::pair{"<!--", "-->"}, std::pair{"<?", "?>"}, std::pair{"<!DOCTYPE", ">"}})
            if (m_rest.substr(0, std::string_view(begin).size()) == begin)
                return skipPast(end);
        const auto tag = readTag(m_rest);
        if (!tag || !fits(*tag))
            return text(m_rest.substr(0, tag ? tag->source.size() : 1));
        m_rest.remove_prefix(tag->source.size());
        if (tag->kind == Tag::Kind::Close)
            return close();
        m_out += message("<{}", tag->name);
        for (const Attribute& attribute : tag->attributes)
            m_out += keptAttribute(attribute, m_prefix);
        m_out += tag->kind == Tag::Kind::Empty ? "/>" : ">";
        if (tag->kind == Tag::Kind::Open)
            m_open.push_back(tag->name);
        else
            m_done = m_open.empty();
    }

    /// Is this a tag that may stand here?
    bool fits(const Tag& tag) const
    {
        if (tag.kind == Tag::Kind::Close)
            return !m_open.empty() && m_open.back() == tag.name;
        if (m_open.empty())
            return tag.name == "svg";
        return m_open.back() != "title" && m_open.back() != "desc" &&
               std::find(drawing.begin(), drawing.end(), tag.name) != drawing.end();
    }

    void text(std::string_view words)
    {
        if (!m_open.empty())
            m_out += escapedOnce(words);
        m_rest.remove_prefix(words.size());
    }

    void skipPast(std::string_view end)
    {
        const std::size_t at = m_rest.find(end);
        m_rest.remove_prefix(at == std::string_view::npos ? m_rest.size() : at + end.size());
    }

    void close()
    {
        m_out += message("</{}>", m_open.back());
        m_open.pop_back();
        m_done = m_open.empty();
    }

    std::string_view m_rest;
    std::string m_prefix;
    std::vector<std::string_view> m_open;
    std::string m_out;
    bool m_done = false;
};

} // namespace

std::string inlineSvg(std::string_view svg, std::string_view prefix)
{
    return Inliner(printableLines(svg), prefix).run();
}

} // namespace monotail
