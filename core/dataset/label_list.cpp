// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/label_list.h"

#include "base/error.h"
#include "base/text.h"

namespace monotail {

namespace {

bool isNumbers(std::string_view text)
{
    return text.find_first_not_of("0123456789.,;+-eE \t") == std::string_view::npos;
}

} // namespace

bool isLabelLine(std::string_view line)
{
    const std::size_t gap = line.find_last_of(" \t");
    return gap != std::string_view::npos && parseInteger(line.substr(gap + 1));
}

std::vector<LabelledPath> readLabelList(const TextSource& source)
{
    std::vector<LabelledPath> entries;
    TextLines lines(source.text);
    while (const auto line = lines.next()) {
        const std::size_t gap = line->text.find_last_of(" \t");
        if (gap == std::string_view::npos)
            throw Error(message("{}: {} is no line of a label list; \"path label\" is expected",
                                placeOf(source, line->number), inQuotes(line->text)));
        const std::string_view field = line->text.substr(gap + 1);
        const auto label = parseInteger(field);
        if (!label)
            throw Error(message("{}: the label {} is no whole number; label lists hold \"path "
                                "label\" with class indices",
                                placeOf(source, line->number), inQuotes(field)));
        const std::string_view path = trimmed(line->text.substr(0, gap));
        if (isNumbers(path))
            throw Error(message("{}: {} stands where a label list has an image's path; for counts "
                                "by class, give a CSV with the header label,count, or one count "
                                "per line",
                                placeOf(source, line->number), inQuotes(path)));
        entries.push_back({path, *label, line->number});
    }
    return entries;
}

} // namespace monotail
