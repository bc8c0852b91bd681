// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCoreApplication>

#include "base/text.h"
#include "models/chart_data.h"
#include "words/words.h"

namespace monotail {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("ClassCard", text);
}

QString number(double value, int decimals)
{
    return QString::fromStdString(toText(value, decimals));
}

QString row(const QString& name, const QString& value)
{
    return QStringLiteral("<tr><td>%1&nbsp;&nbsp;</td><td>%2</td></tr>").arg(name, value);
}

QString recallText(const ClassAccuracy& accuracy)
{
    if (!accuracy.recall)
        return tr("n/a (no samples)");
    return tr("%1 % (%2 of %3; 95 %: %4 to %5)")
        .arg(number(*accuracy.recall, 1))
        .arg(accuracy.correct)
        .arg(accuracy.total)
        .arg(number(*accuracy.low, 1), number(*accuracy.high, 1));
}

QString fitRows(const Snapshot& snapshot, std::size_t c)
{
    const ClassFit& fit = snapshot.profile->fit;
    QString text =
        row(tr("training images"),
            QString::fromStdString(toGroupedText(snapshot.document->classes->counts[c])) +
                tr(" (%1-shot)").arg(groupName(snapshot.groups->of[c])));
    if (fit.blockOf[c] < 0)
        return text + row(tr("block"), tr("none: the row's norm is 0"));
    const Block& block = fit.blocks[static_cast<std::size_t>(fit.blockOf[c])];
    return text +
           row(tr("block"),
               block.size() == 1
                   ? tr("on its own, PAVA norm %1").arg(number(block.value, 3))
                   : tr("%1 classes, PAVA norm %2").arg(block.size()).arg(number(block.value, 3)));
}

QString normText(const Snapshot& snapshot, std::size_t c)
{
    const double before = snapshot.document->head->norms[c];
    const QString text = number(before, 3);
    if (!snapshot.hasCounts() || snapshot.rescaling->method == "none")
        return text;
    return tr("%1 \u2192 %2 (\u00d7 %3)")
        .arg(text, number(normAfter(snapshot, c), 3), number(snapshot.rescaling->scale[c], 3));
}

} // namespace

QString methodText(const Snapshot& snapshot)
{
    return snapshot.rescaling ? methodText(*snapshot.rescaling) : QString();
}

QString classCard(const Snapshot& snapshot, std::int64_t classIndex)
{
    if (!snapshot.hasHead() || classIndex < 0 || classIndex >= snapshot.document->head->classes())
        return {};
    const auto c = static_cast<std::size_t>(classIndex);
    QString text = QStringLiteral("<b>%1</b>").arg(snapshot.document->names[c].toHtmlEscaped());
    if (snapshot.document->names[c] != QString::number(classIndex))
        text += tr(" (class %1)").arg(classIndex);
    text += QStringLiteral("<table cellspacing='0' cellpadding='0'>");
    if (snapshot.hasCounts())
        text += fitRows(snapshot, c);
    text += row(tr("weight norm"), normText(snapshot, c));
    if (snapshot.document->head->hasBias())
        text += row(
            tr("bias"),
            number(static_cast<double>(snapshot.document->head->bias[static_cast<Eigen::Index>(c)]),
                   3));
    if (snapshot.hasData()) {
        const LiveAccuracy& live = *snapshot.accuracy;
        text += row(tr("recall before"), recallText(live.before.perClass[c]));
        if (live.rescaling.method != "none")
            text += row(tr("recall after"), recallText(live.after.perClass[c]));
    }
    return text + QStringLiteral("</table>");
}

} // namespace monotail
