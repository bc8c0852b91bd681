// SPDX-License-Identifier: GPL-3.0-or-later
// The walls of the house, as statements about the sources themselves.

#include <QFile>
#include <QRegularExpression>
#include <QtTest>
#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

struct Wall
{
    const char* name;
    QRegularExpression forbidden;      // in a line, or in an include
    std::vector<std::string> inside;   // folders of the project it holds in
    std::vector<std::string> openings; // folders and files in them where it does not
};

// The name between the brackets or quotes of an include.
const QString include = "^\\s*#\\s*include\\s*[<\"]";
const QRegularExpression qtInclude(include + "(Q[A-Z]|Qt|qt|q[a-z]+\\.h)");
const QRegularExpression torchInclude(include + "(torch|ATen|c10|caffe2)/");
const QRegularExpression
    qtChartsInclude(include + "(QtCharts|Q[A-Za-z]*(Chart|Axis|Series)|QBarSet|QLegend)");
const QRegularExpression systemInclude(include + "(sys/|unistd\\.h|fcntl\\.h|windows\\.h|io\\.h)");
const QRegularExpression imageInclude(include + "(jpeglib|turbojpeg|png)\\.h");
const QRegularExpression
    printing("#\\s*include\\s*<iostream>|std::(cout|cerr|clog)\\b|\\b(f?printf|puts)\\(");
const QRegularExpression exiting("\\b(exit|_exit|quick_exit|abort|terminate)\\(");

const std::vector<Wall>& walls()
{
    static const std::vector<Wall> all{
        {"no Qt in the core", qtInclude, {"core"}, {}},
        {"LibTorch only in core/torch", torchInclude, {"core", "app"}, {"core/torch"}},
        {"image codecs only in core/images", imageInclude, {"core", "app"}, {"core/images"}},
        {"the operating system only in core/platform", systemInclude, {"core"}, {"core/platform"}},
        {"no Qt in the command line", qtInclude, {"app/cli"}, {}},
        {"Qt Charts only in app/charts", qtChartsInclude, {"app"}, {"app/charts"}},
        {"the core never prints", printing, {"core"}, {}},
        {"the core never exits", exiting, {"core"}, {}},
    };
    return all;
}

bool isSource(const fs::path& path)
{
    static const std::set<std::string> endings{".h", ".hpp", ".cpp", ".cc", ".cxx", ".in"};
    return endings.contains(path.extension().string());
}

bool isWithin(const std::string& path, const std::vector<std::string>& places)
{
    return std::any_of(places.begin(), places.end(), [&](const std::string& place) {
        return path == place || path.starts_with(place + "/");
    });
}

/// The sources, by their path in the project, for which the wall holds.
std::vector<std::string> sourcesBehind(const Wall& wall)
{
    const fs::path root = MONOTAIL_SOURCE_DIR;
    std::vector<std::string> sources;
    for (const std::string& folder : wall.inside) {
        if (!fs::exists(root / folder)) // a room that is not built yet
            continue;
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            std::string path = entry.path().lexically_relative(root).generic_string();
            if (isSource(path) && !isWithin(path, wall.openings))
                sources.push_back(std::move(path));
        }
    }
    return sources;
}

/// "file:line: text" for every line that breaks the wall.
QStringList breaches(const Wall& wall)
{
    QStringList found;
    for (const std::string& source : sourcesBehind(wall)) {
        QFile file(QString(MONOTAIL_SOURCE_DIR "/") + QString::fromStdString(source));
        if (!file.open(QIODevice::ReadOnly))
            return {file.fileName() + ": " + file.errorString()};
        const QStringList lines = QString::fromUtf8(file.readAll()).split('\n');
        for (qsizetype i = 0; i < lines.size(); ++i) {
            const QString code = lines[i].section("//", 0, 0); // a comment may name anything
            if (wall.forbidden.match(code).hasMatch())
                found << QString("%1:%2: %3").arg(source.c_str()).arg(i + 1).arg(code.trimmed());
        }
    }
    return found;
}

} // namespace

class WallsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wallStands_data();
    void wallStands();
    void breachIsSeen_data();
    void breachIsSeen();
    void topLevelHoldsOnlyWhatIsAgreed();
};

void WallsTest::wallStands_data()
{
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < walls().size(); ++i)
        QTest::addRow("%s", walls()[i].name) << int(i);
}

void WallsTest::wallStands()
{
    QFETCH(int, index);
    QCOMPARE(breaches(walls()[std::size_t(index)]).join("; "), QString());
}

void WallsTest::breachIsSeen_data()
{
    QTest::addColumn<QString>("wall");
    QTest::addColumn<QString>("line");
    QTest::addColumn<bool>("seen");
    QTest::addRow("a Qt class") << "no Qt in the core"
                                << "#include <QString>" << true;
    QTest::addRow("a Qt module") << "no Qt in the core"
                                 << "#include <QtCore/QString>" << true;
    QTest::addRow("a Qt file name") << "no Qt in the core"
                                    << "# include <qglobal.h>" << true;
    QTest::addRow("a standard header") << "no Qt in the core"
                                       << "#include <queue>" << false;
    QTest::addRow("LibTorch") << "LibTorch only in core/torch"
                              << "#include <torch/torch.h>" << true;
    QTest::addRow("ATen") << "LibTorch only in core/torch"
                          << "#include \"ATen/ATen.h\"" << true;
    QTest::addRow("a header of ours that names torch")
        << "LibTorch only in core/torch"
        << "#include \"evaluate/torch_engine.h\"" << false;
    QTest::addRow("a chart") << "Qt Charts only in app/charts"
                             << "#include <QChartView>" << true;
    QTest::addRow("a series") << "Qt Charts only in app/charts"
                              << "#include <QLineSeries>" << true;
    QTest::addRow("a label") << "Qt Charts only in app/charts"
                             << "#include <QLabel>" << false;
    QTest::addRow("mmap") << "the operating system only in core/platform"
                          << "#include <sys/mman.h>" << true;
    QTest::addRow("a stream") << "the core never prints"
                              << "    std::cerr << text;" << true;
    QTest::addRow("a C stream") << "the core never prints"
                                << "    printf(\"x\");" << true;
    QTest::addRow("a text buffer") << "the core never prints"
                                   << "    snprintf(b, 9, \"x\");" << false;
    QTest::addRow("a call of exit") << "the core never exits"
                                    << "    std::exit(1);" << true;
    QTest::addRow("a zip file's end") << "the core never exits"
                                      << "    findExit(1);" << false;
}

void WallsTest::breachIsSeen()
{
    QFETCH(QString, wall);
    QFETCH(QString, line);
    QFETCH(bool, seen);
    const auto it = std::find_if(walls().begin(), walls().end(),
                                 [&](const Wall& candidate) { return wall == candidate.name; });
    QVERIFY(it != walls().end());
    QCOMPARE(it->forbidden.match(line).hasMatch(), seen);
}

void WallsTest::topLevelHoldsOnlyWhatIsAgreed()
{
    const std::set<std::string> agreed{"app",   "core",           "resources",
                                       "tests", "CMakeLists.txt", "README.md"};
    // What a build or an editor leaves there, as .gitignore has it.
    const QRegularExpression left(
        "^(build.*|CMakeUserPresets\\.json|compile_commands\\.json|__pycache__)$");
    QStringList others;
    for (const auto& entry : fs::directory_iterator(MONOTAIL_SOURCE_DIR)) {
        const std::string name = entry.path().filename().string();
        const QString text = QString::fromStdString(name);
        if (!text.startsWith('.') && !agreed.contains(name) && !left.match(text).hasMatch())
            others << text;
    }
    QCOMPARE(others.join("; "), QString());
}

QTEST_APPLESS_MAIN(WallsTest)
#include "tst_walls.moc"
