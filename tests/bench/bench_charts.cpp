// SPDX-License-Identifier: GPL-3.0-or-later
// What one redraw of a chart costs at 8,142 classes, events and painting included, on the offscreen
// platform: a frame at 60 Hz has 16.7 ms.
#include <QApplication>
#include <QMouseEvent>
#include <benchmark/benchmark.h>

#include "app/charts/sample_data.h"

using namespace monotail;

namespace {

constexpr std::size_t classCount = 8142;
const QSize sizes[] = {{1280, 600}, {2560, 1440}};

/// Norms after that differ from class to class.
struct ScatteredNormChart : NormChart
{};

template <typename Chart>
auto dataFor()
{
    if constexpr (std::is_base_of_v<NormChart, Chart>) {
        auto data = sample::norms(classCount, 40);
        if constexpr (std::is_same_v<Chart, ScatteredNormChart>)
            for (std::size_t slot = 0; slot < classCount; ++slot)
                data.after[slot] = std::sqrt(data.before[slot]);
        return data;
    } else {
        return sample::accuracies(classCount);
    }
}

/// A shown chart with data; every change is painted before the clock stops.
template <typename Chart>
struct Stage
{
    explicit Stage(const benchmark::State& state)
    {
        chart.resize(sizes[state.range(0)]);
        fill(0);
        chart.setHoverText([](std::int64_t classIndex) {
            return QStringLiteral("<b>species %1</b><br>12 images<br>norm 1.234, after 1.111")
                .arg(classIndex);
        });
        chart.show();
        paint();
    }

    void fill(std::size_t step)
    {
        auto data = dataFor<Chart>();
        data.before[step % classCount] += 0.01;
        chart.setData(data);
    }

    static void paint()
    {
        QApplication::sendPostedEvents();
        QApplication::processEvents();
    }

    Chart chart;
};

template <typename Chart>
void panStep(benchmark::State& state)
{
    Stage<Chart> stage(state);
    double at = 0;
    for (auto _ : state) {
        at = at > 4000 ? 0 : at + 13.7;
        stage.chart.showRange({at, at + 4000});
        stage.paint();
    }
}

template <typename Chart>
void zoomStep(benchmark::State& state)
{
    Stage<Chart> stage(state);
    double spare = 0;
    for (auto _ : state) {
        spare = spare > 900 ? 0 : spare + 11.3;
        stage.chart.showRange({spare, classCount - spare});
        stage.paint();
    }
}

template <typename Chart>
void hoverMove(benchmark::State& state)
{
    Stage<Chart> stage(state);
    std::int64_t classIndex = 0;
    for (auto _ : state) {
        classIndex = (classIndex + 37) % static_cast<std::int64_t>(classCount);
        const QPointF at = stage.chart.positionOf(classIndex);
        QMouseEvent move(QEvent::MouseMove, at, at, Qt::NoButton, Qt::NoButton, {});
        QApplication::sendEvent(&stage.chart, &move);
        stage.paint();
    }
}

template <typename Chart>
void dataUpdate(benchmark::State& state)
{
    Stage<Chart> stage(state);
    std::size_t step = 0;
    auto data = dataFor<Chart>();
    for (auto _ : state) {
        data.before[++step % classCount] *= 0.99;
        stage.chart.setData(data);
        stage.paint();
    }
}

template <typename Chart>
void selectionOf4000(benchmark::State& state)
{
    Stage<Chart> stage(state);
    std::vector<std::int64_t> chosen(4000);
    std::int64_t first = 0;
    for (auto _ : state) {
        first = (first + 1) % 100;
        for (std::size_t i = 0; i < chosen.size(); ++i)
            chosen[i] = first + 2 * static_cast<std::int64_t>(i);
        stage.chart.setSelection(chosen);
        stage.paint();
    }
}

template <typename Chart>
void panWithSelection(benchmark::State& state)
{
    Stage<Chart> stage(state);
    std::vector<std::int64_t> chosen(4000);
    for (std::size_t i = 0; i < chosen.size(); ++i)
        chosen[i] = 2 * static_cast<std::int64_t>(i);
    stage.chart.setSelection(chosen);
    double at = 0;
    for (auto _ : state) {
        at = at > 1000 ? 0 : at + 13.7;
        stage.chart.showRange({at, at + 7000});
        stage.paint();
    }
}

template <typename Chart>
void add(const char* name)
{
    const auto each = [&](const char* what, void (*bench)(benchmark::State&)) {
        for (const int size : {0, 1})
            benchmark::RegisterBenchmark((std::string(name) + "/" + what + "/" +
                                          std::to_string(sizes[size].width()) + "x" +
                                          std::to_string(sizes[size].height()))
                                             .c_str(),
                                         bench)
                ->Arg(size)
                ->Unit(benchmark::kMillisecond);
    };
    each("pan", panStep<Chart>);
    each("zoom", zoomStep<Chart>);
    each("hover", hoverMove<Chart>);
    each("data", dataUpdate<Chart>);
    each("select 4000", selectionOf4000<Chart>);
    each("pan, 4000 selected", panWithSelection<Chart>);
}

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication app(argc, argv);
    benchmark::Initialize(&argc, argv);
    add<NormChart>("norm chart");
    add<ScatteredNormChart>("norm chart, every class another norm after");
    add<BeforeAfterChart>("before and after chart");
    benchmark::RunSpecifiedBenchmarks();
}
