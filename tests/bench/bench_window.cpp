// SPDX-License-Identifier: GPL-3.0-or-later
// From a move of the tau slider to the painted frame: norm chart, class table and group bars, drawn
// without a display. "chart": the norm chart alone, which does not wait for the evaluation. "all":
// every sample has been evaluated anew and everything is painted.
#include <QtWidgets>
#include <algorithm>
#include <benchmark/benchmark.h>
#include <chrono>
#include <memory>

#include "charts/group_chart.h"
#include "charts/norm_chart.h"
#include "session/demo.h"
#include "session/session.h"
#include "session/settings.h"
#include "support/made_problem.h"
#include "views/class_panel.h"
#include "views/main_window.h"

using namespace monotail;

namespace {

/// Counts the paint events of a widget and all in it.
class PaintCount : public QObject
{
public:
    explicit PaintCount(QWidget& widget)
    {
        widget.installEventFilter(this);
        for (QWidget* inner : widget.findChildren<QWidget*>())
            inner->installEventFilter(this);
    }
    int count = 0;

protected:
    bool eventFilter(QObject*, QEvent* event) override
    {
        count += event->type() == QEvent::Paint ? 1 : 0;
        return false;
    }
};

class OpenWindow
{
public:
    explicit OpenWindow(const Inputs& inputs)
    {
        m_window.resize(1680, 1050);
        m_window.show();
        Choices choices;
        choices.method = MethodKind::Tau;
        m_session.open(inputs, choices);
        waitUntil([this] {
            const Snapshot& now = m_session.snapshot();
            return now.accuracy && now.accuracy->settled && now.methods &&
                   !m_session.jobs().isBusy();
        });
        m_slider = m_window.findChild<QSlider*>(QStringLiteral("slider"));
        QWidget* watched[] = {m_window.findChild<NormChart*>(), m_window.findChild<GroupChart*>(),
                              m_window.findChild<ClassPanel*>()->findChild<QTableView*>()};
        for (std::size_t i = 0; i < 3; ++i)
            m_painted[i] = std::make_unique<PaintCount>(*watched[i]);
        QMetaObject::invokeMethod(m_slider, "sliderPressed");
    }

    /// One step of the slider, to and fro.
    void move()
    {
        for (const auto& painted : m_painted)
            painted->count = 0;
        m_at = m_at == 60 ? 61 : 60;
        m_slider->setValue(m_at);
    }
    void waitForChart()
    {
        waitUntil([this] { return m_painted[0]->count > 0; });
    }
    void waitForAll()
    {
        waitUntil([this] {
            const Snapshot& now = m_session.snapshot();
            return now.accuracy->rescaling.scale == now.rescaling->scale &&
                   m_painted[0]->count > 0 && m_painted[1]->count > 0 && m_painted[2]->count > 0;
        });
    }

private:
    template <typename Condition>
    static void waitUntil(Condition condition)
    {
        while (!condition())
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }

    QTemporaryDir m_folder;
    AppSettings m_settings{m_folder.filePath(QStringLiteral("settings.ini"))};
    Session m_session;
    MainWindow m_window{m_session, m_settings};
    QSlider* m_slider = nullptr;
    std::unique_ptr<PaintCount> m_painted[3];
    int m_at = 100;
};

Inputs madeInputs(const QTemporaryDir& folder, std::int64_t classes, std::int64_t samplesPerClass)
{
    test::MadeOptions options;
    options.samplesPerClass = samplesPerClass;
    const test::MadeProblem made =
        test::writeProblem(folder.path().toStdString(), classes, options);
    return {made.checkpoint, made.counts, made.data, {}, {}};
}

enum class Until { Chart, All };

/// The window of the last problem: opening one, with all that is studied in the background, may
/// take more than a minute.
class Stage
{
public:
    OpenWindow& show(const Inputs& inputs)
    {
        if (!m_window || m_checkpoint != inputs.checkpoint) {
            m_window.reset();
            m_window = std::make_unique<OpenWindow>(inputs);
            m_checkpoint = inputs.checkpoint;
        }
        return *m_window;
    }

private:
    std::unique_ptr<OpenWindow> m_window;
    std::string m_checkpoint;
};

void move(benchmark::State& state, OpenWindow& window, Until until)
{
    std::vector<double> times; // milliseconds
    for (auto _ : state) {
        const auto begin = std::chrono::steady_clock::now();
        window.move();
        if (until == Until::Chart)
            window.waitForChart();
        else
            window.waitForAll();
        const std::chrono::duration<double, std::milli> took =
            std::chrono::steady_clock::now() - begin;
        times.push_back(took.count());
        state.SetIterationTime(took.count() / 1000);
        window.waitForAll();
    }
    std::sort(times.begin(), times.end());
    state.counters["median_ms"] = times[times.size() / 2];
    state.counters["p95_ms"] = times[times.size() * 95 / 100];
}

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    QApplication::setStyle(QStringLiteral("Fusion"));
    benchmark::Initialize(&argc, argv);
    Stage stage;
    QTemporaryDir thousand, fifty, many;
    const std::pair<std::string, Inputs> problems[] = {
        {"demo", demoInputs("stage1")},
        {"10000x1000", madeInputs(thousand, 1000, 10)},
        {"50000x1000", madeInputs(fifty, 1000, 50)},
        {"24426x8142", madeInputs(many, 8142, 3)}};
    for (const auto& [name, inputs] : problems)
        for (const auto& [part, until] :
             {std::pair{"chart", Until::Chart}, std::pair{"all", Until::All}})
            benchmark::RegisterBenchmark(
                ("window/tau/" + name + "/" + part).c_str(),
                [&stage, inputs = inputs, until = until](benchmark::State& state) {
                    move(state, stage.show(inputs), until);
                })
                ->Unit(benchmark::kMillisecond)
                ->UseManualTime()
                ->MinTime(2);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
