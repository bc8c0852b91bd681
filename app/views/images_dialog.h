// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include "session/image_preview.h"
#include "session/job.h"

class QComboBox;
class QFormLayout;
class QGridLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QTimer;

namespace monotail {

class PreprocessingForm;

/// How images reach the network: the preprocessing, what was recognised of the backbone, and what
/// becomes of a few images.
class ImagesDialog : public QDialog
{
    Q_OBJECT

public:
    /// `inputs` name a source of images.
    explicit ImagesDialog(const Inputs& inputs, QWidget* parent = nullptr);

    ImageOptions options() const { return m_inputs.images; }

private:
    QWidget* buildForms();
    void addNetwork(QFormLayout* form);
    QWidget* buildPreview();
    void buildButtons();
    void take();
    void request();
    void show(const ImagePreview& preview);
    void showEntry(int row, const ImagePreview::Entry& entry);
    QLabel* pictureAt(int row, int column);
    void say(const QString& problem);

    Inputs m_inputs;
    std::shared_ptr<const ImageList> m_images;
    PreprocessingForm* m_form;
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
