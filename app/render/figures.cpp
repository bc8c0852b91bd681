// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/figures.h"

#include <memory>

#include "models/chart_data.h"
#include "models/curve_data.h"
#include "platform/outputs.h"

namespace monotail {

namespace {

template <typename Chart>
DrawFigure drawingOf(std::shared_ptr<Chart> chart)
{
    return [chart](QPainter& painter, const QSizeF& size) { chart->drawFigure(painter, size); };
}

} // namespace

std::vector<Figure> figuresOf(const Snapshot& snapshot)
{
    std::vector<Figure> figures;
    if (!snapshot.hasHead())
        return figures;
    const auto norms = std::make_shared<NormChart>();
    const NormChartData normData = normChartData(snapshot, NormKind::Rows);
    norms->setData(normData);
    figures.push_back({QStringLiteral("norms"), normData.title, chartSize, drawingOf(norms)});
    if (!snapshot.hasData())
        return figures;
    const auto recall = std::make_shared<BeforeAfterChart>();
    const BeforeAfterData recallData = accuracyChartData(snapshot, ClassOrder::Frequency);
    recall->setData(recallData);
    figures.push_back({QStringLiteral("recall"), recallData.title, chartSize, drawingOf(recall)});
    const auto groups = std::make_shared<GroupChart>();
    const GroupChartData groupData = groupChartData(snapshot);
    groups->setData(groupData);
    figures.push_back({QStringLiteral("groups"), groupData.title, groupsSize, drawingOf(groups)});
    if (snapshot.sweep) {
        const auto curve = std::make_shared<CurveChart>();
        const CurveChartData curveData = curveChartData(snapshot, CurveLines::WithGroups);
        curve->setData(curveData);
        figures.push_back({QStringLiteral("sweep"), curveData.title, curveSize, drawingOf(curve)});
    }
    return figures;
}

void saveFigure(const Figure& figure, const std::filesystem::path& path, const Inputs& inputs,
                Overwrite overwrite)
{
    const FigureFormat format = figureFormat(QString::fromStdString(path.string()));
    checkOutputs(filesOf(inputs), {path.string()}, overwrite);
    const QByteArray bytes = figureBytes(format, figure.size, figure.title, figure.draw);
    writeTextFile(path, {bytes.constData(), static_cast<std::size_t>(bytes.size())}, overwrite);
}

} // namespace monotail
