// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/head_query.h"

#include "checkpoint/head_names.h"

namespace monotail {

namespace {

/// "linears" for "linears.0.weight", "experts" for "experts.0.fc.weight".
std::string listOf(std::string_view weight)
{
    std::string_view module = parentOf(weight);
    while (!module.empty() && !isNumber(lastNameOf(module)))
        module = parentOf(module);
    return std::string(parentOf(module));
}

const HeadCandidate* foundIn(const HeadSearch& heads, const HeadCandidate& head)
{
    for (const auto* list : {&heads.candidates, &heads.passedOver})
        for (const HeadCandidate& other : *list)
            if (isSameHead(other, head))
                return &other;
    return nullptr;
}

std::int64_t rowsOf(const Checkpoint& checkpoint, const std::string& weight)
{
    const Tensor* tensor = checkpoint.find(weight);
    return tensor && !tensor->shape.empty() ? tensor->shape.front() : 0;
}

} // namespace

bool isSameHead(const HeadCandidate& a, const HeadCandidate& b)
{
    return a.weight == b.weight && a.experts == b.experts;
}

HeadQuery queryFor(const HeadCandidate& head)
{
    HeadQuery query;
    query.name = head.experts.empty() ? head.weight : listOf(head.weight);
    return query;
}

RowsRule rowsRuleOf(const HeadQuery& query)
{
    if (query.transposed)
        return RowsRule::ColumnPerClass;
    return query.classes ? RowsRule::RowPerClass : RowsRule::AsFound;
}

void setRowsRule(HeadQuery& query, RowsRule rule, std::int64_t rows)
{
    query.transposed = rule == RowsRule::ColumnPerClass;
    query.classes.reset();
    const bool hasBackground = query.background && *query.background != BackgroundRow::None;
    if (rule == RowsRule::RowPerClass && rows > 0)
        query.classes = rows - (hasBackground ? 1 : 0);
}

std::optional<HeadSubject> subjectOf(const Document& document, const HeadCandidate* selected)
{
    const Checkpoint& checkpoint = *document.checkpoint;
    const HeadQuery& asked = document.inputs.head;
    const auto subject = [&](const HeadCandidate& head) {
        HeadSubject out{asked, foundIn(document.heads, head), rowsOf(checkpoint, head.weight)};
        out.query.name = queryFor(head).name;
        return out;
    };
    if (document.head)
        return subject(document.head->source);
    if (selected)
        return subject(*selected);
    if (!asked.name.empty())
        return HeadSubject{asked, nullptr, rowsOf(checkpoint, asked.name)};
    if (!document.heads.candidates.empty() && document.heads.tied <= 1)
        return subject(document.heads.candidates.front());
    return {};
}

} // namespace monotail
