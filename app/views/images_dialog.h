// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include "session/image_preview.h"
#include "session/job.h"

class QCheckBox;
class QComboBox;
class QFormLayout;
class QGridLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QTimer;

namespace monotail {

/// How images reach the network: every value of the preprocessing, what was recognised of the
/// backbone, and what becomes of a few images.
class ImagesDialog : public QDialog
{
    Q_OBJECT

public:
    /// `inputs` name a source of images.
    explicit ImagesDialog(const Inputs& inputs, QWidget* parent = nullptr);

    ImageOptions options() const { return m_inputs.images; }

private:
    void buildForm(QFormLayout* form);
    void addSizes(QFormLayout* form);
    void addNumbers(QFormLayout* form);
    void addNetwork(QFormLayout* form);
    QWidget* buildPreview();
    void choosePreset(const QString& name);
    void showPreprocessing(const Preprocessing& preprocessing);
    void take();
    void request();
    void show(const ImagePreview& preview);
    void showEntry(int row, const ImagePreview::Entry& entry);
    void say(const QString& problem);

    Inputs m_inputs;
    std::shared_ptr<const ImageList> m_images;
    bool m_isReading = false; ///< the widgets are being set, not edited
    QComboBox* m_preset;
    QSpinBox* m_resize;
    QSpinBox* m_crop;
    QComboBox* m_filter;
    QLineEdit* m_mean;
    QLineEdit* m_deviation;
    QCheckBox* m_flip;
    QComboBox* m_precision;
    QLineEdit* m_root;
    QLineEdit* m_overrides;
    QLabel* m_backbone;
    QLabel* m_source;
    QLabel* m_problem;
    QGridLayout* m_pictures;
    QPushButton* m_extract;
    QTimer* m_rest; ///< the preview follows when typing pauses
    JobRunner m_jobs;
};

} // namespace monotail
