// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QString>
#include <memory>
#include <vector>

#include "base/progress.h"
#include "dataset/image_list.h"
#include "session/document.h"

namespace monotail {

/// What a few images of a source become on their way into the network.
struct ImagePreview
{
    struct Entry
    {
        QString name;
        QImage stored;   ///< null: `problem` says why
        QImage prepared; ///< resized and cropped, before mean and deviation
        QString problem;
    };
    std::shared_ptr<const ImageList> images; ///< null: `problem` says why
    std::vector<Entry> entries;              ///< spread over the list
    QString problem;
    QString backbone; ///< what was recognised; empty: `problem` says why nothing was
    std::vector<BackboneAssumption> assumptions;
    Preprocessing preprocessing;
};

/// `images`, where they are known already, are not read again.
ImagePreview previewImages(const Inputs& inputs, const std::shared_ptr<const ImageList>& images);

} // namespace monotail
