// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/browsing.h"

#include <QCoreApplication>

#include "base/text.h"
#include "images/read_image.h"

namespace monotail {

namespace {

constexpr int largestSide = 1200; // of the picture of one sample

/// The selected classes are a filter only where no cell asks for others.
SampleQuery queryOf(const SampleView& view, const std::vector<std::int64_t>& selected)
{
    if (view.cell)
        return {view.cell->truth, view.cell->takenFor, view.change};
    return {selected, {}, view.change};
}

} // namespace

QImage toImage(const Picture& picture)
{
    const auto format = picture.channels == 1 ? QImage::Format_Grayscale8 : QImage::Format_RGB888;
    const QImage view(picture.pixels.data(), static_cast<int>(picture.width),
                      static_cast<int>(picture.height),
                      static_cast<qsizetype>(picture.width * picture.channels), format);
    return view.convertToFormat(QImage::Format_RGB32); // a copy: the pixels go
}

std::shared_ptr<const SampleStudy> studySamples(const Document& document, const BeforeAfter& heads,
                                                const SampleView& view,
                                                const std::vector<std::int64_t>& selected,
                                                const Progress& progress)
{
    auto study = std::make_shared<SampleStudy>();
    study->after = heads.after.rescaling;
    study->query = queryOf(view, selected);
    study->order = view.order;
    if (view.cell)
        study->cell = view.cell->name;
    const FeatureSet& features = *document.features;
    const auto positions = pickSamples(study->query, features.labels, heads.before.predicted,
                                       heads.after.predicted, document.head->classes());
    study->samples = scoreSamples(features, *document.head, heads.before, heads.after, positions,
                                  *document.scores, progress);
    sortSamples(study->samples, view.order);
    return study;
}

std::shared_ptr<const StoryStudy> studyStory(const Document& document, const BeforeAfter& heads,
                                             std::int64_t sample)
{
    auto study = std::make_shared<StoryStudy>();
    study->after = heads.after.rescaling;
    study->story =
        sampleStory(*document.features, *document.head, heads.before, heads.after, sample);
    if (!document.features->images)
        return study;
    try {
        const SampleImage read = readSampleImage(*document.features, sample, largestSide);
        study->image = read.image;
        study->size = read.size;
        study->conversion = read.conversion;
    } catch (const Error& error) {
        study->imageProblem = QString::fromUtf8(error.what());
    }
    return study;
}

std::shared_ptr<const CauseStudy> studyCauses(const Document& document, const BeforeAfter& heads,
                                              const Progress& progress)
{
    const Workers workers;
    auto found = errorCauses(*document.features, *document.head, {heads.before, heads.after},
                             workers, progress);
    return std::make_shared<CauseStudy>(CauseStudy{
        heads.after.rescaling, std::move(found[0].perClass), std::move(found[1].perClass)});
}

QString sampleName(const FeatureSet& features, std::int64_t sample)
{
    const auto at = static_cast<std::size_t>(sample);
    std::string id;
    if (at < features.ids.size())
        id = features.ids[at];
    else if (features.images && features.images->isFiles() && at < features.imageOf.size())
        id = features.images->samples.at(static_cast<std::size_t>(features.imageOf[at])).id;
    if (id.empty())
        return QCoreApplication::translate("Samples", "sample %1").arg(sample);
    return QString::fromStdString(printable(id, 400));
}

SampleImage readSampleImage(const FeatureSet& features, std::int64_t sample, int side)
{
    const auto at = static_cast<std::size_t>(sample);
    if (at >= features.imageOf.size())
        throw Error(message("sample {} has no image", sample));
    const DecodedImage decoded = readImage(*features.images, features.imageOf[at]);
    QImage image = toImage(decoded.picture);
    const QSize size = image.size();
    if (std::max(size.width(), size.height()) > side)
        image = image.scaled(side, side, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    return {image, size, QString::fromStdString(decoded.conversion)};
}

} // namespace monotail
