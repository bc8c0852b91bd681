// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/thumbnails.h"

#include <algorithm>
#include <utility>

#include "session/browsing.h"

namespace monotail {

namespace {

constexpr int mostKilobytes = 64 << 10;
constexpr std::size_t batch = 24; // few enough that what came into sight meanwhile comes soon

using Made = std::vector<std::pair<std::int64_t, Thumbnails::Thumbnail>>;

Made decoded(const FeatureSet& features, const std::vector<std::int64_t>& samples,
             const Progress& progress)
{
    Made made;
    for (const std::int64_t sample : samples) {
        report(progress, static_cast<std::int64_t>(made.size()),
               static_cast<std::int64_t>(samples.size()));
        Thumbnails::Thumbnail one;
        try {
            one.image = readSampleImage(features, sample, Thumbnails::side).image;
        } catch (const Error& error) {
            one.problem = QString::fromUtf8(error.what());
        }
        made.emplace_back(sample, std::move(one));
    }
    return made;
}

} // namespace

Thumbnails::Thumbnails(JobRunner& jobs, QObject* parent)
    : QObject(parent), m_jobs(jobs), m_kept(mostKilobytes)
{}

void Thumbnails::setFeatures(std::shared_ptr<const FeatureSet> features)
{
    if (features == m_features)
        return;
    m_features = std::move(features);
    m_kept.clear();
    m_wanted.clear();
    m_asked = false; // what is under way is of other features, and does not deliver
}

Thumbnails::Thumbnail Thumbnails::of(std::int64_t sample)
{
    if (!hasImages())
        return {};
    if (const Thumbnail* kept = m_kept.object(sample))
        return *kept;
    if (std::find(m_wanted.begin(), m_wanted.end(), sample) == m_wanted.end())
        m_wanted.push_back(sample);
    if (!std::exchange(m_asked, true)) // when all in sight have been asked for
        QMetaObject::invokeMethod(this, &Thumbnails::decode, Qt::QueuedConnection);
    return {};
}

void Thumbnails::decode()
{
    std::vector<std::int64_t> samples = std::exchange(m_wanted, {});
    if (!hasImages() || samples.empty()) {
        m_asked = false;
        return;
    }
    samples.resize(std::min(samples.size(), batch));
    m_jobs.start(Lane::Pictures, tr("Reading images"), {},
                 [this, features = m_features, samples](const Progress& progress) -> Delivery {
                     const Made made = decoded(*features, samples, progress);
                     return [this, features, made] {
                         if (m_features != features)
                             return;
                         for (const auto& [sample, one] : made)
                             m_kept.insert(
                                 sample, new Thumbnail(one),
                                 std::max(1, static_cast<int>(one.image.sizeInBytes() >> 10)));
                         m_asked = false;
                         m_wanted.clear(); // those still in sight are asked for again
                         Q_EMIT ready();
                     };
                 });
}

} // namespace monotail
