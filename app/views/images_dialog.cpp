// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/images_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTimer>
#include <QVBoxLayout>
#include <cmath>

#include "base/text.h"
#include "words/words.h"

namespace monotail {

namespace {

constexpr int restMilliseconds = 150;
constexpr int largestSide = 16384;

QString listText(const std::vector<double>& numbers)
{
    std::vector<std::string> texts;
    for (const double number : numbers)
        texts.push_back(toText(number));
    return QString::fromStdString(joined(texts, ", "));
}

/// Throws Error for anything but numbers joined by commas.
std::vector<double> numbersIn(const QLineEdit* edit, const QString& what)
{
    std::vector<double> numbers;
    const std::string text = edit->text().toStdString();
    for (const std::string_view field : split(text, ',')) {
        const auto number = parseDouble(field);
        if (!number || !std::isfinite(*number))
            throw Error(message("{}: one number, or one per channel joined by commas, is expected",
                                what.toStdString()));
        numbers.push_back(*number);
    }
    return numbers;
}

template <typename Box>
Box* named(Box* box, const QString& name, const QString& help)
{
    box->setAccessibleName(name);
    box->setToolTip(wrapped(help));
    return box;
}

} // namespace

ImagesDialog::ImagesDialog(const Inputs& inputs, QWidget* parent)
    : QDialog(parent), m_inputs(inputs), m_rest(new QTimer(this))
{
    setWindowTitle(tr("Images"));
    auto* layout = new QVBoxLayout(this);
    m_source = new QLabel(this);
    m_source->setWordWrap(true);
    m_source->setTextFormat(Qt::PlainText);
    layout->addWidget(m_source);
    auto* columns = new QHBoxLayout;
    layout->addLayout(columns, 1);
    auto* form = new QFormLayout;
    buildForm(form);
    columns->addLayout(form);
    columns->addWidget(buildPreview(), 1);
    m_problem = new QLabel(this);
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->hide();
    layout->addWidget(m_problem);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_extract = buttons->addButton(tr("Extract &features"), QDialogButtonBox::AcceptRole);
    m_extract->setToolTip(wrapped(tr("Runs every image through the network once. It goes on in the "
                                     "background, can be cancelled, and is kept: the same images, "
                                     "network and values are never computed twice.")));
    m_extract->setEnabled(false);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    m_rest->setSingleShot(true);
    m_rest->setInterval(restMilliseconds);
    connect(m_rest, &QTimer::timeout, this, &ImagesDialog::request);
    request();
}

void ImagesDialog::buildForm(QFormLayout* form)
{
    m_preset = named(new QComboBox(this), tr("Preset"),
                     tr("Values that are usual for a kind of images. Every one of them can be "
                        "changed below."));
    m_preset->setObjectName(QStringLiteral("preset"));
    for (const std::string& preset : preprocessingPresets())
        m_preset->addItem(QString::fromStdString(preset));
    m_preset->addItem(QStringLiteral("custom"));
    m_preset->setPlaceholderText(tr("choose"));
    m_preset->setCurrentIndex(-1); // until the source says which
    form->addRow(tr("&Preset"), m_preset);
    connect(m_preset, &QComboBox::textActivated, this, &ImagesDialog::choosePreset);
    addSizes(form);
    addNumbers(form);
    addNetwork(form);
}

void ImagesDialog::addSizes(QFormLayout* form)
{
    m_resize = named(new QSpinBox(this), tr("Resize"),
                     tr("The shorter side becomes this many pixels, the longer one in "
                        "proportion, antialiased as PIL and torchvision do it."));
    m_crop = named(new QSpinBox(this), tr("Crop"),
                   tr("A square of this many pixels is taken from the middle."));
    for (QSpinBox* box : {m_resize, m_crop}) {
        box->setRange(0, largestSide);
        connect(box, &QSpinBox::valueChanged, this, &ImagesDialog::take);
    }
    m_resize->setSpecialValueText(tr("as it is"));
    m_crop->setSpecialValueText(tr("the whole image"));
    m_resize->setObjectName(QStringLiteral("resize"));
    m_crop->setObjectName(QStringLiteral("crop"));
    m_filter = named(new QComboBox(this), tr("Filter"), tr("How pixels are interpolated."));
    m_filter->addItems({tr("bilinear"), tr("bicubic")});
    connect(m_filter, &QComboBox::currentIndexChanged, this, &ImagesDialog::take);
    form->addRow(tr("&Resize the shorter side to"), m_resize);
    form->addRow(tr("&Crop"), m_crop);
    form->addRow(tr("F&ilter"), m_filter);
}

void ImagesDialog::addNumbers(QFormLayout* form)
{
    m_mean = named(new QLineEdit(this), tr("Mean"),
                   tr("Taken from the values 0 to 1 of each channel; one number, or one per "
                      "channel."));
    m_deviation = named(new QLineEdit(this), tr("Deviation"),
                        tr("The values are divided by this after the mean was taken off."));
    m_mean->setObjectName(QStringLiteral("mean"));
    m_deviation->setObjectName(QStringLiteral("deviation"));
    for (QLineEdit* edit : {m_mean, m_deviation}) {
        edit->setMinimumWidth(
            fontMetrics().horizontalAdvance(QStringLiteral("0.4914, 0.4822, 0.4465")) + 24);
        connect(edit, &QLineEdit::textEdited, this, &ImagesDialog::take);
    }
    m_flip = named(new QCheckBox(tr("&Average with the mirror image"), this), tr("Flip average"),
                   tr("Features are the mean over each image and its mirror image. Some published "
                      "results are measured so; it takes twice the time."));
    connect(m_flip, &QCheckBox::toggled, this, &ImagesDialog::take);
    form->addRow(tr("&Mean"), m_mean);
    form->addRow(tr("&Deviation"), m_deviation);
    form->addRow(QString(), m_flip);
}

void ImagesDialog::addNetwork(QFormLayout* form)
{
    m_precision = named(new QComboBox(this), tr("Precision"),
                        tr("What the network computes in. Less than 32 bits is faster on some "
                           "devices and changes the features a little; it is recorded."));
    for (const Precision precision : {Precision::Float32, Precision::BFloat16, Precision::Float16})
        m_precision->addItem(QString::fromUtf8(nameOf(precision).data()));
    m_precision->setCurrentIndex(static_cast<int>(m_inputs.images.precision));
    connect(m_precision, &QComboBox::currentIndexChanged, this, &ImagesDialog::take);
    m_root = named(new QLineEdit(this), tr("Folder of a list"),
                   tr("Where the paths of a label list begin; empty: in the list's own folder."));
    if (m_inputs.images.root)
        m_root->setText(QString::fromStdString(m_inputs.images.root->string()));
    m_backbone = new QLabel(this);
    m_backbone->setWordWrap(true);
    m_backbone->setTextFormat(Qt::PlainText);
    m_overrides = named(new QLineEdit(this), tr("Backbone, assumed otherwise"),
                        tr("A file of weights does not say everything about its network. What is "
                           "assumed stands above; other values are written key=value, joined by "
                           "commas."));
    m_overrides->setPlaceholderText(QStringLiteral("max-pool=no,eps=1e-3"));
    std::vector<std::string> overrides;
    for (const auto& [key, value] : m_inputs.images.backbone)
        overrides.push_back(key + "=" + value);
    m_overrides->setText(QString::fromStdString(joined(overrides, ",")));
    for (QLineEdit* edit : {m_root, m_overrides})
        connect(edit, &QLineEdit::textEdited, this, &ImagesDialog::take);
    form->addRow(tr("Pr&ecision"), m_precision);
    form->addRow(tr("F&older of a list"), m_root);
    form->addRow(tr("Network"), m_backbone);
    form->addRow(tr("Assume &otherwise"), m_overrides);
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

void ImagesDialog::choosePreset(const QString& name)
{
    PreprocessingEdits& edits = m_inputs.images.preprocessing;
    const bool flip = edits.flipAverage;
    if (name != QLatin1String("custom")) {
        edits = {};
        edits.preset = name.toStdString();
        edits.flipAverage = flip;
        showPreprocessing(preprocessingPreset(edits.preset));
    }
    m_rest->start();
}

void ImagesDialog::showPreprocessing(const Preprocessing& preprocessing)
{
    m_isReading = true;
    m_preset->setCurrentText(QString::fromStdString(preprocessing.preset));
    m_resize->setValue(static_cast<int>(preprocessing.resize));
    m_crop->setValue(static_cast<int>(preprocessing.crop));
    m_filter->setCurrentIndex(preprocessing.filter == ResizeFilter::Bicubic ? 1 : 0);
    m_mean->setText(listText(preprocessing.mean));
    m_deviation->setText(listText(preprocessing.deviation));
    m_flip->setChecked(m_inputs.images.preprocessing.flipAverage);
    m_isReading = false;
}

/// What the widgets say now.
void ImagesDialog::take()
{
    if (m_isReading)
        return;
    try {
        ImageOptions& options = m_inputs.images;
        PreprocessingEdits edits;
        const QString preset = m_preset->currentText();
        edits.preset = preset == QLatin1String("custom") || preset.isEmpty() ? std::string("none")
                                                                             : preset.toStdString();
        edits.resize = m_resize->value();
        edits.crop = m_crop->value();
        edits.filter =
            m_filter->currentIndex() == 1 ? ResizeFilter::Bicubic : ResizeFilter::Bilinear;
        edits.mean = numbersIn(m_mean, tr("Mean"));
        edits.deviation = numbersIn(m_deviation, tr("Deviation"));
        edits.flipAverage = m_flip->isChecked();
        const Preprocessing now = preprocessingOf(edits, {});
        options.preprocessing = edits;
        options.precision = static_cast<Precision>(m_precision->currentIndex());
        options.backbone.clear();
        if (const QString text = m_overrides->text().trimmed(); !text.isEmpty())
            options.backbone = parseBackboneOptions(text.toStdString());
        const QString root = m_root->text().trimmed();
        if (root != QString::fromStdString(options.root.value_or("").string()))
            m_images.reset();
        options.root.reset();
        if (!root.isEmpty())
            options.root = root.toStdString();
        m_isReading = true;
        m_preset->setCurrentText(QString::fromStdString(now.preset));
        m_isReading = false;
    } catch (const Error& error) {
        m_rest->stop();
        return say(inWindow(error.what()));
    }
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
    m_images = preview.images;
    m_backbone->setText(inWindow(preview.backbone.toStdString()));
    QStringList assumed;
    for (const BackboneAssumption& assumption : preview.assumptions)
        assumed << QStringLiteral("%1 = %2").arg(QString::fromStdString(assumption.key),
                                                 QString::fromStdString(assumption.value));
    if (!assumed.isEmpty())
        m_backbone->setText(m_backbone->text() + QLatin1Char('\n') +
                            tr("assumed: %1").arg(assumed.join(QStringLiteral(", "))));
    if (preview.images)
        m_source->setText(tr("%1: %2 images (%3)")
                              .arg(fileName(m_inputs.data),
                                   QString::fromStdString(toGroupedText(preview.images->size())))
                              .arg(QString::fromStdString(preview.images->kind)));
    say(inWindow(preview.problem.toStdString()));
    const bool isFirst =
        m_preset->currentText() != QString::fromStdString(preview.preprocessing.preset) ||
        m_mean->text().isEmpty();
    if (preview.problem.isEmpty() && isFirst)
        showPreprocessing(preview.preprocessing);
    for (int row = 0; row < static_cast<int>(preview.entries.size()); ++row)
        showEntry(row, preview.entries[static_cast<std::size_t>(row)]);
}

void ImagesDialog::showEntry(int row, const ImagePreview::Entry& entry)
{
    constexpr int side = 104;
    const auto labelAt = [&](int column) {
        if (auto* item = m_pictures->itemAtPosition(row, column))
            return qobject_cast<QLabel*>(item->widget());
        auto* label = new QLabel(this);
        label->setAlignment(Qt::AlignCenter);
        label->setMinimumSize(side, side);
        label->setWordWrap(true);
        m_pictures->addWidget(label, row, column);
        return label;
    };
    const auto put = [&](QLabel* label, const QImage& image) {
        if (image.isNull())
            return label->setText(entry.problem);
        const qreal ratio = devicePixelRatioF();
        QPixmap pixmap = QPixmap::fromImage(image).scaled(
            QSize(side, side) * ratio, Qt::KeepAspectRatio,
            image.width() < side ? Qt::FastTransformation : Qt::SmoothTransformation);
        pixmap.setDevicePixelRatio(ratio);
        label->setPixmap(pixmap);
        label->setToolTip(wrapped(
            tr("%1, %2 x %3 pixels").arg(entry.name).arg(image.width()).arg(image.height())));
    };
    put(labelAt(0), entry.stored);
    put(labelAt(1), entry.prepared);
    const auto sizeOf = [](const QImage& image) {
        return tr("%1 x %2").arg(image.width()).arg(image.height());
    };
    labelAt(2)->setText(entry.stored.isNull()
                            ? QString()
                            : tr("%1\nto\n%2").arg(sizeOf(entry.stored), sizeOf(entry.prepared)));
}

/// Empty: nothing stands in the way.
void ImagesDialog::say(const QString& problem)
{
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_extract->setEnabled(problem.isEmpty() && m_images);
}

} // namespace monotail
