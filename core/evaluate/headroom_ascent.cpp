// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/headroom_ascent.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace monotail {

namespace {

constexpr float reach = 16;
/// Sums of a few thousand shares of 1 are off by less; no change of a single sample is smaller.
constexpr double smallestGain = 1e-9;

double envOr(const char* name, double otherwise) // EXPERIMENT
{
    const char* text = std::getenv(name);
    return text ? std::atof(text) : otherwise;
}

/// A class that competes for a sample.
struct Rival
{
    float score = -std::numeric_limits<float>::infinity();
    std::int32_t index = std::numeric_limits<std::int32_t>::max();

    bool beats(const Rival& other) const
    {
        return score > other.score || (score == other.score && index < other.index);
    }
};

/// Above `at` the sum of shares is higher by `change`.
struct Threshold
{
    double at;
    double change;
};

std::vector<double> sharesOf(const AscentScores& scores)
{
    std::vector<double> totals(static_cast<std::size_t>(scores.rows.cols()), 0.0);
    for (const std::int32_t label : scores.labels)
        ++totals[static_cast<std::size_t>(label)];
    for (double& total : totals)
        total = total > 0 ? 1 / total : 0;
    return totals;
}

class Ascender
{
public:
    Ascender(const AscentScores& scores, const AscentPoint& start, const AscentOptions& options)
        : m_scores(scores), m_options(options), m_start(start), m_point(start),
          m_share(sharesOf(scores)), m_first(scores.labels.size()), m_second(scores.labels.size())
    {
        for (std::size_t i = 0; i < m_first.size(); ++i)
            rank(i);
        float low = 0, high = 0;
        for (std::size_t i = 0; i < m_first.size(); ++i) {
            score(i);
            low = std::min(low, m_buffer.minCoeff());
            high = std::max(high, m_buffer.maxCoeff());
        }
        m_spread = high - low;
        m_least = 1;
        for (const double share : m_share)
            if (share > 0)
                m_least = std::min(m_least, share);
    }

    /// Whether anything was gained.
    double improve(std::int32_t c)
    {
        const double found = propose(c);
        const float next = static_cast<float>(found);
        if (!(found == found) || next == parameter(c))
            return 0;
        const double gain = gainOf(c, next);
        if (gain <= smallestGain)
            return 0;
        apply(c, next);
        return gain;
    }

    const AscentPoint& point() const { return m_point; }

private:
    float& parameter(std::int32_t c)
    {
        return m_options.adjusted == Adjusted::Scale ? m_point.scale[c] : m_point.bias[c];
    }

    void score(std::size_t i)
    {
        m_buffer =
            m_scores.rows.row(static_cast<Eigen::Index>(i)).transpose().array() * m_point.scale +
            m_point.bias;
    }

    void rank(std::size_t i)
    {
        score(i);
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

    void collect(std::int32_t c, double low, double high)
    {
        const bool scale = m_options.adjusted == Adjusted::Scale;
        const float* z = m_scores.columns.data() + m_scores.columns.cols() * c;
        const double s = static_cast<double>(m_point.scale[c]);
        const double b = static_cast<double>(m_point.bias[c]);
        const double now = scale ? s : b;
        for (auto* list : {&m_upGains, &m_upLosses, &m_downGains, &m_downLosses})
            list->clear();
        for (std::size_t i = 0; i < m_first.size(); ++i) {
            const Rival& rival = rivalOf(i, c);
            const std::int32_t label = m_scores.labels[i];
            if (label != c && rival.index != label)
                continue;
            const double zi = static_cast<double>(z[i]);
            if (scale && zi == 0)
                continue;
            const double t = scale ? (static_cast<double>(rival.score) - b) / zi
                                   : static_cast<double>(rival.score) - s * zi;
            if (!(t > low && t < high))
                continue;
            double change = label == c ? m_share[static_cast<std::size_t>(c)]
                                       : -m_share[static_cast<std::size_t>(label)];
            if (scale && zi < 0)
                change = -change;
            if (t > now)
                (change > 0 ? m_upGains : m_upLosses).push_back({t, change});
            else
                (change < 0 ? m_downGains : m_downLosses).push_back({-t, -change});
        }
    }

    struct Step
    {
        double to = std::numeric_limits<double>::quiet_NaN();
        double gain = 0;
    };

    /// The best place beyond the present one in one direction; thresholds in order of distance.
    Step bestBeyond(std::vector<Threshold>& gains, std::vector<Threshold>& losses, double end) const
    {
        if (gains.empty())
            return {};
        double most = 0;
        for (const Threshold& gain : gains)
            most += gain.change;
        const auto nearer = [](const Threshold& a, const Threshold& b) { return a.at < b.at; };
        // Beyond so many losses nothing can pay.
        const auto kept = static_cast<std::size_t>(most / m_least) + 1;
        if (losses.size() > kept) {
            std::nth_element(losses.begin(), losses.begin() + static_cast<std::ptrdiff_t>(kept),
                             losses.end(), nearer);
            losses.resize(kept + 1);
        }
        gains.insert(gains.end(), losses.begin(), losses.end());
        std::sort(gains.begin(), gains.end(), nearer);
        static const double place = envOr("HR_PLACE", 0.5);
        static const double minSigma = envOr("HR_SIGMA", 0);
        Step best;
        double sum = 0, squares = 0;
        for (std::size_t k = 0; k < gains.size(); ++k) {
            sum += gains[k].change;
            squares += gains[k].change * gains[k].change;
            const double next = k + 1 < gains.size() ? gains[k + 1].at : end;
            if (sum > best.gain + smallestGain && next > gains[k].at &&
                sum > minSigma * std::sqrt(squares))
                best = {gains[k].at + (next - gains[k].at) * place, sum};
        }
        return best;
    }

    double propose(std::int32_t c)
    {
        const bool scale = m_options.adjusted == Adjusted::Scale;
        const double began = static_cast<double>(scale ? m_start.scale[c] : m_start.bias[c]);
        static const double R = envOr("HR_REACH", reach);
        double low = scale ? began / R : began - static_cast<double>(m_spread);
        double high = scale ? began * R : began + static_cast<double>(m_spread);
        if (low > high)
            std::swap(low, high); // a negative scale
        collect(c, low, high);
        const Step up = bestBeyond(m_upGains, m_upLosses, high);
        const Step down = bestBeyond(m_downGains, m_downLosses, -low);
        const double to = up.gain >= down.gain ? up.to : -down.to;
        static const double damp = envOr("HR_DAMP", 1);
        const double now = static_cast<double>(parameter(c));
        return now + (to - now) * damp;
    }

    Rival moved(std::size_t i, std::int32_t c, float next) const
    {
        const float z = m_scores.columns(c, static_cast<Eigen::Index>(i));
        return m_options.adjusted == Adjusted::Scale ? Rival{next * z + m_point.bias[c], c}
                                                     : Rival{m_point.scale[c] * z + next, c};
    }

    double gainOf(std::int32_t c, float next) const
    {
        double gain = 0;
        for (std::size_t i = 0; i < m_first.size(); ++i) {
            const Rival& rival = rivalOf(i, c);
            const std::int32_t label = m_scores.labels[i];
            if (label != c && rival.index != label)
                continue;
            const std::int32_t after = moved(i, c, next).beats(rival) ? c : rival.index;
            gain += m_share[static_cast<std::size_t>(label)] *
                    ((after == label ? 1 : 0) - (m_first[i].index == label ? 1 : 0));
        }
        return gain;
    }

    void apply(std::int32_t c, float next)
    {
        std::vector<std::size_t> again;
        for (std::size_t i = 0; i < m_first.size(); ++i) {
            const Rival own = moved(i, c, next);
            Rival& first = m_first[i];
            Rival& second = m_second[i];
            if (first.index == c) {
                if (own.beats(second))
                    first = own;
                else
                    again.push_back(i); // who comes after the second is not known
            } else if (own.beats(first)) {
                second = first;
                first = own;
            } else if (second.index == c && own.score < second.score) {
                again.push_back(i);
            } else if (second.index == c || own.beats(second)) {
                second = own;
            }
        }
        parameter(c) = next;
        for (const std::size_t i : again)
            rank(i);
    }

    const AscentScores& m_scores;
    const AscentOptions& m_options;
    const AscentPoint& m_start;
    AscentPoint m_point;
    std::vector<double> m_share; ///< C, what one sample of the class is worth
    std::vector<Rival> m_first, m_second;
    Eigen::ArrayXf m_buffer;
    std::vector<Threshold> m_upGains, m_upLosses, m_downGains, m_downLosses;
    float m_spread = 0;
    double m_least = 1;
};

} // namespace

Ascent ascend(const AscentScores& scores, const AscentPoint& start, const AscentOptions& options,
              const std::function<void(int sweep, std::int64_t classIndex)>& proceed)
{
    Ascender ascender(scores, start, options);
    Ascent out{start, 0};
    const auto classes = static_cast<std::int32_t>(start.scale.size());
    for (double gain = 1; gain > 0 && out.sweeps < options.mostSweeps; ++out.sweeps) {
        gain = 0;
        for (std::int32_t c = 0; c < classes; ++c) {
            gain += ascender.improve(c);
            if (proceed)
                proceed(out.sweeps, c);
        }
    }
    out.point = ascender.point();
    return out;
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
