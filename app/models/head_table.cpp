// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/head_table.h"

#include <QCoreApplication>
#include <unordered_map>

#include "base/text.h"
#include "models/file_contents.h"
#include "session/head_query.h"
#include "words/head_words.h"
#include "words/words.h"

namespace monotail {

namespace {

constexpr std::size_t longestName = 300;
constexpr std::size_t mostNotes = 6;
constexpr int searchedColumns = 5; // all but why it is offered

QString tr(const char* text)
{
    return QCoreApplication::translate("HeadTable", text);
}

QString quoted(const std::string& name)
{
    return QString::fromStdString(printable(name, longestName));
}

/// Where nothing was asked for: what the file lacks, and what helps.
QString noHeadInWords(const Document& document)
{
    const HeadSearch& heads = document.heads;
    if (document.checkpoint->tensors.empty())
        return tr("This file holds no tensors, so there is no classifier head in it. Open the "
                  "checkpoint that holds the model's weights.");
    if (!heads.passedOver.empty())
        return tr("No classifier head was found: the matrices below look like hidden layers, "
                  "projections or embeddings. If one of them is the classifier all the same, "
                  "select it and press \"Use the Selected Head\"; otherwise open a checkpoint that "
                  "has its classifier.");
    if (!heads.notes.empty())
        return tr("No classifier head was found; why what looks like one is none is said below. If "
                  "you know better, choose a matrix among the tensors (\"Use as Classifier Head\" "
                  "in its menu); otherwise open a checkpoint that has its classifier.");
    return tr("No classifier head was found: none of the tensors is a matrix of floating-point "
              "numbers with one row per class. Open a checkpoint that has its classifier.");
}

/// The file's name stands above.
QString withoutPath(const Document& document)
{
    const QString path =
        QString::fromStdString(document.checkpoint->path.string()) + QStringLiteral(": ");
    const QString& problem = document.headProblem;
    return problem.startsWith(path) ? problem.mid(path.size()) : problem;
}

QString problemInWords(const Document& document)
{
    const QString what = tr("No head is in use: %1. ").arg(withoutPath(document));
    if (document.heads.candidates.empty() && document.heads.passedOver.empty())
        return what + tr("Choose a matrix among the tensors below, or open another checkpoint.");
    return what + tr("Choose another head below, or say below how it is to be read.");
}

class Rows
{
public:
    explicit Rows(const Document& document) : m_document(document)
    {
        for (const Tensor& tensor : document.checkpoint->tensors)
            m_types.emplace(tensor.name, tensor.dtype);
    }

    void add(const HeadCandidate& head, const QString& chance, TextTable& to) const
    {
        if (m_document.head && isSameHead(m_document.head->source, head))
            to.marked = static_cast<int>(to.table.rows.size());
        const auto type = m_types.find(head.weight);
        to.table.rows.push_back(
            {printable(head.weight, longestName), chance.toStdString(),
             message("{} x {}", head.classes, head.features), reading(head).toStdString(),
             type == m_types.end() ? std::string() : std::string(nameOf(type->second)),
             printable(head.reason, longestName)});
        to.rowExplanations.push_back(
            wrapped(tr("%1\n%2\nWhy it is offered: %3.")
                        .arg(quoted(head.weight), readingExplanation(head), quoted(head.reason))));
    }

private:
    const Document& m_document;
    std::unordered_map<std::string, DType> m_types;
};

} // namespace

QString headInWords(const Document& document)
{
    if (document.head) {
        const HeadCandidate& head = document.head->source;
        return tr("In use: %1 (%2). Why: %3.")
            .arg(quoted(head.weight), reading(head), quoted(head.reason));
    }
    if (document.inputs.head.name.empty() && document.heads.tied > 1)
        return tr("%1 tensors are equally likely to be the classifier's weight: choose a head "
                  "below.")
            .arg(document.heads.tied);
    if (document.heads.candidates.empty() && document.inputs.head == HeadQuery{})
        return noHeadInWords(document);
    return problemInWords(document);
}

TextTable headTable(const Document& document)
{
    TextTable out;
    const auto add = [&](const QString& title, const QString& explanation) {
        out.table.header.push_back(title.toStdString());
        out.columnExplanations.push_back(explanation);
    };
    add(tr("weight"), tr("The tensor that would be the classifier's weight. Best ones first."));
    add(tr("chance"), tr("Likely: looks like a classifier. Unlikely: looks like a hidden layer, a\n"
                         "projection or an embedding; it can be used all the same."));
    add(tr("classes x features"),
        tr("Classes: how many rows, one each. Features: how long a row is."));
    add(tr("read as"), tr("How scores would be computed from it."));
    add(tr("type"), tr("The type of the weight's numbers."));
    add(tr("why it is offered"), tr("What speaks for it, or against it."));
    out.table.textColumns = out.table.header.size();
    out.searched = searchedColumns;
    const Rows rows(document);
    for (const HeadCandidate& head : document.heads.candidates)
        rows.add(head, tr("likely"), out);
    if (!document.heads.passedOver.empty())
        out.minor = static_cast<int>(out.table.rows.size());
    for (const HeadCandidate& head : document.heads.passedOver)
        rows.add(head, tr("unlikely"), out);
    return out;
}

const HeadCandidate* candidateAt(const Document& document, int row)
{
    const HeadSearch& heads = document.heads;
    auto at = static_cast<std::size_t>(row);
    if (row >= 0 && at < heads.candidates.size())
        return &heads.candidates[at];
    at -= heads.candidates.size();
    return row >= 0 && at < heads.passedOver.size() ? &heads.passedOver[at] : nullptr;
}

QString headNotes(const Document& document)
{
    const Warnings& notes = document.heads.notes;
    if (notes.size() <= mostNotes)
        return warningLines(notes);
    const Warnings first(notes.begin(), notes.begin() + mostNotes);
    return warningLines(first) + QLatin1Char('\n') +
           tr("and %1 more").arg(notes.size() - mostNotes);
}

} // namespace monotail
