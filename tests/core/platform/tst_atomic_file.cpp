// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "platform/atomic_file.h"
#include "support/shared_material.h"

using namespace monotail;
using test::errorOf;
using test::readText;

namespace fs = std::filesystem;

Q_DECLARE_METATYPE(Staging)

namespace {

std::set<std::string> namesIn(const fs::path& folder)
{
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
        names.insert(entry.path().filename().string());
    return names;
}

void put(const fs::path& path, std::string_view text)
{
    std::ofstream(path, std::ios::binary) << text;
}

mode_t modeOf(const fs::path& path)
{
    struct stat info
    {};
    return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 0777 : 0;
}

bool fileSizeSignalIsPending()
{
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, SIGXFSZ) == 1;
}

/// The soft limit on file sizes, put back at the end of the scope.
class FileSizeLimit
{
public:
    explicit FileSizeLimit(rlim_t bytes)
    {
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        rlimit limit = m_before;
        limit.rlim_cur = bytes;
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &m_before); }

private:
    rlimit m_before{};
};

constexpr std::size_t pieces = 24;
constexpr std::size_t pieceBytes = 1 << 20;

/// Runs in the child: no Qt, no exception may leave.
[[noreturn]] void writeForever(const fs::path& target, Overwrite overwrite, Staging staging)
{
    try {
        const std::string piece(pieceBytes, 'n');
        AtomicFile file(target, overwrite, staging);
        for (std::size_t i = 0; i < pieces; ++i)
            file.append(piece);
        file.commit();
    } catch (...) {
        ::_exit(1);
    }
    ::_exit(0);
}

/// Lets a child write `target` and kills it after `delay` microseconds.
bool killedAfter(useconds_t delay, const fs::path& target, Overwrite overwrite, Staging staging)
{
    const pid_t child = ::fork();
    if (child == 0)
        writeForever(target, overwrite, staging);
    ::usleep(delay);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status);
}

bool isWholeNew(const fs::path& target)
{
    return fs::file_size(target) == pieces * pieceBytes &&
           readText(target) == std::string(pieces * pieceBytes, 'n');
}

} // namespace

class AtomicFileTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_root;
    int m_count = 0;

    /// A fresh folder for one test.
    fs::path folder()
    {
        const fs::path path = fs::path(m_root.path().toStdString()) / std::to_string(m_count++);
        fs::create_directory(path);
        return path;
    }

    static void stagings()
    {
        QTest::addColumn<Staging>("staging");
        QTest::newRow("unnamed file") << Staging::Unnamed;
        QTest::newRow("named file, as where O_TMPFILE is missing") << Staging::Named;
    }

private Q_SLOTS:
    void theTargetAppearsWithCommitAndNotBefore_data() { stagings(); }
    void theTargetAppearsWithCommitAndNotBefore()
    {
        QFETCH(Staging, staging);
        const fs::path target = folder() / "a.bin";
        AtomicFile file(target, Overwrite::Refuse, staging);
        file.append("hello world");
        file.append("!");
        file.writeAt(0, std::as_bytes(std::span("J", 1)));
        std::array<std::byte, 5> start{};
        file.readAt(0, start);
        QCOMPARE(std::memcmp(start.data(), "Jello", 5), 0);
        QVERIFY(!fs::exists(target));
        file.commit();
        QCOMPARE(readText(target), std::string("Jello world!"));
        QCOMPARE(namesIn(target.parent_path()), std::set<std::string>{"a.bin"});
    }

    void anUnnamedFileHasNoNameWhileItIsWritten()
    {
        const fs::path target = folder() / "a.bin";
        AtomicFile file(target, Overwrite::Refuse);
        file.append("hello");
        QVERIFY(namesIn(target.parent_path()).empty());
    }

    void withoutCommitNothingIsLeftBehind_data() { stagings(); }
    void withoutCommitNothingIsLeftBehind()
    {
        QFETCH(Staging, staging);
        const fs::path target = folder() / "a.bin";
        {
            AtomicFile file(target, Overwrite::Refuse, staging);
            file.append("hello");
        }
        QVERIFY(namesIn(target.parent_path()).empty());
    }

    void anExistingTargetIsRefused()
    {
        const fs::path target = folder() / "a.bin";
        put(target, "old");
        const std::string error = errorOf([&] { AtomicFile file(target, Overwrite::Refuse); });
        QCOMPARE(error, target.string() + " exists already; use --force to replace it");
        QCOMPARE(readText(target), std::string("old"));
        QCOMPARE(namesIn(target.parent_path()), std::set<std::string>{"a.bin"});
    }

    void aTargetThatAppearsMeanwhileIsRefused_data() { stagings(); }
    void aTargetThatAppearsMeanwhileIsRefused()
    {
        QFETCH(Staging, staging);
        const fs::path target = folder() / "a.bin";
        std::string error;
        {
            AtomicFile file(target, Overwrite::Refuse, staging);
            file.append("new");
            put(target, "another's");
            error = errorOf([&] { file.commit(); });
        }
        QCOMPARE(error, target.string() + " exists already; use --force to replace it");
        QCOMPARE(readText(target), std::string("another's"));
        QCOMPARE(namesIn(target.parent_path()), std::set<std::string>{"a.bin"});
    }

    void replacingKeepsTheOldFileUntilCommit_data() { stagings(); }
    void replacingKeepsTheOldFileUntilCommit()
    {
        QFETCH(Staging, staging);
        const fs::path target = folder() / "a.bin";
        put(target, "old");
        ::chmod(target.c_str(), 0640);
        {
            AtomicFile abandoned(target, Overwrite::Replace, staging);
            abandoned.append("never seen");
        }
        QCOMPARE(readText(target), std::string("old"));
        AtomicFile file(target, Overwrite::Replace, staging);
        file.append("new");
        QCOMPARE(readText(target), std::string("old"));
        file.commit();
        QCOMPARE(readText(target), std::string("new"));
        QCOMPARE(modeOf(target), mode_t(0640));
        QCOMPARE(namesIn(target.parent_path()), std::set<std::string>{"a.bin"});
    }

    void replacingNeedsNoOldFile_data() { stagings(); }
    void replacingNeedsNoOldFile()
    {
        QFETCH(Staging, staging);
        const fs::path target = folder() / "a.bin";
        AtomicFile file(target, Overwrite::Replace, staging);
        file.append("new");
        file.commit();
        QCOMPARE(readText(target), std::string("new"));
        QCOMPARE(namesIn(target.parent_path()), std::set<std::string>{"a.bin"});
    }

    void aNewFileHonoursTheUmask_data() { stagings(); }
    void aNewFileHonoursTheUmask()
    {
        QFETCH(Staging, staging);
        const fs::path target = folder() / "a.bin";
        const mode_t before = ::umask(027);
        {
            AtomicFile file(target, Overwrite::Refuse, staging);
            file.commit();
        }
        ::umask(before);
        QCOMPARE(modeOf(target), mode_t(0640));
    }

    void aSymbolicLinkIsFollowedAndStays()
    {
        const fs::path place = folder();
        fs::create_directory(place / "real");
        put(place / "real/a.bin", "old");
        fs::create_symlink("real/a.bin", place / "link.bin");
        fs::create_symlink("link.bin", place / "link to link.bin");
        AtomicFile file(place / "link to link.bin", Overwrite::Replace);
        file.append("new");
        file.commit();
        QCOMPARE(readText(place / "real/a.bin"), std::string("new"));
        QVERIFY(fs::is_symlink(place / "link.bin") && fs::is_symlink(place / "link to link.bin"));
        QCOMPARE(namesIn(place / "real"), std::set<std::string>{"a.bin"});
    }

    void aLinkToNothingBringsItsTargetIntoBeing()
    {
        const fs::path place = folder();
        fs::create_symlink("a.bin", place / "link.bin");
        AtomicFile file(place / "link.bin", Overwrite::Refuse);
        file.append("new");
        file.commit();
        QCOMPARE(readText(place / "a.bin"), std::string("new"));
        QVERIFY(fs::is_symlink(place / "link.bin"));
    }

    void badTargetsAreRefusedWithPathAndReason_data()
    {
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("reason");
        QTest::newRow("a folder") << "sub"
                                  << "this is a folder, not a file";
        QTest::newRow("a folder with a slash") << "sub/"
                                               << "this is a folder, not a file";
        QTest::newRow("a missing folder with a slash") << "none/"
                                                       << "this names no file";
        QTest::newRow("a link that leads to itself") << "loop"
                                                     << "Too many levels of symbolic links";
        QTest::newRow("below a regular file") << "plain/a.bin"
                                              << "Not a directory";
        QTest::newRow("a device") << "/dev/full"
                                  << "this is not a regular file";
        QTest::newRow("a FIFO") << "fifo"
                                << "this is not a regular file";
        QTest::newRow("a name that is too long") << QString(256, 'a') << "File name too long";
    }
    void badTargetsAreRefusedWithPathAndReason()
    {
        QFETCH(QString, target);
        QFETCH(QString, reason);
        const fs::path place = folder();
        fs::create_directory(place / "sub");
        put(place / "plain", "x");
        fs::create_symlink("loop", place / "loop");
        ::mkfifo((place / "fifo").c_str(), 0600);
        const fs::path path = place / target.toStdString();
        const std::set<std::string> before = namesIn(place);
        const std::string error = errorOf([&] {
            AtomicFile file(path, Overwrite::Replace);
            file.commit();
        });
        QCOMPARE(error, path.string() + ": cannot write: " + reason.toStdString());
        QCOMPARE(namesIn(place), before);
        QVERIFY(namesIn(place / "sub").empty());
    }

    void aMissingFolderIsNamed_data() { stagings(); }
    void aMissingFolderIsNamed()
    {
        QFETCH(Staging, staging);
        const fs::path parent = folder() / "none";
        const fs::path target = parent / "a.bin";
        const std::string error =
            errorOf([&] { AtomicFile file(target, Overwrite::Refuse, staging); });
        QCOMPARE(error, target.string() + ": cannot write: the folder " + parent.string() +
                            " does not exist");
    }

    void aFileSizeLimitIsAnErrorAndNotASignal_data() { stagings(); }
    void aFileSizeLimitIsAnErrorAndNotASignal()
    {
        QFETCH(Staging, staging);
        const fs::path target = folder() / "a.bin";
        std::string error;
        {
            const FileSizeLimit limit(100000);
            AtomicFile file(target, Overwrite::Refuse, staging);
            file.append(std::string(99999, 'x'));
            // One byte still fits: a short write comes before the failure.
            error = errorOf([&] { file.append("xyz"); });
        }
        QCOMPARE(error, target.string() + ": cannot write: File too large");
        QVERIFY(namesIn(target.parent_path()).empty());
        QVERIFY(!fileSizeSignalIsPending());
        struct sigaction action
        {};
        ::sigaction(SIGXFSZ, nullptr, &action);
        QVERIFY(action.sa_handler == SIG_DFL);
        sigset_t mask;
        pthread_sigmask(SIG_BLOCK, nullptr, &mask);
        QCOMPARE(sigismember(&mask, SIGXFSZ), 0);
    }

    void readingBackTooMuchIsAnError()
    {
        const fs::path target = folder() / "a.bin";
        AtomicFile file(target, Overwrite::Refuse);
        file.append("abc");
        std::array<std::byte, 4> four{};
        QCOMPARE(errorOf([&] { file.readAt(0, four); }),
                 target.string() + ": cannot read back what was written: the file is shorter");
    }

    void staleOwnedNamesAreRemovedAndLiveOnesStay()
    {
        const fs::path place = folder();
        const std::string stale = ".monotail-0123456789abcdef.part";
        const std::string live = ".monotail-fedcba9876543210.part";
        const std::string others[] = {".monotail-0123456789abcdeg.part", ".monotail-01.part",
                                      "monotail-0123456789abcdef.part"};
        put(place / stale, "x");
        put(place / live, "x");
        for (const std::string& other : others)
            put(place / other, "x");
        const int descriptor = ::open((place / live).c_str(), O_RDWR);
        QCOMPARE(::flock(descriptor, LOCK_EX), 0);
        writeTextFile(place / "a.txt", "new", Overwrite::Refuse);
        ::close(descriptor);
        QCOMPARE(namesIn(place),
                 (std::set<std::string>{live, others[0], others[1], others[2], "a.txt"}));
    }

    void anotherWriterInTheFolderIsLeftAlone()
    {
        const fs::path place = folder();
        AtomicFile first(place / "a.bin", Overwrite::Refuse, Staging::Named);
        first.append("first");
        AtomicFile second(place / "b.bin", Overwrite::Refuse, Staging::Named);
        second.append("second");
        first.commit();
        second.commit();
        QCOMPARE(readText(place / "a.bin"), std::string("first"));
        QCOMPARE(readText(place / "b.bin"), std::string("second"));
    }

    void aKillBeforeCommitLeavesWhatALaterRunRemoves_data() { stagings(); }
    void aKillBeforeCommitLeavesWhatALaterRunRemoves()
    {
        QFETCH(Staging, staging);
        const fs::path place = folder();
        const pid_t child = ::fork();
        if (child == 0) {
            AtomicFile file(place / "a.bin", Overwrite::Refuse, staging);
            file.append("half of it");
            ::kill(::getpid(), SIGKILL);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        QVERIFY(WIFSIGNALED(status));
        QVERIFY(!fs::exists(place / "a.bin"));
        QCOMPARE(namesIn(place).size(), std::size_t(staging == Staging::Named ? 1 : 0));
        writeTextFile(place / "b.txt", "next", Overwrite::Refuse);
        QCOMPARE(namesIn(place), std::set<std::string>{"b.txt"});
    }

    void aKillLeavesNoFileOrAWholeOne()
    {
        const fs::path target = folder() / "a.bin";
        int kills = 0;
        for (useconds_t delay = 0; delay < 100000; delay = delay * 5 / 4 + 1000) {
            kills += killedAfter(delay, target, Overwrite::Refuse, Staging::Unnamed);
            const std::set<std::string> names = namesIn(target.parent_path());
            QVERIFY(names.empty() || names == std::set<std::string>{"a.bin"});
            if (!names.empty())
                QVERIFY(isWholeNew(target));
            fs::remove(target);
        }
        QVERIFY(kills > 0);
    }

    void aKillWhileReplacingLeavesTheOldFileOrTheNewOne_data() { stagings(); }
    void aKillWhileReplacingLeavesTheOldFileOrTheNewOne()
    {
        QFETCH(Staging, staging);
        const fs::path target = folder() / "a.bin";
        int kills = 0;
        for (useconds_t delay = 0; delay < 100000; delay = delay * 5 / 4 + 1000) {
            put(target, "old");
            kills += killedAfter(delay, target, Overwrite::Replace, staging);
            QVERIFY(readText(target) == "old" || isWholeNew(target));
        }
        QVERIFY(kills > 0);
        // What the last kills may have left goes with the next run.
        writeTextFile(target, "next", Overwrite::Replace);
        QCOMPARE(namesIn(target.parent_path()), std::set<std::string>{"a.bin"});
    }
};

QTEST_APPLESS_MAIN(AtomicFileTest)
#include "tst_atomic_file.moc"
