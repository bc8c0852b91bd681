// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/sample_story.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "evaluate/head_input.h"
#include "evaluate/scorer.h"
#include "evaluate/softmax.h"
#include "evaluate/verdict.h"

namespace monotail {

namespace {

using FeatureRow = Eigen::Ref<const Eigen::RowVectorXf, 0, Eigen::InnerStride<>>;

/// The head's rows with their lengths, which every sample needs.
class RowLengths
{
public:
    explicit RowLengths(const ClassifierHead& head) : m_head(head)
    {
        for (Eigen::Index c = 0; c < head.weight.rows(); ++c)
            m_norms.push_back(head.weight.row(c).cast<double>().norm());
    }

    ScoreParts parts(const Rescaling& rescaling, std::int64_t c, const FeatureRow& f,
                     double featureNorm) const
    {
        const auto at = static_cast<std::size_t>(c);
        const double scale = rescaling.scale[at];
        const double lengths = m_norms[at] * featureNorm;
        const double product = m_head.weight.row(c).cast<double>().dot(f.cast<double>());
        const double cosine = lengths > 0 ? product / lengths : 0;
        return {c, std::fabs(scale) * m_norms[at], featureNorm, scale < 0 ? -cosine : cosine,
                rescaling.bias[at]};
    }

private:
    const ClassifierHead& m_head;
    std::vector<double> m_norms;
};

bool wouldWin(const ScoreParts& truth, double norm, double bias, const ScoreParts& winner)
{
    ScoreParts with = truth;
    with.norm = norm;
    with.bias = bias;
    const double own = with.score(), other = winner.score();
    return own > other || (own == other && truth.classIndex < winner.classIndex);
}

/// The best class but one; of equal scores the lowest.
std::int64_t runnerUp(const Eigen::ArrayXf& scores, std::int64_t winner)
{
    std::int64_t best = winner == 0 ? 1 : 0;
    for (Eigen::Index c = 0; c < scores.size(); ++c)
        if (c != winner && scores[c] > scores[best])
            best = c;
    return best;
}

float probabilityOf(const Eigen::ArrayXf& scores, std::int64_t c)
{
    return bestProbability(scores, 1) * std::exp(scores[c] - scores.maxCoeff());
}

/// One sample: its features and what they score.
class OneSample
{
public:
    OneSample(const ClassifierHead& head, RowMatrix input, const SampleStory& story)
        : m_rows(head), m_input(std::move(input)), m_z(m_input * head.weight.transpose()),
          m_length(m_input.row(0).cast<double>().norm()), m_story(story)
    {}

    Eigen::ArrayXf scores(const PredictedUnder& under) const
    {
        return RescaledScores(under.rescaling).of(m_z, 0);
    }
    ScoreParts parts(const PredictedUnder& under, std::int64_t c) const
    {
        return m_rows.parts(under.rescaling, c, m_input.row(0), m_length);
    }
    SampleSide side(const PredictedUnder& under) const
    {
        const Eigen::ArrayXf all = scores(under);
        SampleSide side;
        side.predicted = under.predicted[static_cast<std::size_t>(m_story.sample)];
        const bool isRight = side.predicted == m_story.label;
        const std::int64_t rival = isRight ? runnerUp(all, m_story.label) : side.predicted;
        side.truth = parts(under, m_story.label);
        side.rival = parts(under, rival);
        side.margin = side.truth.score() - side.rival.score();
        side.truthProbability = probabilityOf(all, m_story.label);
        side.rivalProbability = probabilityOf(all, rival);
        side.cause = isRight ? ErrorCause::None : errorCause(side.truth, side.rival);
        return side;
    }
    void addOther(const PredictedUnder& under, std::int64_t c, SampleSide& side) const
    {
        side.otherRival = parts(under, c);
        side.otherProbability = probabilityOf(scores(under), c);
    }

private:
    RowLengths m_rows;
    RowMatrix m_input, m_z;
    double m_length;
    const SampleStory& m_story;
};

void checkSizes(const FeatureSet& features, const ClassifierHead& head, const PredictedUnder& under)
{
    const auto classes = static_cast<std::size_t>(head.classes());
    if (under.predicted.size() != features.labels.size())
        throw Error(message("predictions of {} samples do not fit {} labels",
                            under.predicted.size(), features.labels.size()));
    if (under.rescaling.scale.size() != classes || under.rescaling.bias.size() != classes)
        throw Error(message("{}: {} scales and {} biases for a head of {} classes",
                            printable(under.rescaling.method), under.rescaling.scale.size(),
                            under.rescaling.bias.size(), classes));
}

void count(CauseCounts& counts, ErrorCause cause)
{
    ++counts.samples;
    switch (cause) {
    case ErrorCause::None:
        break;
    case ErrorCause::Norm:
        ++counts.norm;
        break;
    case ErrorCause::Bias:
        ++counts.bias;
        break;
    case ErrorCause::NormAndBias:
        ++counts.normAndBias;
        break;
    case ErrorCause::Direction:
        ++counts.direction;
        break;
    }
}

/// Samples [begin, end) under all heads; reads the features only where one of them is wrong.
void findCauses(const FeatureSet& input, const RowLengths& rows,
                const std::vector<PredictedUnder>& heads, std::vector<ErrorCauses>& out,
                std::int64_t begin, std::int64_t end)
{
    RowMatrix block;
    for (std::int64_t i = begin; i < end; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const std::int64_t label = input.labels[at];
        for (std::size_t h = 0; h < heads.size(); ++h) {
            if (heads[h].predicted[at] == label)
                continue;
            if (block.size() == 0)
                block = input.features->read(begin, end);
            const auto f = block.row(i - begin);
            const double length = f.cast<double>().norm();
            const Rescaling& rescaling = heads[h].rescaling;
            out[h].of[at] = errorCause(rows.parts(rescaling, label, f, length),
                                       rows.parts(rescaling, heads[h].predicted[at], f, length));
        }
    }
}

} // namespace

ScoreGap gapBetween(const ScoreParts& truth, const ScoreParts& rival)
{
    return {(rival.norm - truth.norm) * truth.featureNorm * truth.cosine, rival.bias - truth.bias,
            rival.norm * truth.featureNorm * (rival.cosine - truth.cosine)};
}

ErrorCause errorCause(const ScoreParts& truth, const ScoreParts& winner)
{
    if (truth.classIndex == winner.classIndex)
        return ErrorCause::None;
    if (wouldWin(truth, winner.norm, truth.bias, winner))
        return ErrorCause::Norm;
    if (wouldWin(truth, truth.norm, winner.bias, winner))
        return ErrorCause::Bias;
    if (wouldWin(truth, winner.norm, winner.bias, winner))
        return ErrorCause::NormAndBias;
    return ErrorCause::Direction;
}

SampleStory sampleStory(const FeatureSet& features, const ClassifierHead& head,
                        const PredictedUnder& before, const PredictedUnder& after,
                        std::int64_t sample)
{
    for (const PredictedUnder* under : {&before, &after})
        checkSizes(features, head, *under);
    if (sample < 0 || sample >= features.samples())
        throw Error(message("{}: sample {} was asked for, there are {}",
                            printable(features.source, 400), sample, features.samples()));
    if (head.classes() < 2)
        throw Error(message("{}: one class has no rival", printable(head.source.weight)));
    SampleStory story;
    story.sample = sample;
    story.label = features.labels[static_cast<std::size_t>(sample)];
    const OneSample one(head, headInput(features, head).features->read(sample, sample + 1), story);
    story.before = one.side(before);
    story.after = one.side(after);
    one.addOther(before, story.after.rival.classIndex, story.before);
    one.addOther(after, story.before.rival.classIndex, story.after);
    return story;
}

std::vector<ErrorCauses> errorCauses(const FeatureSet& features, const ClassifierHead& head,
                                     const std::vector<PredictedUnder>& heads,
                                     const Workers& workers, const Progress& progress)
{
    for (const PredictedUnder& under : heads)
        checkSizes(features, head, under);
    const RowLengths rows(head);
    const FeatureSet input = headInput(features, head);
    const std::int64_t samples = input.samples();
    std::vector<ErrorCauses> out(heads.size());
    for (ErrorCauses& causes : out) {
        causes.of.resize(static_cast<std::size_t>(samples));
        causes.perClass.resize(static_cast<std::size_t>(head.classes()));
    }
    const std::int64_t tile = tileRows(samples, head.features(), 1 << 20);
    workers.run((samples + tile - 1) / tile,
                [&](std::int64_t t) {
                    findCauses(input, rows, heads, out, t * tile,
                               std::min(samples, (t + 1) * tile));
                },
                progress);
    for (ErrorCauses& causes : out)
        for (std::size_t i = 0; i < causes.of.size(); ++i)
            count(causes.perClass[static_cast<std::size_t>(input.labels[i])], causes.of[i]);
    return out;
}

} // namespace monotail
