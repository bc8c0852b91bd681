// SPDX-License-Identifier: GPL-3.0-or-later
#include "words/words.h"

#include <QCoreApplication>
#include <cmath>

#include "base/text.h"

namespace monotail {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("Words", text);
}

QString number(double value, int decimals)
{
    return QString::fromStdString(toText(value, decimals));
}

/// "n > 100", "20 to 100", "n < 20".
QString groupBounds(const ShotRule& rule, Shot shot)
{
    const QString few = QString::number(rule.few);
    if (shot == Shot::Many)
        return tr("n > %1").arg(rule.many);
    if (shot == Shot::Few)
        return rule.fewIncludesBound ? tr("n \u2264 %1").arg(few) : tr("n < %1").arg(few);
    return tr("n %1 to %2").arg(rule.few + (rule.fewIncludesBound ? 1 : 0)).arg(rule.many);
}

} // namespace

QString inWindow(const std::string& sentence)
{
    QString text = QString::fromStdString(sentence);
    // The longer ones first: they hold the others.
    const std::pair<const char*, QString> options[] = {
        {"with --head NAME", tr("in Inspect")},
        {"--head NAME", tr("its name in Inspect")},
        {"say --kind linear", tr("choose \"linear\" in Inspect")},
        {"--kind linear reads", tr("\"linear\" in Inspect reads")},
        {"unless --logit-scale gives it", tr("unless the factor is given in Inspect")},
        {"with --logit-scale", tr("in Inspect")},
        {"--format ", tr("the format ")},
        {"with --data", tr("as data")},
        {"use --force to replace it", tr("choose another name, or say that it may be replaced")},
        {"choose --preprocess", tr("choose a preset")},
        {"--mean and --std", tr("mean and deviation")},
        {"--resize and --crop", tr("Resize and Crop")},
        {"--root names", tr("Folder of a list says")},
        {"--class-map", tr("Class map in File > Open")},
        {"--classes", tr("Class names in File > Open")}};
    for (const auto& [option, words] : options)
        text.replace(QLatin1String(option), words);
    return text;
}

QString wrapped(const QString& plain)
{
    return QStringLiteral("<p style='white-space:pre-wrap'>%1</p>").arg(plain.toHtmlEscaped());
}

QString fileName(const std::string& source)
{
    const QString text = QString::fromStdString(source);
    return text.section(QLatin1Char('/'), -1, -1, QString::SectionSkipEmpty);
}

QString headName(const Document& document)
{
    const QString file = fileName(document.inputs.checkpoint);
    return document.own ? tr("%1, %2").arg(file, document.headLabel) : file;
}

QString signedText(double value, int decimals)
{
    const QString size = number(std::abs(value), decimals);
    if (size.toDouble() == 0) // "-0.0" says nothing
        return size;
    return (value < 0 ? QStringLiteral("\u2212") : QStringLiteral("+")) + size;
}

QString pText(double p)
{
    return p < 0.001 ? tr("p < 0.001") : tr("p = %1").arg(number(p, 3));
}

QString fitText(const Choices& choices)
{
    return tr("%1, %2, %3")
        .arg(choices.direction == Direction::TailHigh ? tr("tail-high") : tr("head-high"),
             choices.ties == Ties::Average ? tr("ties averaged") : tr("ties in class order"),
             choices.weights == FitWeights::Uniform ? tr("uniform weights") : tr("count weights"));
}

QString splitText(const Document& document)
{
    const std::string& split = document.features->origin.split;
    return split.empty() ? tr("not said") : QString::fromStdString(printable(split));
}

QString groupName(Shot shot)
{
    switch (shot) {
    case Shot::Many:
        return tr("many");
    case Shot::Medium:
        return tr("medium");
    case Shot::Few:
        break;
    }
    return tr("few");
}

QString groupDetail(const ShotGroups& groups, Shot shot)
{
    const auto classes = groups.sizes[static_cast<std::size_t>(shot)];
    return tr("%1, %2").arg(
        groupBounds(groups.rule, shot),
        classes == 1 ? tr("1 class")
                     : tr("%1 classes").arg(QString::fromStdString(toGroupedText(classes))));
}

QString methodName(MethodKind kind)
{
    switch (kind) {
    case MethodKind::None:
        return tr("None (as it is)");
    case MethodKind::Samn:
        return tr("SAMN projection");
    case MethodKind::Tau:
        return tr("Tau-normalisation");
    case MethodKind::MaxNorm:
        return tr("MaxNorm");
    case MethodKind::LogitAdjust:
        return tr("Logit adjustment");
    case MethodKind::EqualNorms:
        return tr("Equal norms");
    case MethodKind::Scales:
        break;
    }
    return tr("Manual");
}

QString methodText(const Rescaling& rescaling)
{
    QString text = QString::fromStdString(rescaling.method);
    text.replace(QStringLiteral("scales=manual"), tr("manual"));
    text.replace(QStringLiteral("samn"), tr("SAMN projection"));
    text.replace(QLatin1Char('='), QStringLiteral(" = "));
    return text;
}

} // namespace monotail
