// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCache>
#include <QImage>
#include <QObject>
#include <memory>
#include <vector>

#include "dataset/features.h"
#include "session/job.h"

namespace monotail {

/// Small pictures of the samples that are in sight, decoded in the background when they are asked
/// for. Those used lately are kept, up to a bound.
class Thumbnails : public QObject
{
    Q_OBJECT

public:
    static constexpr int side = 192; ///< pixels at most; smaller images stay as they are

    explicit Thumbnails(JobRunner& jobs, QObject* parent = nullptr);

    /// Whose images these are; null forgets all. The features themselves tell them apart.
    void setFeatures(std::shared_ptr<const FeatureSet> features);
    bool hasImages() const { return m_features && m_features->images; }

    struct Thumbnail
    {
        QImage image;    ///< null: not there yet, or it cannot be read
        QString problem; ///< why not
    };
    /// What is there now. Where that is nothing, it is made, and ready() comes: whoever still shows
    /// the sample asks again. What was asked for before and is out of sight by then is not made.
    Thumbnail of(std::int64_t sample);
    std::size_t kept() const { return static_cast<std::size_t>(m_kept.size()); }

Q_SIGNALS:
    void ready();

private:
    void decode();

    JobRunner& m_jobs;
    std::shared_ptr<const FeatureSet> m_features;
    QCache<qint64, Thumbnail> m_kept;
    std::vector<std::int64_t> m_wanted; ///< since the last batch
    bool m_asked = false;               ///< decode() is about to come, or a batch is under way
};

} // namespace monotail
