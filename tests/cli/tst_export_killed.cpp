// SPDX-License-Identifier: GPL-3.0-or-later
// What an export that dies leaves behind.
#include <QtTest>
#include <chrono>
#include <cmath>
#include <csignal>
#include <fcntl.h>
#include <random>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "checkpoint/new_file.h"
#include "core/checkpoint/flat_checkpoint.h"
#include "support/program.h"

using namespace monotail;
using namespace monotail::test;

namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;

constexpr int kills = 300;

/// The program, started without waiting for it.
class Running
{
public:
    explicit Running(const std::vector<std::string>& arguments)
    {
        std::vector<std::string> words{MONOTAIL_BINARY_DIR "/bin/monotail-cli"};
        words.insert(words.end(), arguments.begin(), arguments.end());
        std::vector<char*> pointers;
        for (std::string& word : words)
            pointers.push_back(word.data());
        pointers.push_back(nullptr);
        posix_spawn_file_actions_t quiet;
        ::posix_spawn_file_actions_init(&quiet);
        for (const int output : {1, 2})
            ::posix_spawn_file_actions_addopen(&quiet, output, "/dev/null", O_WRONLY, 0);
        if (::posix_spawn(&m_process, pointers[0], &quiet, nullptr, pointers.data(), environ) != 0)
            throw Error("the program cannot be started");
        ::posix_spawn_file_actions_destroy(&quiet);
    }
    ~Running()
    {
        if (!m_hasEnded)
            kill();
    }
    bool hasEnded()
    {
        m_hasEnded = m_hasEnded || ::waitpid(m_process, &m_status, WNOHANG) == m_process;
        return m_hasEnded;
    }
    /// Whether it was still running.
    bool kill()
    {
        if (!m_hasEnded)
            ::kill(m_process, SIGKILL);
        wait();
        return WIFSIGNALED(m_status);
    }
    int wait()
    {
        if (!m_hasEnded)
            ::waitpid(m_process, &m_status, 0);
        m_hasEnded = true;
        return WIFEXITED(m_status) ? WEXITSTATUS(m_status) : -1;
    }

private:
    pid_t m_process = 0;
    int m_status = 0;
    bool m_hasEnded = false;
};

} // namespace

class ExportKilledTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_root;
    std::string m_source;                          ///< the checkpoint's bytes
    std::string m_target;                          ///< of an undisturbed export
    std::string m_provenance;                      ///< of the same
    microseconds m_duration = microseconds::max(); ///< of the quickest run

    fs::path folder() const { return fs::path(m_root.path().toStdString()) / "work"; }
    fs::path source() const { return folder() / "source.pth"; }
    fs::path target() const { return folder() / "target.pth"; }
    fs::path provenance() const { return folder() / "target.pth.provenance.json"; }
    std::vector<std::string> arguments() const
    {
        return {"export", source(), "--counts", folder() / "counts.csv", "-o", target()};
    }

    /// A head of 10 classes on 3 MB of other weights.
    void writeSource() const
    {
        const auto numbers = [](std::size_t count) {
            std::vector<double> values(count);
            for (std::size_t i = 0; i < count; ++i)
                values[i] = std::sin(static_cast<double>(i)); // never two the same
            return values;
        };
        NewFile content;
        content.tensors = {
            {"conv.weight", DType::Float32, {256, 3072}, nullptr, numbers(256 * 3072)},
            {"fc.weight", DType::Float32, {10, 64}, nullptr, numbers(640)},
            {"fc.bias", DType::Float32, {10}, nullptr, numbers(10)}};
        writeNewFile(Checkpoint(), content, source(), Overwrite::Refuse);
        std::string counts = "index,count\n";
        for (int i = 0; i < 10; ++i)
            counts += std::to_string(i) + "," + std::to_string(1000 >> i) + "\n";
        writeBytes(folder() / "counts.csv", counts);
    }

    /// Everything that may be in the folder is whole; what came of the run is removed.
    bool isSound(bool& isInPlace)
    {
        isInPlace = fs::exists(target());
        const bool hasRecord = fs::exists(provenance());
        std::set<std::string> expected{"counts.csv", "source.pth"};
        if (isInPlace)
            expected.insert("target.pth");
        if (hasRecord)
            expected.insert("target.pth.provenance.json");
        const bool isWhole = namesIn(folder()) == expected && (isInPlace || !hasRecord) &&
                             readText(source()) == m_source &&
                             (!isInPlace || readText(target()) == m_target) &&
                             (!hasRecord || readText(provenance()) == m_provenance);
        fs::remove(target());
        fs::remove(provenance());
        return isWhole;
    }

private Q_SLOTS:
    void initTestCase()
    {
        fs::create_directory(folder());
        writeSource();
        m_source = readText(source());
        for (int i = 0; i < 5; ++i) {
            fs::remove(target());
            fs::remove(provenance());
            const auto start = Clock::now();
            QCOMPARE(Running(arguments()).wait(), 0);
            m_duration = std::min(m_duration,
                                  std::chrono::duration_cast<microseconds>(Clock::now() - start));
        }
        m_target = readText(target());
        m_provenance = readText(provenance());
        QCOMPARE(m_target.size(), m_source.size());
        QVERIFY(m_target != m_source);
        fs::remove(target());
        fs::remove(provenance());
    }

    void killedAtAnyInstantTheTargetIsAbsentOrWhole()
    {
        std::mt19937 random(20240229);
        std::uniform_int_distribution<std::int64_t> instant(0, m_duration.count());
        int before = 0;
        int after = 0;
        for (int i = 0; i < kills; ++i) {
            const microseconds delay(instant(random));
            Running program(arguments());
            // Every sixth dies in the short time after the target appeared.
            while (i % 6 == 0 && !fs::exists(target()) && !program.hasEnded()) {
            }
            const auto start = Clock::now();
            while (Clock::now() - start < (i % 6 == 0 ? delay / 32 : delay)) {
            }
            const bool wasRunning = program.kill();
            bool isInPlace = false;
            QVERIFY2(isSound(isInPlace), qPrintable(QString("kill %1").arg(i)));
            before += wasRunning && !isInPlace;
            after += wasRunning && isInPlace;
        }
        qInfo("of %d runs %d died before the target was in place, %d after", kills, before, after);
        QVERIFY(before > 0);
        QVERIFY(after > 0);
    }

    void aFileSizeLimitGivesASentenceAndLeavesNothing()
    {
        QProcess program;
        program.setChildProcessModifier([] {
            const rlimit limit{100000, 100000};
            ::setrlimit(RLIMIT_FSIZE, &limit);
        });
        QStringList words;
        for (const std::string& argument : arguments())
            words << QString::fromStdString(argument);
        program.start(MONOTAIL_BINARY_DIR "/bin/monotail-cli", words);
        QVERIFY(program.waitForFinished(60000));
        QCOMPARE(program.exitStatus(), QProcess::NormalExit);
        QCOMPARE(program.exitCode(), 1);
        const std::string errors = program.readAllStandardError().toStdString();
        QVERIFY2(errors.find("error: " + target().string() + ": cannot write: File too large\n") !=
                     std::string::npos,
                 errors.c_str());
        bool isInPlace = true;
        QVERIFY(isSound(isInPlace));
        QVERIFY(!isInPlace);
    }

    void anUnwritableTargetGivesASentenceAndLeavesNothing()
    {
        const fs::path path = source() / "target.pth"; // root may write anywhere but here
        const Outcome outcome = runProgram({"export", source().c_str(), "--counts",
                                            (folder() / "counts.csv").c_str(), "-o", path.c_str()});
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.errors.contains("error: ") && outcome.errors.contains(path.c_str()) &&
                     outcome.errors.contains("Not a directory"),
                 qPrintable(outcome.errors));
        bool isInPlace = true;
        QVERIFY(isSound(isInPlace));
        QVERIFY(!isInPlace);
    }
};

QTEST_APPLESS_MAIN(ExportKilledTest)
#include "tst_export_killed.moc"
