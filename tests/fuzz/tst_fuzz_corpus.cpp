// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <map>
#include <set>

#include "base/random.h"
#include "support/shared_material.h"

namespace fs = std::filesystem;

// The fuzzers, under the names that CMakeLists.txt gives their functions here.
extern "C" {
int fuzz_arrays(const std::uint8_t* data, std::size_t size);
int fuzz_checkpoint(const std::uint8_t* data, std::size_t size);
int fuzz_counts(const std::uint8_t* data, std::size_t size);
int fuzz_idx(const std::uint8_t* data, std::size_t size);
int fuzz_image(const std::uint8_t* data, std::size_t size);
int fuzz_legacy(const std::uint8_t* data, std::size_t size);
int fuzz_npy(const std::uint8_t* data, std::size_t size);
int fuzz_npz(const std::uint8_t* data, std::size_t size);
int fuzz_pickle(const std::uint8_t* data, std::size_t size);
int fuzz_safetensors(const std::uint8_t* data, std::size_t size);
int fuzz_zip(const std::uint8_t* data, std::size_t size);
}

namespace {

using Fuzzer = int (*)(const std::uint8_t*, std::size_t);

const std::map<std::string, Fuzzer>& fuzzers()
{
    static const std::map<std::string, Fuzzer> all{
        {"arrays", fuzz_arrays}, {"checkpoint", fuzz_checkpoint},
        {"counts", fuzz_counts}, {"idx", fuzz_idx},
        {"image", fuzz_image},   {"legacy", fuzz_legacy},
        {"npy", fuzz_npy},       {"npz", fuzz_npz},
        {"pickle", fuzz_pickle}, {"safetensors", fuzz_safetensors},
        {"zip", fuzz_zip},
    };
    return all;
}

fs::path fuzzFolder()
{
    return fs::path(MONOTAIL_SOURCE_DIR) / "tests/fuzz";
}

/// Any exception but Error, a crash or a report of the sanitizers ends the test.
void run(Fuzzer fuzzer, const std::string& bytes)
{
    // A copy of its own, so that reading past the end is seen.
    const std::vector<std::uint8_t> input(bytes.begin(), bytes.end());
    QCOMPARE(fuzzer(input.data(), input.size()), 0);
}

} // namespace

/// Runs the fuzzers without clang: over the seeds, and over the same changes of them every time.
class FuzzCorpusTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyFuzzerHasSeeds()
    {
        std::set<std::string> sources, seeds, known;
        for (const auto& entry : fs::directory_iterator(fuzzFolder())) {
            const std::string name = entry.path().stem().string();
            if (entry.path().extension() == ".cpp" && name.rfind("fuzz_", 0) == 0)
                sources.insert(name.substr(5));
        }
        for (const auto& entry : fs::directory_iterator(fuzzFolder() / "corpus"))
            seeds.insert(entry.path().filename().string());
        for (const auto& [name, fuzzer] : fuzzers())
            known.insert(name);
        QCOMPARE(sources, known);
        QCOMPARE(seeds, known);
    }

    void seedsAndTheirChangesAreSurvived_data()
    {
        QTest::addColumn<QString>("fuzzer");
        QTest::addColumn<QString>("path");
        for (const auto& [name, fuzzer] : fuzzers())
            for (const auto& entry :
                 fs::recursive_directory_iterator(fuzzFolder() / "corpus" / name))
                if (entry.is_regular_file())
                    QTest::addRow("%s %s", name.c_str(), entry.path().filename().c_str())
                        << QString::fromStdString(name)
                        << QString::fromStdString(entry.path().string());
    }

    void seedsAndTheirChangesAreSurvived()
    {
        QFETCH(QString, fuzzer);
        QFETCH(QString, path);
        const Fuzzer target = fuzzers().at(fuzzer.toStdString());
        const std::string seed = monotail::test::readText(path.toStdString());
        run(target, seed);
        monotail::Random random(11);
        for (int i = 0; i < 200; ++i) {
            std::string changed = seed.substr(0, i % 4 ? seed.size() : random.below(seed.size()));
            for (std::uint64_t change = random.below(4); change > 0 && !changed.empty(); --change)
                changed[random.below(changed.size())] = static_cast<char>(random.next());
            run(target, changed);
        }
    }
};

QTEST_APPLESS_MAIN(FuzzCorpusTest)
#include "tst_fuzz_corpus.moc"
