// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/sample_pick.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/text.h"
#include "evaluate/head_input.h"
#include "evaluate/softmax.h"
#include "evaluate/verdict.h"

namespace monotail {

namespace {

/// Whether a class is among some; all are among none.
class Among
{
public:
    Among(const std::vector<std::int64_t>& some, std::int64_t classes) : m_any(some.empty())
    {
        m_in.resize(m_any ? 0 : static_cast<std::size_t>(classes), 0);
        for (const std::int64_t c : some) {
            if (c < 0 || c >= classes)
                throw Error(message("class {} was asked for, there are {}", c, classes));
            m_in[static_cast<std::size_t>(c)] = 1;
        }
    }
    bool holds(std::int64_t c) const { return m_any || m_in[static_cast<std::size_t>(c)] != 0; }

private:
    bool m_any;
    std::vector<std::uint8_t> m_in;
};

bool isSo(SampleChange change, std::int64_t label, std::int64_t before, std::int64_t after)
{
    const bool wasRight = before == label, isRight = after == label;
    switch (change) {
    case SampleChange::All:
        return true;
    case SampleChange::Lost:
        return wasRight && !isRight;
    case SampleChange::Gained:
        return !wasRight && isRight;
    case SampleChange::Changed:
        return before != after;
    case SampleChange::StillWrong:
        return !wasRight && !isRight;
    case SampleChange::Correct:
        return isRight;
    }
    return false;
}

/// Some rows of a source, as if they were all.
class SomeRows : public RowSource
{
public:
    SomeRows(std::shared_ptr<const RowSource> rows, std::vector<std::int64_t> positions)
        : m_rows(std::move(rows)), m_positions(std::move(positions))
    {}

    std::int64_t rows() const override { return static_cast<std::int64_t>(m_positions.size()); }
    std::int64_t width() const override { return m_rows->width(); }

    RowMatrix read(std::int64_t begin, std::int64_t end) const override
    {
        RowMatrix block(end - begin, width());
        for (std::int64_t i = begin; i < end; ++i) {
            const std::int64_t at = m_positions[static_cast<std::size_t>(i)];
            block.row(i - begin) = m_rows->read(at, at + 1);
        }
        return block;
    }

private:
    std::shared_ptr<const RowSource> m_rows;
    std::vector<std::int64_t> m_positions;
};

FeatureSet someOf(const FeatureSet& input, const std::vector<std::int64_t>& positions)
{
    FeatureSet some;
    some.source = input.source;
    some.features = std::make_shared<SomeRows>(input.features, positions);
    for (const std::int64_t i : positions)
        some.labels.push_back(input.labels[static_cast<std::size_t>(i)]);
    return some;
}

struct Said
{
    float predicted, truth, margin;
};

Said saidOf(const Eigen::ArrayXf& scores, std::int64_t label, std::int64_t predicted)
{
    const float largest = scores.maxCoeff();
    const float best = bestProbability(scores, 1);
    const auto probability = [&](std::int64_t c) { return best * std::exp(scores[c] - largest); };
    float other = -std::numeric_limits<float>::infinity();
    if (label > 0)
        other = scores.head(label).maxCoeff();
    if (label + 1 < scores.size())
        other = std::max(other, scores.tail(scores.size() - label - 1).maxCoeff());
    return {probability(predicted), probability(label), scores[label] - other};
}

/// Scores the samples that a tile holds; tiles come in order.
class Picking
{
public:
    Picking(std::vector<PickedSample>& out, const PredictedUnder& before,
            const PredictedUnder& after)
        : m_out(out), m_before(before.rescaling), m_after(after.rescaling)
    {}

    /// `positions` of the samples in what is scored, one for each sample of `out`.
    void take(std::int64_t begin, const RowMatrix& z, const std::vector<std::int64_t>& positions)
    {
        for (; m_next < m_out.size() && positions[m_next] < begin + z.rows(); ++m_next) {
            PickedSample& of = m_out[m_next];
            const std::int64_t row = positions[m_next] - begin;
            const Said before = saidOf(m_before.of(z, row), of.label, of.before);
            const Said after = saidOf(m_after.of(z, row), of.label, of.after);
            of.scoreBefore = before.predicted;
            of.truthBefore = before.truth;
            of.marginBefore = before.margin;
            of.scoreAfter = after.predicted;
            of.truthAfter = after.truth;
            of.marginAfter = after.margin;
        }
    }

private:
    std::vector<PickedSample>& m_out;
    RescaledScores m_before, m_after;
    std::size_t m_next = 0;
};

} // namespace

std::vector<std::int64_t> pickSamples(const SampleQuery& query,
                                      const std::vector<std::int64_t>& labels,
                                      const std::vector<std::int32_t>& before,
                                      const std::vector<std::int32_t>& after, std::int64_t classes)
{
    if (before.size() != labels.size() || after.size() != labels.size())
        throw Error(message("predictions of {} and {} samples do not fit {} labels", before.size(),
                            after.size(), labels.size()));
    const Among truth(query.truth, classes), takenFor(query.takenFor, classes);
    std::vector<std::int64_t> out;
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (truth.holds(labels[i]) && (takenFor.holds(before[i]) || takenFor.holds(after[i])) &&
            isSo(query.change, labels[i], before[i], after[i]))
            out.push_back(static_cast<std::int64_t>(i));
    return out;
}

std::vector<PickedSample> scoreSamples(const FeatureSet& features, const ClassifierHead& head,
                                       const PredictedUnder& before, const PredictedUnder& after,
                                       const std::vector<std::int64_t>& positions,
                                       const Scorer& scorer, const Progress& progress)
{
    std::vector<PickedSample> out;
    for (const std::int64_t i : positions) {
        const auto at = static_cast<std::size_t>(i);
        PickedSample of;
        of.sample = i;
        of.label = features.labels.at(at);
        of.before = before.predicted.at(at);
        of.after = after.predicted.at(at);
        out.push_back(of);
    }
    if (out.empty())
        return out;
    const FeatureSet input = headInput(features, head);
    Picking picking(out, before, after);
    if (2 * positions.size() >= features.labels.size()) {
        scorer.score(
            input, head.weight,
            [&](std::int64_t begin, const RowMatrix& z) { picking.take(begin, z, positions); },
            progress);
        return out;
    }
    std::vector<std::int64_t> places(positions.size());
    std::iota(places.begin(), places.end(), std::int64_t(0));
    scorer.score(
        someOf(input, positions), head.weight,
        [&](std::int64_t begin, const RowMatrix& z) { picking.take(begin, z, places); }, progress);
    return out;
}

void sortSamples(std::vector<PickedSample>& samples, SampleOrder order)
{
    const auto by = [&](auto key) {
        std::stable_sort(samples.begin(), samples.end(),
                         [&](const PickedSample& a, const PickedSample& b) {
                             return key(a) != key(b) ? key(a) < key(b) : a.sample < b.sample;
                         });
    };
    switch (order) {
    case SampleOrder::File:
        return by([](const PickedSample& of) { return of.sample; });
    case SampleOrder::MarginAfter:
        return by([](const PickedSample& of) { return of.marginAfter; });
    case SampleOrder::MarginBefore:
        return by([](const PickedSample& of) { return of.marginBefore; });
    }
}

} // namespace monotail
