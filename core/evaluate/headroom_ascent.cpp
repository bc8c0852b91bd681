// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/headroom_ascent.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "evaluate/headroom_thresholds.h"

namespace monotail {

namespace {

constexpr double reach = 16;

/// A class that competes for a sample.
struct Rival
{
    float score = 0;
    std::int32_t index = 0;

    bool beats(const Rival& other) const
    {
        return score > other.score || (score == other.score && index < other.index);
    }
};

/// What one sample of a class adds to the sum over the classes; 0 for a class without samples.
std::vector<double> sharesOf(const AscentScores& scores)
{
    std::vector<double> shares(static_cast<std::size_t>(scores.rows.cols()), 0.0);
    for (const std::int32_t label : scores.labels)
        ++shares[static_cast<std::size_t>(label)];
    for (double& share : shares)
        share = share > 0 ? 1 / share : 0;
    return shares;
}

class Ascender
{
public:
    Ascender(const AscentScores& scores, const AscentPoint& start, Adjusted adjusted)
        : m_scores(scores), m_adjusted(adjusted), m_start(start), m_point(start),
          m_share(sharesOf(scores)), m_first(scores.labels.size()), m_second(m_first.size())
    {
        float low = 0, high = 0;
        for (std::size_t i = 0; i < m_first.size(); ++i) {
            score(i);
            low = std::min(low, m_buffer.minCoeff());
            high = std::max(high, m_buffer.maxCoeff());
            rank(i);
        }
        m_spread = static_cast<double>(high) - static_cast<double>(low);
        for (const double share : m_share)
            if (share > 0)
                m_least = std::min(m_least, share);
    }

    const AscentPoint& point() const { return m_point; }

    /// Moves class c to where it does most good; what was gained.
    double improve(std::int32_t c)
    {
        const std::optional<float> next = proposal(c);
        if (!next || *next == parameter(c))
            return 0;
        const double gain = gainOf(c, *next);
        if (gain <= smallestGain)
            return 0;
        move(c, *next);
        return gain;
    }

private:
    float& parameter(std::int32_t c)
    {
        return m_adjusted == Adjusted::Scale ? m_point.scale[c] : m_point.bias[c];
    }

    void score(std::size_t i)
    {
        m_buffer =
            m_scores.rows.row(static_cast<Eigen::Index>(i)).transpose().array() * m_point.scale +
            m_point.bias;
    }

    /// The two best classes of sample i, whose scores are in the buffer.
    void rank(std::size_t i)
    {
        m_first[i] = takeBest();
        m_second[i] = takeBest();
    }

    Rival takeBest()
    {
        const float best = m_buffer.maxCoeff();
        const auto at = std::find(m_buffer.begin(), m_buffer.end(), best) - m_buffer.begin();
        m_buffer[at] = -std::numeric_limits<float>::infinity();
        return {best, static_cast<std::int32_t>(at)};
    }

    const Rival& rivalOf(std::size_t i, std::int32_t c) const
    {
        return m_first[i].index == c ? m_second[i] : m_first[i];
    }

    double shareOf(std::int32_t label) const { return m_share[static_cast<std::size_t>(label)]; }

    /// Fills both sides with the thresholds of class c between `low` and `high`.
    void collect(std::int32_t c, double low, double high)
    {
        m_up.clear();
        m_down.clear();
        const bool scale = m_adjusted == Adjusted::Scale;
        const double s = static_cast<double>(m_point.scale[c]);
        const double b = static_cast<double>(m_point.bias[c]);
        const double now = scale ? s : b;
        const float* z = m_scores.columns.data() + m_scores.columns.cols() * c;
        for (std::size_t i = 0; i < m_first.size(); ++i) {
            const Rival& rival = rivalOf(i, c);
            const std::int32_t label = m_scores.labels[i];
            const double own = static_cast<double>(z[i]);
            if ((label != c && rival.index != label) || (scale && own == 0))
                continue;
            const double rest = static_cast<double>(rival.score) - (scale ? b : s * own);
            const double at = scale ? rest / own : rest;
            if (!(at > low && at < high))
                continue;
            const bool wins = m_first[i].index == c;
            const double change = wins == (label == c) ? -shareOf(label) : shareOf(label);
            const bool beyond = wins == (scale && own < 0); // a negative z wins below
            (beyond ? m_up : m_down).add({std::fabs(at - now), change});
        }
    }

    std::optional<float> proposal(std::int32_t c)
    {
        const bool scale = m_adjusted == Adjusted::Scale;
        const double began = static_cast<double>(scale ? m_start.scale[c] : m_start.bias[c]);
        const double now = static_cast<double>(parameter(c));
        const double low = scale ? began / reach : began - m_spread;
        const double high = scale ? began * reach : began + m_spread;
        collect(c, low, high);
        const Step up = m_up.best(m_least, high - now);
        const Step down = m_down.best(m_least, now - low);
        if (up.gain <= 0 && down.gain <= 0)
            return std::nullopt;
        return static_cast<float>(up.gain >= down.gain ? now + up.distance : now - down.distance);
    }

    Rival moved(std::size_t i, std::int32_t c, float next) const
    {
        const float z = m_scores.columns(c, static_cast<Eigen::Index>(i));
        return m_adjusted == Adjusted::Scale ? Rival{next * z + m_point.bias[c], c}
                                             : Rival{m_point.scale[c] * z + next, c};
    }

    /// By the scores themselves.
    double gainOf(std::int32_t c, float next) const
    {
        double gain = 0;
        for (std::size_t i = 0; i < m_first.size(); ++i) {
            const Rival& rival = rivalOf(i, c);
            const std::int32_t label = m_scores.labels[i];
            if (label != c && rival.index != label)
                continue;
            const std::int32_t after = moved(i, c, next).beats(rival) ? c : rival.index;
            gain += shareOf(label) * ((after == label) - (m_first[i].index == label));
        }
        return gain;
    }

    void move(std::int32_t c, float next)
    {
        std::vector<std::size_t> unknown; // c falls behind both, and the next best was not kept
        for (std::size_t i = 0; i < m_first.size(); ++i) {
            const Rival own = moved(i, c, next);
            Rival& first = m_first[i];
            Rival& second = m_second[i];
            const bool wasFirst = first.index == c;
            const bool wasSecond = second.index == c;
            if (wasFirst ? !own.beats(second) : wasSecond && own.score < second.score) {
                unknown.push_back(i);
            } else if (wasFirst) {
                first = own;
            } else if (own.beats(first)) {
                second = first;
                first = own;
            } else if (wasSecond || own.beats(second)) {
                second = own;
            }
        }
        parameter(c) = next;
        for (const std::size_t i : unknown) {
            score(i);
            rank(i);
        }
    }

    const AscentScores& m_scores;
    Adjusted m_adjusted;
    const AscentPoint& m_start;
    AscentPoint m_point;
    std::vector<double> m_share;          ///< C
    std::vector<Rival> m_first, m_second; ///< n, the best class and the next
    Eigen::ArrayXf m_buffer;
    ThresholdSide m_up, m_down;
    double m_spread = 0;
    double m_least = 1; ///< share
};

} // namespace

AscentScores ascentScores(RowMatrix rows, std::vector<std::int32_t> labels)
{
    RowMatrix columns = rows.transpose();
    return {std::move(rows), std::move(columns), std::move(labels)};
}

std::vector<AscentPoint> ascend(const AscentScores& scores, const AscentPoint& start,
                                const AscentOptions& options,
                                const std::function<void(int sweep, std::int64_t c)>& proceed)
{
    Ascender ascender(scores, start, options.adjusted);
    std::vector<AscentPoint> path{start};
    for (int sweep = 0; sweep < options.mostSweeps; ++sweep) {
        double gain = 0;
        for (Eigen::Index c = 0; c < start.scale.size(); ++c) {
            if (proceed)
                proceed(sweep, c);
            gain += ascender.improve(static_cast<std::int32_t>(c));
        }
        if (gain <= 0)
            break;
        path.push_back(ascender.point());
    }
    return path;
}

double classMeanAt(const AscentScores& scores, const AscentPoint& point)
{
    const std::vector<double> shares = sharesOf(scores);
    double sum = 0;
    Eigen::ArrayXf row;
    for (std::size_t i = 0; i < scores.labels.size(); ++i) {
        row = scores.rows.row(static_cast<Eigen::Index>(i)).transpose().array() * point.scale +
              point.bias;
        const auto best = std::find(row.begin(), row.end(), row.maxCoeff()) - row.begin();
        if (best == scores.labels[i])
            sum += shares[static_cast<std::size_t>(best)];
    }
    const auto present =
        std::count_if(shares.begin(), shares.end(), [](double share) { return share > 0; });
    return present > 0 ? sum / static_cast<double>(present) : 0;
}

} // namespace monotail
