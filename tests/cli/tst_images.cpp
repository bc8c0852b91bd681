// SPDX-License-Identifier: GPL-3.0-or-later
// From images to accuracies: evaluate, extract, longtail and cache as a person runs them.
#include <QTemporaryDir>
#include <cmath>

#include "core/dataset/scratch.h"
#include "support/program.h"

using namespace monotail::test;
using nlohmann::json;

namespace {

QString fixture(const char* name)
{
    return QStringLiteral(MONOTAIL_SOURCE_DIR "/tests/fixtures/images/") + name;
}

QString text(const std::string& value)
{
    return QString::fromStdString(value);
}

/// The largest difference of two classes' numbers of correct samples.
std::int64_t largestDifference(const json& perClass, const json& hits)
{
    std::int64_t largest = 0;
    for (std::size_t c = 0; c < hits.size(); ++c)
        largest = std::max(largest, std::abs(perClass[c]["correct"].get<std::int64_t>() -
                                             hits[c].get<std::int64_t>()));
    return largest;
}

} // namespace

class ImagesTest : public QObject
{
    Q_OBJECT
    Scratch m_scratch;
    const QString m_stage1 = demoFile("stage1.pth.tar");
    const QString m_counts = demoFile("counts.csv");
    const QString m_idx = demoFile("t10k-images-idx3-ubyte.gz");

    QString path(const char* name) const { return text((m_scratch.root() / name).string()); }

    Outcome evaluate(const QString& data, const QStringList& more) const
    {
        return runProgram(QStringList{"evaluate", m_stage1, "--counts", m_counts, "--data", data,
                                      "--no-headroom", "--json"} +
                          more);
    }

    /// A list of good images and bad ones, for the demo's network.
    QString mixedList()
    {
        const std::string good = readText(fixture("grey.jpg").toStdString());
        m_scratch.file("mixed/good.jpg", good);
        m_scratch.file("mixed/cut.jpg", good.substr(0, good.size() / 2));
        m_scratch.file("mixed/empty.jpg", "");
        m_scratch.file("mixed/page.png", "<html></html>");
        m_scratch.file("mixed/cmyk.png", readText(fixture("cmyk.jpg").toStdString()));
        m_scratch.file("mixed/deep.png", readText(fixture("grey-16.png").toStdString()));
        return text(m_scratch.file("mixed/list.txt", "good.jpg 3\ncut.jpg 1\nempty.jpg 2\n"
                                                     "missing.jpg 4\npage.png 5\ncmyk.png 6\n"
                                                     "deep.png 7\ngood.jpg 3\n"));
    }

private Q_SLOTS:
    void initTestCase() { qputenv("XDG_CACHE_HOME", path("cache").toUtf8()); }

    void theDemoRunsFromItsImages()
    {
        const Outcome images = evaluate(m_idx, {"--preprocess", "fashion-mnist"});
        QVERIFY2(images.code == 0, qPrintable(images.errors));
        const json features = evaluate(demoFile("features-test.safetensors"), {}).json();
        const json found = images.json();
        QCOMPARE(found["split"], features["split"]);
        const auto ties = found["near_ties"].get<double>();
        for (std::size_t c = 0; c < 10; ++c)
            QVERIFY(std::abs(found["before"]["per_class"][c]["correct"].get<double>() -
                             features["before"]["per_class"][c]["correct"].get<double>()) <= ties);
        QCOMPARE(found["stored_accuracy"]["stored"].get<double>(), 68.31);
        QVERIFY(std::abs(found["stored_accuracy"]["measured"].get<double>() - 68.31) <= ties / 100);
    }

    void tinyImageNetLtIsMeasuredAsPyTorchMeasuresIt()
    {
        MONOTAIL_NEEDS_SHARED();
        const auto folder = sharedFolder() / "data/tiny-imagenet-lt";
        const json expected = readJson(folder / "expected.json");
        const Outcome outcome = runProgram(
            {"evaluate", text((folder / "checkpoint.pth.tar").string()), "--counts",
             text((folder / "train.txt").string()), "--data", text((folder / "val.txt").string()),
             "--preprocess", "tiny-imagenet", "--method", "none", "--no-headroom", "--json"});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
        const json before = outcome.json()["before"];
        QVERIFY(std::abs(before["top1"].get<double>() - expected["top1"].get<double>()) <= 0.02);
        QVERIFY(std::abs(before["top5"].get<double>() - expected["top5"].get<double>()) <= 0.02);
        QVERIFY(largestDifference(before["per_class"], expected["per_class_hits"]) <= 2);
        for (const char* group : {"many", "medium", "few"})
            QVERIFY(std::abs(before[group].get<double>() - expected["kang"][group].get<double>()) <=
                    0.05);
        QCOMPARE(outcome.json()["groups"]["sizes"], expected["kang"]["sizes"]);
    }

    void unreadableImagesAreCountedAndListed()
    {
        const Outcome outcome = runProgram(
            {"extract", m_stage1, "--images", mixedList(), "--preprocess", "fashion-mnist",
             "--resize", "28", "--crop", "28", "-o", path("mixed.safetensors"), "--json"});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
        const json found = outcome.json();
        QCOMPARE(found["samples"].get<int>(), 4);
        QCOMPARE(found["width"].get<int>(), 64);
        QCOMPARE(found["unreadable"].size(), std::size_t{4});
        const std::string reasons = found["unreadable"].dump();
        QVERIFY(says(reasons, {"cut.jpg", "truncated", "empty.jpg", "missing.jpg", "page.png"}));
        const Outcome after = evaluate(path("mixed.safetensors"), {"--method", "none"});
        const std::string warnings = after.json()["warnings"].dump();
        QVERIFY(says(warnings, {"4 images could not be read and are left out", "cut.jpg", "CMYK",
                                "16 bits"}));
        QCOMPARE(after.json()["before"]["per_class"][3]["total"].get<int>(), 2);
        QCOMPARE(after.json()["before"]["per_class"][7]["total"].get<int>(), 1);
        QCOMPARE(after.json()["before"]["per_class"][1]["total"].get<int>(), 0);
    }

    void nothingReadableIsAnError()
    {
        m_scratch.file("none/a.jpg", "");
        const QString list = text(m_scratch.file("none/list.txt", "a.jpg 0\n"));
        const Outcome outcome = evaluate(list, {"--preprocess", "fashion-mnist"});
        QCOMPARE(outcome.code, 1);
        QVERIFY(says(outcome.errors.toStdString(),
                     {"none of its 1 images could be read", "a.jpg", "empty"}));
    }

    void aLabelBeyondTheClassesIsAnError()
    {
        m_scratch.file("beyond/a.jpg", "");
        const QString list = text(m_scratch.file("beyond/list.txt", "a.jpg 10\n"));
        const Outcome outcome = evaluate(list, {"--preprocess", "fashion-mnist"});
        QCOMPARE(outcome.code, 1);
        QVERIFY(says(outcome.errors.toStdString(), {"list.txt, line 1", "10 classes (0 to 9)"}));
    }

    void idxNeedsAPreset()
    {
        const Outcome outcome = evaluate(m_idx, {});
        QCOMPARE(outcome.code, 1);
        QVERIFY(says(outcome.errors.toStdString(), {"IDX images", "--preprocess"}));
    }

    void imageOptionsAreNotForFeatures()
    {
        const Outcome outcome = evaluate(demoFile("features-test.safetensors"), {"--crop", "32"});
        QCOMPARE(outcome.code, 1);
        QVERIFY(says(outcome.errors.toStdString(), {"holds no images"}));
    }

    void anotherNetworkIsRefusedWithAWayOut()
    {
        const Outcome outcome =
            runProgram({"extract", demoFile("features-test.safetensors"), "--images", m_idx, "-o",
                        path("never.safetensors"), "--preprocess", "fashion-mnist"});
        QCOMPARE(outcome.code, 1);
        QVERIFY(!QFile::exists(path("never.safetensors")));
    }

    void shardsTogetherAreTheWhole()
    {
        const QStringList common{"extract", m_stage1,       "--images",
                                 m_idx,     "--preprocess", "fashion-mnist"};
        QVERIFY(QDir().mkpath(path("shards")));
        for (const char* shard : {"0/3", "1/3", "2/3"}) {
            const QString file = path("shards/part-") + QString(shard).left(1) + ".safetensors";
            const Outcome outcome =
                runProgram(common + QStringList{"--shard", shard, "-o", file, "--json"});
            QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
        }
        const json parts = evaluate(path("shards"), {"--method", "none"}).json();
        const json whole =
            evaluate(m_idx, {"--preprocess", "fashion-mnist", "--method", "none"}).json();
        QCOMPARE(parts["samples"].get<int>(), 10000);
        const auto ties = whole["near_ties"].get<double>();
        QVERIFY(std::abs(parts["before"]["top1"].get<double>() -
                         whole["before"]["top1"].get<double>()) <= ties / 100);
        QCOMPARE(runProgram(common + QStringList{"--shard", "3/3", "-o", path("x")}).code, 2);
    }

    void theSameAgainIsNotComputedAgain()
    {
        const QStringList command{"extract",   m_stage1,       "--images",
                                  mixedList(), "--preprocess", "fashion-mnist",
                                  "--resize",  "32",           "--crop",
                                  "28",        "-o",           path("again.safetensors"),
                                  "--force",   "--json"};
        const json first = runProgram(command).json();
        QCOMPARE(first["computed"].get<int>(), 8);
        const json second = runProgram(command).json();
        QCOMPARE(second["computed"].get<int>(), 0);
        QCOMPARE(second["unreadable"], first["unreadable"]);
        // An image that changed is another one.
        m_scratch.file("mixed/good.jpg", readText(fixture("progressive.jpg").toStdString()));
        QCOMPARE(runProgram(command).json()["computed"].get<int>(), 8);
        // So are other values.
        QCOMPARE(runProgram(command + QStringList{"--flip-average"}).json()["computed"].get<int>(),
                 8);
    }

    void imagesAreNeverWrittenOver()
    {
        const QString list = mixedList();
        const QString image = path("mixed/good.jpg");
        for (const QStringList& command :
             {QStringList{"longtail", list, "-o", image, "--force"},
              QStringList{"evaluate", m_stage1, "--counts", m_counts, "--data", list,
                          "--predictions", image, "--force"}}) {
            const Outcome outcome = runProgram(command);
            QCOMPARE(outcome.code, 1);
            QVERIFY(says(outcome.errors.toStdString(), {"good.jpg", "this is an input"}));
        }
        std::filesystem::copy_file(m_idx.toStdString(),
                                   m_scratch.root() / "t10k-images-idx3-ubyte.gz");
        std::filesystem::copy_file(demoFile("t10k-labels-idx1-ubyte.gz").toStdString(),
                                   m_scratch.root() / "t10k-labels-idx1-ubyte.gz");
        const Outcome labels = runProgram({"longtail", path("t10k-images-idx3-ubyte.gz"), "-o",
                                           path("t10k-labels-idx1-ubyte.gz"), "--force"});
        QCOMPARE(labels.code, 1);
        QVERIFY(says(labels.errors.toStdString(), {"this is an input"}));
        const Outcome ending =
            runProgram({"extract", m_stage1, "--images", list, "-o", path("x.npz")});
        QCOMPARE(ending.code, 1);
        QVERIFY(says(ending.errors.toStdString(), {"x.npz", ".safetensors"}));
    }

    void aDamagedCacheIsMadeAnew()
    {
        const QStringList command{
            "extract",  m_stage1, "--images", mixedList(), "--preprocess", "fashion-mnist",
            "--resize", "30",     "--crop",   "28",        "-o",           path("anew.safetensors"),
            "--force",  "--json"};
        QVERIFY(runProgram({"cache", "--clear"}).code == 0);
        const json first = runProgram(command).json();
        QCOMPARE(first["computed"].get<int>(), 8);
        QVERIFY(says(first["warnings"].dump(), {"CMYK", "16 bits"}));
        const auto folder = m_scratch.root() / "cache/monotail/features";
        for (const auto& entry : std::filesystem::directory_iterator(folder))
            std::filesystem::resize_file(entry.path(), 100);
        const json second = runProgram(command).json();
        QCOMPARE(second["computed"].get<int>(), 8);
        QCOMPARE(second["samples"], first["samples"]);
    }

    void theCacheCanBeLetGoOf()
    {
        const json before = runProgram({"cache", "--json"}).json();
        QVERIFY(before["files"].get<int>() > 0);
        QVERIFY(says(before["folder"].get<std::string>(), {"cache/monotail/features"}));
        const json after = runProgram({"cache", "--clear", "--json"}).json();
        QCOMPARE(after["files"].get<int>(), 0);
        QCOMPARE(after["removed_files"], before["files"]);
    }

    void aLongTailIsCutFromArraysAndEvaluated()
    {
        const QString list = path("lt.txt");
        const Outcome cut =
            runProgram({"longtail", m_idx, "--imbalance", "100", "-o", list, "--json"});
        QVERIFY2(cut.code == 0, qPrintable(cut.errors));
        QCOMPARE(cut.json()["counts"][0].get<int>(), 1000);
        QCOMPARE(cut.json()["counts"][9].get<int>(), 10);
        QCOMPARE(cut.json()["counts"][1].get<int>(), 599);             // int(1000 * 0.01^(1/9))
        QCOMPARE(runProgram({"longtail", m_idx, "-o", list}).code, 1); // it exists
        const Outcome outcome = evaluate(list, {"--preprocess", "fashion-mnist"});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
        QCOMPARE(outcome.json()["before"]["per_class"][9]["total"].get<int>(), 10);
        QCOMPARE(outcome.json()["samples"], cut.json()["images"]);
    }

    void foldersResolveByTheNamesOfTheCounts()
    {
        const std::string good = readText(fixture("grey.jpg").toStdString());
        m_scratch.file("folder/Bag/1.jpg", good);
        m_scratch.file("folder/Coat/1.jpg", good);
        const Outcome outcome = evaluate(
            path("folder"), {"--preprocess", "fashion-mnist", "--resize", "28", "--crop", "28"});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
        const json found = outcome.json();
        QCOMPARE(found["before"]["per_class"][4]["total"].get<int>(), 1); // Coat
        QCOMPARE(found["before"]["per_class"][8]["total"].get<int>(), 1); // Bag
        QVERIFY(says(found["warnings"].dump(), {"no images of 8 of 10 classes"}));
        m_scratch.file("folder/Hat/1.jpg", good);
        const Outcome unknown = evaluate(path("folder"), {"--preprocess", "fashion-mnist"});
        QCOMPARE(unknown.code, 1);
        QVERIFY(says(unknown.errors.toStdString(), {"folder Hat", "--class-map"}));
    }
};

QTEST_APPLESS_MAIN(ImagesTest)
#include "tst_images.moc"
