// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/preprocessing_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QScopedValueRollback>
#include <QSpinBox>
#include <cmath>

#include "base/text.h"
#include "words/words.h"

namespace monotail {

namespace {

constexpr int largestSide = 16384;
const QString custom = QStringLiteral("custom");

QString listText(const std::vector<double>& numbers)
{
    std::vector<std::string> texts;
    for (const double number : numbers)
        texts.push_back(toText(number));
    return QString::fromStdString(joined(texts, ", "));
}

/// Throws Error for anything but numbers joined by commas.
std::vector<double> numbersIn(const QLineEdit* edit)
{
    std::vector<double> numbers;
    const std::string text = edit->text().toStdString();
    for (const std::string_view field : split(text, ',')) {
        const auto number = parseDouble(field);
        if (!number || !std::isfinite(*number))
            throw Error(message("{}: one number, or one per channel joined by commas, is expected",
                                edit->accessibleName().toStdString()));
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

PreprocessingForm::PreprocessingForm(QWidget* parent) : QWidget(parent)
{
    auto* form = new QFormLayout(this);
    form->setContentsMargins({});
    addPreset(form);
    addSizes(form);
    addNumbers(form);
}

void PreprocessingForm::addPreset(QFormLayout* form)
{
    m_preset = named(new QComboBox(this), tr("Preset"),
                     tr("Values that are usual for a kind of images. Every one of them can be "
                        "changed below."));
    m_preset->setObjectName(QStringLiteral("preset"));
    for (const std::string& preset : preprocessingPresets())
        m_preset->addItem(QString::fromStdString(preset));
    m_preset->addItem(custom);
    m_preset->setPlaceholderText(tr("choose"));
    m_preset->setCurrentIndex(-1);
    connect(m_preset, &QComboBox::textActivated, this, &PreprocessingForm::takePreset);
    form->addRow(tr("&Preset"), m_preset);
}

void PreprocessingForm::addSizes(QFormLayout* form)
{
    m_resize = named(new QSpinBox(this), tr("Resize"),
                     tr("The shorter side becomes this many pixels, the longer one in "
                        "proportion, antialiased as PIL and torchvision do it."));
    m_crop = named(new QSpinBox(this), tr("Crop"),
                   tr("A square of this many pixels is taken from the middle."));
    for (QSpinBox* box : {m_resize, m_crop}) {
        box->setRange(0, largestSide);
        connect(box, &QSpinBox::valueChanged, this, &PreprocessingForm::take);
    }
    m_resize->setSpecialValueText(tr("as it is"));
    m_crop->setSpecialValueText(tr("the whole image"));
    m_resize->setObjectName(QStringLiteral("resize"));
    m_crop->setObjectName(QStringLiteral("crop"));
    m_filter = named(new QComboBox(this), tr("Filter"), tr("How pixels are interpolated."));
    m_filter->addItems({tr("bilinear"), tr("bicubic")});
    connect(m_filter, &QComboBox::currentIndexChanged, this, &PreprocessingForm::take);
    form->addRow(tr("&Resize the shorter side to"), m_resize);
    form->addRow(tr("&Crop"), m_crop);
    form->addRow(tr("F&ilter"), m_filter);
}

void PreprocessingForm::addNumbers(QFormLayout* form)
{
    m_mean = named(new QLineEdit(this), tr("Mean"),
                   tr("Taken from the values 0 to 1 of each channel; one number, or one per "
                      "channel."));
    m_deviation = named(new QLineEdit(this), tr("Deviation"),
                        tr("The values are divided by this after the mean was taken off."));
    m_mean->setObjectName(QStringLiteral("mean"));
    m_deviation->setObjectName(QStringLiteral("deviation"));
    const int width = fontMetrics().horizontalAdvance(QStringLiteral("0.4914, 0.4822, 0.4465"));
    for (QLineEdit* edit : {m_mean, m_deviation}) {
        edit->setMinimumWidth(width + 24);
        connect(edit, &QLineEdit::textEdited, this, &PreprocessingForm::take);
    }
    m_flip = named(new QCheckBox(tr("&Average with the mirror image"), this), tr("Flip average"),
                   tr("Features are the mean over each image and its mirror image. Some published "
                      "results are measured so; it takes twice the time."));
    connect(m_flip, &QCheckBox::toggled, this, &PreprocessingForm::take);
    form->addRow(tr("&Mean"), m_mean);
    form->addRow(tr("&Deviation"), m_deviation);
    form->addRow(QString(), m_flip);
}

bool PreprocessingForm::hasValues() const
{
    return m_preset->currentIndex() >= 0;
}

void PreprocessingForm::setValues(const Preprocessing& preprocessing)
{
    const QScopedValueRollback quiet(m_isQuiet, true);
    m_preset->setCurrentText(QString::fromStdString(preprocessing.preset));
    m_resize->setValue(static_cast<int>(preprocessing.resize));
    m_crop->setValue(static_cast<int>(preprocessing.crop));
    m_filter->setCurrentIndex(preprocessing.filter == ResizeFilter::Bicubic ? 1 : 0);
    m_mean->setText(listText(preprocessing.mean));
    m_deviation->setText(listText(preprocessing.deviation));
    m_flip->setChecked(preprocessing.flipAverage);
}

PreprocessingEdits PreprocessingForm::edits() const
{
    PreprocessingEdits edits;
    const QString preset = m_preset->currentText();
    edits.preset = hasValues() && preset != custom ? preset.toStdString() : std::string("none");
    edits.resize = m_resize->value();
    edits.crop = m_crop->value();
    edits.filter = m_filter->currentIndex() == 1 ? ResizeFilter::Bicubic : ResizeFilter::Bilinear;
    edits.mean = numbersIn(m_mean);
    edits.deviation = numbersIn(m_deviation);
    edits.flipAverage = m_flip->isChecked();
    preprocessingOf(edits, {}); // makes sense?
    return edits;
}

void PreprocessingForm::takePreset(const QString& name)
{
    if (name != custom) {
        Preprocessing values = preprocessingPreset(name.toStdString());
        values.flipAverage = m_flip->isChecked();
        setValues(values);
    }
    Q_EMIT edited();
}

/// A value that is not the preset's makes it custom.
void PreprocessingForm::take()
{
    if (m_isQuiet)
        return;
    try {
        const QString preset = QString::fromStdString(preprocessingOf(edits(), {}).preset);
        m_preset->setCurrentText(preset);
    } catch (const Error&) { // whoever asks for the edits will hear it
    }
    Q_EMIT edited();
}

} // namespace monotail
