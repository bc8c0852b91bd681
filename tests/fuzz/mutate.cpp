// SPDX-License-Identifier: GPL-3.0-or-later
// Opens damaged copies of real checkpoints and sees that each gives a checkpoint or a sentence,
// within 2 s of computing and 1 GiB. Not part of the tests: it is run by hand, for minutes or
// hours.
//
//   build/tests/mutate [--count N] [--seed S] [--save FOLDER] FILE...
//
// N copies of the files in turn (10,000), each changed by mutations.h from its own seed, so that
// the same arguments make the same copies. Every one is opened in a process of its own, forked off
// this one: the catalogue, the digest of every tensor, the head candidates, and what an export of
// the first three would write. Prints how many opened, how many gave a sentence, and each that did
// neither: CRASH (a signal, or an exception that is no Error), HANG, MEMORY. Those are saved in
// FOLDER (".") as CRASH-<number>. Exit status 1 if there is one.
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <map>

#include "base/text.h"
#include "fuzz_use.h"
#include "mutations.h"

using namespace monotail;

namespace {

constexpr unsigned secondsAllowed = 2;
constexpr long kilobytesAllowed = 1 << 20;
/// Far more than allowed, but less than would bring down the machine. AddressSanitizer's shadow is
/// larger from the start, and has its own limit (ASAN_OPTIONS=hard_rss_limit_mb).
#ifdef __SANITIZE_ADDRESS__
constexpr rlim_t heapLimit = RLIM_INFINITY;
#else
constexpr rlim_t heapLimit = rlim_t{4} << 30;
#endif

enum class Outcome { Opened, Sentence, Crash, Hang, Memory };

const char* nameOf(Outcome outcome)
{
    constexpr const char* names[] = {"opened", "sentence", "CRASH", "HANG", "MEMORY"};
    return names[static_cast<int>(outcome)];
}

struct Request
{
    std::uint64_t count = 10'000;
    std::uint64_t seed = 1;
    std::filesystem::path folder = ".";
    std::vector<fuzz::Specimen> specimens;
};

std::vector<std::byte> mutated(const Request& request, std::uint64_t number)
{
    Random random(request.seed * 1'000'000'007 + number);
    const auto& specimens = request.specimens;
    const fuzz::Specimen& specimen = specimens[number % specimens.size()];
    std::vector<std::byte> bytes = specimen.bytes;
    fuzz::mutate(bytes, specimen, specimens[random.below(specimens.size())], random);
    return bytes;
}

/// What the program does with a checkpoint; the exit status of the process that it runs in.
int openAndUse(std::vector<std::byte> bytes)
{
    constexpr int opened = 0, sentence = 1, outOfMemory = 2, otherException = 3;
    try {
        const auto checkpoint = openCheckpoint(MappedFile::fromBytes("mutated", std::move(bytes)));
        for (const Tensor& tensor : checkpoint->tensors)
            fuzz::attempt([&] { tensorDigest(*checkpoint, tensor); });
        fuzz::useHeads(*checkpoint, {std::int64_t{1} << 40, 3});
        return opened;
    } catch (const Error&) {
        return sentence;
    } catch (const std::bad_alloc&) {
        return outOfMemory;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return otherException;
    }
}

[[noreturn]] void runChild(const Request& request, std::uint64_t number)
{
    ::setpgid(0, 0);
    const rlimit noCore{0, 0}, heap{heapLimit, heapLimit};
    ::setrlimit(RLIMIT_CORE, &noCore);
    ::setrlimit(RLIMIT_DATA, &heap);
    std::vector<std::byte> bytes = mutated(request, number);
    // Of computing, so that a busy machine is no hang; and in the end of waiting too.
    const itimerval timer{{0, 0}, {secondsAllowed, 0}};
    ::setitimer(ITIMER_PROF, &timer, nullptr);
    ::alarm(secondsAllowed * 30);
    ::_exit(openAndUse(std::move(bytes)));
}

Outcome outcomeOf(int status, const rusage& usage)
{
    if (usage.ru_maxrss > kilobytesAllowed)
        return Outcome::Memory;
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGPROF || WTERMSIG(status) == SIGALRM ? Outcome::Hang
                                                                          : Outcome::Crash;
    constexpr Outcome byStatus[] = {Outcome::Opened, Outcome::Sentence, Outcome::Memory};
    return WEXITSTATUS(status) < 3 ? byStatus[WEXITSTATUS(status)] : Outcome::Crash;
}

Outcome tryOne(const Request& request, std::uint64_t number)
{
    std::fflush(nullptr);
    const pid_t child = ::fork();
    if (child < 0)
        throw Error("cannot fork");
    if (child == 0)
        runChild(request, number);
    int status = 0;
    rusage usage{};
    if (::wait4(child, &status, 0, &usage) != child)
        throw Error("cannot wait for a child");
    return outcomeOf(status, usage);
}

void report(const Request& request, std::uint64_t number, Outcome outcome)
{
    const std::vector<std::byte> bytes = mutated(request, number);
    const std::filesystem::path path = request.folder / message("{}-{}", nameOf(outcome), number);
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    std::printf("%s of %s: %s\n", nameOf(outcome),
                request.specimens[number % request.specimens.size()].name.c_str(), path.c_str());
}

Request requestFrom(const std::vector<std::string>& arguments)
{
    Request request;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const bool isOption = arguments[i].rfind("--", 0) == 0;
        if (!isOption) {
            request.specimens.push_back(fuzz::readSpecimen(arguments[i]));
            continue;
        }
        const std::string value = i + 1 < arguments.size() ? arguments[i + 1] : "";
        const auto number = parseInteger(value);
        if (arguments[i] == "--save")
            request.folder = value;
        else if (arguments[i] == "--count" && number)
            request.count = static_cast<std::uint64_t>(*number);
        else if (arguments[i] == "--seed" && number)
            request.seed = static_cast<std::uint64_t>(*number);
        else
            throw Error(message("{} {}: not known", arguments[i], value));
        ++i;
    }
    if (request.specimens.empty())
        throw Error("usage: mutate [--count N] [--seed S] [--save FOLDER] FILE...");
    return request;
}

int run(const Request& request)
{
    std::map<Outcome, std::uint64_t> totals;
    for (std::uint64_t number = 0; number < request.count; ++number) {
        const Outcome outcome = tryOne(request, number);
        ++totals[outcome];
        if (outcome > Outcome::Sentence)
            report(request, number, outcome);
        if ((number + 1) % 10'000 == 0)
            std::fprintf(stderr, "%llu\n", static_cast<unsigned long long>(number + 1));
    }
    bool isClean = true;
    for (const auto& [outcome, count] : totals) {
        std::printf("%-9s%llu\n", nameOf(outcome), static_cast<unsigned long long>(count));
        isClean = isClean && outcome <= Outcome::Sentence;
    }
    return isClean ? 0 : 1;
}

} // namespace

int main(int argc, char** argv)
{
    try {
        return run(requestFrom({argv + 1, argv + argc}));
    } catch (const Error& error) {
        std::fprintf(stderr, "error: %s\n", error.what());
        return 2;
    }
}
