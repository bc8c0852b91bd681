// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/images_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>

#include "base/text.h"
#include "views/preprocessing_form.h"
#include "words/words.h"

namespace monotail {

namespace {

constexpr int restMilliseconds = 150;
constexpr int pictureSide = 104;

QString overridesText(const BackboneOptions& options)
{
    std::vector<std::string> parts;
    for (const auto& [key, value] : options)
        parts.push_back(key + "=" + value);
    return QString::fromStdString(joined(parts, ","));
}

QString assumptionsText(const std::vector<BackboneAssumption>& assumptions)
{
    QStringList parts;
    for (const BackboneAssumption& assumption : assumptions)
        parts << QString::fromStdString(assumption.key + " = " + assumption.value);
    return parts.join(QStringLiteral(", "));
}

} // namespace

ImagesDialog::ImagesDialog(const Inputs& inputs, QWidget* parent)
    : QDialog(parent), m_inputs(inputs), m_rest(new QTimer(this))
{
    setWindowTitle(tr("Images"));
    auto* layout = new QVBoxLayout(this);
    m_source = new QLabel(fileName(inputs.data), this);
    m_problem = new QLabel(this);
    for (QLabel* label : {m_source, m_problem}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
    }
    m_problem->setObjectName(QStringLiteral("imagesProblem"));
    m_problem->hide();
    auto* columns = new QHBoxLayout;
    columns->addWidget(buildForms());
    columns->addWidget(buildPreview(), 1);
    layout->addWidget(m_source);
    layout->addLayout(columns, 1);
    layout->addWidget(m_problem);
    buildButtons();
    m_rest->setSingleShot(true);
    m_rest->setInterval(restMilliseconds);
    connect(m_rest, &QTimer::timeout, this, &ImagesDialog::request);
    connect(m_form, &PreprocessingForm::edited, this, &ImagesDialog::take);
    request();
}

void ImagesDialog::buildButtons()
{
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_extract = buttons->addButton(tr("E&xtract features"), QDialogButtonBox::AcceptRole);
    m_extract->setObjectName(QStringLiteral("extract"));
    m_extract->setToolTip(wrapped(tr("Runs every image through the network once. It goes on in the "
                                     "background, can be cancelled, and is kept: the same images, "
                                     "network and values are never computed twice.")));
    m_extract->setEnabled(false);
    layout()->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

QWidget* ImagesDialog::buildForms()
{
    auto* column = new QWidget(this);
    auto* layout = new QVBoxLayout(column);
    layout->setContentsMargins({});
    m_form = new PreprocessingForm(column);
    layout->addWidget(m_form);
    auto* network = new QFormLayout;
    addNetwork(network);
    layout->addLayout(network);
    layout->addStretch();
    return column;
}

void ImagesDialog::addNetwork(QFormLayout* form)
{
    m_precision = new QComboBox(this);
    m_precision->setAccessibleName(tr("Precision"));
    m_precision->setToolTip(wrapped(tr("What the network computes in. Less than 32 bits is faster "
                                       "on some devices and changes the features a little; it is "
                                       "recorded.")));
    for (const Precision precision : {Precision::Float32, Precision::BFloat16, Precision::Float16})
        m_precision->addItem(QString::fromUtf8(nameOf(precision).data()));
    m_precision->setCurrentIndex(static_cast<int>(m_inputs.images.precision));
    connect(m_precision, &QComboBox::currentIndexChanged, this, &ImagesDialog::take);
    m_root = new QLineEdit(this);
    m_root->setAccessibleName(tr("Folder of a list"));
    m_root->setToolTip(
        wrapped(tr("Where the paths of a label list begin; empty: in the list's own folder.")));
    m_root->setText(QString::fromStdString(m_inputs.images.root.value_or("").string()));
    m_backbone = new QLabel(this);
    m_backbone->setWordWrap(true);
    m_backbone->setTextFormat(Qt::PlainText);
    m_overrides = new QLineEdit(overridesText(m_inputs.images.backbone), this);
    m_overrides->setAccessibleName(tr("Assume otherwise"));
    m_overrides->setToolTip(wrapped(tr("A file of weights does not say everything about its "
                                       "network. What is assumed stands above; other values are "
                                       "written key=value, joined by commas.")));
    m_overrides->setPlaceholderText(QStringLiteral("max-pool=no,eps=1e-3"));
    for (QLineEdit* edit : {m_root, m_overrides})
        connect(edit, &QLineEdit::textEdited, this, &ImagesDialog::take);
    form->addRow(tr("Pr&ecision"), m_precision);
    form->addRow(tr("F&older of a list"), m_root);
    form->addRow(tr("Network"), m_backbone);
    form->addRow(tr("Assume o&therwise"), m_overrides);
}

QWidget* ImagesDialog::buildPreview()
{
    auto* box = new QGroupBox(tr("As stored, and as the network sees it"), this);
    m_pictures = new QGridLayout(box);
    m_pictures->setColumnStretch(0, 1);
    m_pictures->setColumnStretch(1, 1);
    box->setMinimumWidth(340);
    return box;
}

/// What the widgets say now.
void ImagesDialog::take()
{
    try {
        ImageOptions options = m_inputs.images;
        if (m_form->hasValues()) // else the source decides, or asks
            options.preprocessing = m_form->edits();
        options.precision = static_cast<Precision>(m_precision->currentIndex());
        const std::string overrides = m_overrides->text().trimmed().toStdString();
        options.backbone = overrides.empty() ? BackboneOptions() : parseBackboneOptions(overrides);
        const std::string root = m_root->text().trimmed().toStdString();
        options.root = root.empty() ? std::nullopt : std::optional<std::filesystem::path>(root);
        if (options.root != m_inputs.images.root)
            m_images.reset();
        m_inputs.images = options;
    } catch (const Error& error) {
        m_rest->stop();
        return say(inWindow(error.what()));
    }
    m_extract->setEnabled(false); // until the preview says that it works
    m_rest->start();
}

void ImagesDialog::request()
{
    m_jobs.start(Lane::Interactive, tr("Reading images"), {},
                 [this, inputs = m_inputs, images = m_images](const Progress&) -> Delivery {
                     const auto preview = previewImages(inputs, images);
                     return [this, preview] { show(preview); };
                 });
}

void ImagesDialog::show(const ImagePreview& preview)
{
    if (m_rest->isActive())
        return; // newer values wait
    m_images = preview.images;
    QString backbone = inWindow(preview.backbone.toStdString());
    if (!preview.assumptions.empty())
        backbone += QLatin1Char('\n') + tr("assumed: %1").arg(assumptionsText(preview.assumptions));
    m_backbone->setText(backbone);
    if (preview.images)
        m_source->setText(tr("%1: %2 images (%3)")
                              .arg(fileName(m_inputs.data),
                                   QString::fromStdString(toGroupedText(preview.images->size())),
                                   QString::fromStdString(preview.images->kind)));
    if (preview.problem.isEmpty() && !m_form->hasValues())
        m_form->setValues(preview.preprocessing);
    for (int row = 0; row < static_cast<int>(preview.entries.size()); ++row)
        showEntry(row, preview.entries[static_cast<std::size_t>(row)]);
    say(inWindow(preview.problem.toStdString()));
}

QLabel* ImagesDialog::pictureAt(int row, int column)
{
    if (auto* item = m_pictures->itemAtPosition(row, column))
        return qobject_cast<QLabel*>(item->widget());
    auto* label = new QLabel(this);
    label->setAlignment(Qt::AlignCenter);
    label->setWordWrap(true);
    if (column < 2)
        label->setMinimumSize(pictureSide, pictureSide);
    m_pictures->addWidget(label, row, column);
    return label;
}

void ImagesDialog::showEntry(int row, const ImagePreview::Entry& entry)
{
    const auto sizeText = [](const QImage& image) {
        return tr("%1 x %2").arg(image.width()).arg(image.height());
    };
    const auto put = [&](QLabel* label, const QImage& image) {
        if (image.isNull())
            return label->setText(entry.problem);
        const qreal ratio = devicePixelRatioF();
        QPixmap pixmap = QPixmap::fromImage(image).scaled(
            QSize(pictureSide, pictureSide) * ratio, Qt::KeepAspectRatio,
            image.width() < pictureSide ? Qt::FastTransformation : Qt::SmoothTransformation);
        pixmap.setDevicePixelRatio(ratio);
        label->setPixmap(pixmap);
        label->setToolTip(wrapped(entry.name));
    };
    put(pictureAt(row, 0), entry.stored);
    put(pictureAt(row, 1), entry.prepared);
    pictureAt(row, 2)->setText(
        entry.stored.isNull()
            ? QString()
            : tr("%1\nto\n%2").arg(sizeText(entry.stored), sizeText(entry.prepared)));
}

/// Empty: nothing stands in the way.
void ImagesDialog::say(const QString& problem)
{
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_extract->setEnabled(problem.isEmpty() && m_images);
}

} // namespace monotail
