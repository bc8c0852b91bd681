// SPDX-License-Identifier: GPL-3.0-or-later
// monotail: the window. With --render it writes the same figures without one.
#include <QApplication>
#include <QIcon>
#include <QLocale>
#include <cstdio>

#include "arguments.h"
#include "base/text.h"
#include "evaluate/torch_engine.h"
#include "render/report.h"
#include "session/session_file.h"
#include "session/settings.h"
#include "views/appearance.h"
#include "views/main_window.h"

using namespace monotail;

namespace {

constexpr int failure = 1;

bool hasDisplay()
{
    return !qEnvironmentVariableIsEmpty("DISPLAY") ||
           !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY") ||
           !qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM");
}

/// Without a window Qt's advice about the desktop is no use to anybody.
void quiet(QtMsgType type, const QMessageLogContext&, const QString& text)
{
    if (type == QtCriticalMsg || type == QtFatalMsg)
        std::fprintf(stderr, "%s\n", qPrintable(text));
}

int render(const Arguments& arguments)
{
    Inputs inputs = arguments.inputs;
    std::optional<Choices> choices = arguments.choices;
    if (!arguments.session.empty()) {
        const SavedSession saved = readSession(arguments.session);
        inputs = saved.inputs;
        choices = saved.choices;
        for (const std::string& line : saved.changed)
            std::fprintf(stderr, "warning: %s\n", line.c_str());
    }
    const Snapshot snapshot = settledSnapshot(inputs, choices, arguments.compute);
    const auto files = writeReport(snapshot, arguments.output, arguments.overwrite);
    std::printf("%zu files written to %s: figures (SVG, PDF, PNG), tables (CSV) and report.html\n",
                files.size(), arguments.output.c_str());
    return 0;
}

int showWindow(const Arguments& arguments)
{
    AppSettings settings;
    applyAppearance(settings.appearance());
    Session session(arguments.compute);
    MainWindow window(session, settings);
    window.show();
    if (!arguments.session.empty())
        window.openPaths({arguments.session});
    else if (!arguments.inputs.checkpoint.empty())
        window.openInputs(arguments.inputs, arguments.choices);
    return QApplication::exec();
}

int run(int argc, char** argv)
{
    const Parsed parsed = parseArguments(argc, argv);
    if (parsed.status)
        return *parsed.status;
    if (parsed.arguments.render) {
        qInstallMessageHandler(quiet);
        qputenv("QT_QPA_PLATFORM", "offscreen");
    } else if (!hasDisplay())
        throw Error("there is no display to open a window on; use --render -o FOLDER for the "
                    "figures, or monotail-cli");
    QLocale::setDefault(QLocale::c()); // "0.5" is typed and read the same everywhere
    int noArguments = 1;               // ours are parsed; Qt's own come from the environment
    QApplication app(noArguments, argv);
    QApplication::setApplicationName(QStringLiteral("monotail"));
    QApplication::setApplicationDisplayName(QStringLiteral("Monotail"));
    QApplication::setApplicationVersion(QStringLiteral(MONOTAIL_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("monotail"));
    QApplication::setStyle(QStringLiteral("Fusion")); // follows the palette everywhere
    return parsed.arguments.render ? render(parsed.arguments) : showWindow(parsed.arguments);
}

} // namespace

int main(int argc, char** argv)
{
    prepareTorchEngine();
    try {
        return run(argc, argv);
    } catch (const std::bad_alloc&) {
        std::fputs("error: out of memory\n", stderr);
    } catch (const std::exception& error) {
        std::fputs(message("error: {}\n", printable(error.what(), 10000)).c_str(), stderr);
    }
    return failure;
}
