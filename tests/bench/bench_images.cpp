// SPDX-License-Identifier: GPL-3.0-or-later
// Decoding and preprocessing on two threads against a PyTorch DataLoader with torchvision's
// transforms, at its best of two, one and no worker processes; both make float batches of 256 from
// the same files, in turns. Then end to end, from files to features through a ResNet-10, against
// the DataLoader and the model in PyTorch at its best of two, one and no workers and of one and two
// threads. Medians of whole passes; the rival's time is taken inside Python.
//
//     bench_images [--python PYTHON] [--json FILE] [options of Google Benchmark]
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "base/workers.h"
#include "duel.h"
#include "evaluate/torch_engine.h"
#include "extract/extract.h"
#include "images/preprocessing.h"
#include "images/read_image.h"
#include "python_process.h"

using namespace monotail;
using namespace monotail::bench;

namespace {

constexpr std::int64_t count = 2560;
constexpr std::int64_t batchSize = 256;

/// The first images of the folder by name, as images_rival.py takes them.
ImageList imagesIn(const std::filesystem::path& folder)
{
    ImageList images;
    images.root = folder;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        images.samples.push_back({entry.path().filename().string(), 0});
    std::sort(images.samples.begin(), images.samples.end(),
              [](const ImageSample& a, const ImageSample& b) { return a.id < b.id; });
    images.samples.resize(std::min(images.samples.size(), static_cast<std::size_t>(count)));
    return images;
}

/// H x W x 3 bytes to 3 x H x W floats.
void normalise(const Picture& picture, const std::vector<std::array<float, 256>>& tables,
               float* out)
{
    const std::size_t plane = picture.pixels.size() / 3;
    const std::uint8_t* pixel = picture.pixels.data();
    for (std::size_t i = 0; i < plane; ++i, pixel += 3)
        for (std::size_t c = 0; c < 3; ++c)
            out[c * plane + i] = tables[c][pixel[c]];
}

void wholePass(const ImageList& images, const Preprocessing& preprocessing, const Workers& workers)
{
    const auto tables = normalisation(preprocessing, 3);
    const std::int64_t side = preprocessing.crop > 0 ? preprocessing.crop : 64;
    const auto size = static_cast<std::size_t>(3 * side * side);
    std::vector<float> batch(size * batchSize);
    for (std::int64_t begin = 0; begin < images.size(); begin += batchSize) {
        workers.run(std::min(batchSize, images.size() - begin), [&](std::int64_t i) {
            const Picture picture =
                prepared(readImage(images, begin + i).picture, preprocessing, 3);
            if (picture.pixels.size() != size)
                throw Error("images of 64 x 64 pixels were expected");
            normalise(picture, tables, batch.data() + static_cast<std::size_t>(i) * size);
        });
        benchmark::DoNotOptimize(batch.data());
    }
}

/// Seconds of a pass.
Claim duel(const std::string& name, const Preprocessing& preprocessing, const ImageList& images,
           PythonProcess& rival)
{
    const Workers workers(2);
    std::vector<double> ours, theirs[3];
    if (rival.runs())
        rival.ask(message("load {} {} {} {}", preprocessing.resize, preprocessing.crop, count,
                          images.root.string()));
    for (int round = 0; round < 7; ++round) {
        ours.push_back(secondsOf([&] { wholePass(images, preprocessing, workers); }));
        for (int processes = 0; processes < 3 && rival.runs(); ++processes)
            theirs[processes].push_back(rival.seconds(message("run {}", processes)));
    }
    const double best = std::min({median(theirs[0]), median(theirs[1]), median(theirs[2])});
    return {name, median(ours), best, "s"};
}

/// Files to features, with the network loaded already on both sides.
class Extraction
{
public:
    explicit Extraction(const std::filesystem::path& checkpoint)
        : m_engine(loadTorchEngine()), m_folder(std::filesystem::temp_directory_path())
    {
        const auto file = openCheckpoint(checkpoint);
        m_network =
            m_engine->makeNetwork(*file, planBackbone(*file, chooseHead(*file, {})), {"cpu"});
    }

    double seconds(const ImageList& images, int threads) const
    {
        m_engine->setThreads(threads);
        FeaturePart part(m_folder / message("bench_images-{}.part", getpid()));
        const double seconds = secondsOf([&] {
            extractFeatures(images, {0, images.size()}, *m_network,
                            preprocessingPreset("tiny-imagenet"), part, {});
        });
        part.remove();
        return seconds;
    }

private:
    std::shared_ptr<const TorchEngine> m_engine;
    std::unique_ptr<FeatureNetwork> m_network;
    std::filesystem::path m_folder;
};

Claim extractionDuel(const std::string& name, const char* form, const ImageList& images,
                     const Extraction& extraction, PythonProcess& rival)
{
    if (rival.runs())
        rival.ask(message("load 0 0 {} {}", count, images.root.string()));
    std::vector<double> ours[2], theirs[6];
    for (int round = 0; round < 3; ++round) {
        for (int threads = 1; threads <= 2; ++threads)
            ours[threads - 1].push_back(extraction.seconds(images, threads));
        for (int way = 0; way < 6 && rival.runs(); ++way)
            theirs[way].push_back(
                rival.seconds(message("extract {} {} {}", way / 2, way % 2 + 1, form)));
    }
    double best = median(theirs[0]);
    for (const auto& times : theirs)
        best = std::min(best, median(times));
    return {name, std::min(median(ours[0]), median(ours[1])), best, "s"};
}

} // namespace

int main(int argc, char** argv)
{
    const std::string file = takeOption(argc, argv, "--json", {});
    const char* shared = std::getenv("MONOTAIL_SHARED");
    if (!shared) {
        std::cout << "There are no images to read: MONOTAIL_SHARED names no folder.\n";
        return 0;
    }
    const ImageList images =
        imagesIn(std::filesystem::path(shared) / "data/tiny-imagenet-lt/val/images");
    PythonProcess rival(takeOption(argc, argv, "--python", "python3"), MONOTAIL_IMAGES_RIVAL);
    if (!rival.runs())
        std::cout << "torchvision is missing; name a Python that has it with --python.\n";
    std::vector<Claim> claims;
    const auto add = [&](const std::string& name, const std::function<Claim()>& measure) {
        const auto run = [&, measure](benchmark::State& state) {
            Claim claim;
            for (auto _ : state) {
                claim = measure();
                state.SetIterationTime(claim.ours);
            }
            state.counters["images_per_s"] = static_cast<double>(images.size()) / claim.ours;
            if (claim.rival == 0)
                return;
            state.counters["rival_images_per_s"] = static_cast<double>(images.size()) / claim.rival;
            state.counters["ratio"] = claim.ratio();
            claims.push_back(claim);
        };
        benchmark::RegisterBenchmark(name.c_str(), run)
            ->UseManualTime()
            ->Iterations(1)
            ->Unit(benchmark::kMillisecond);
    };
    for (const auto& [name, preset] :
         {std::pair<std::string, std::string>{"images/64", "tiny-imagenet"},
          {"images/224", "imagenet"}})
        add(name, [&, name = name, preset = preset] {
            return duel(name, preprocessingPreset(preset), images, rival);
        });
    const Extraction extraction(std::filesystem::path(shared) /
                                "data/tiny-imagenet-lt/checkpoint.pth.tar");
    for (const char* form : {"plain", "channels-last"})
        add(message("extract/64{}", form == std::string("plain") ? "" : "/channels-last"),
            [&, form] {
                return extractionDuel(
                    message("extract/64{}", form == std::string("plain") ? "" : "/channels-last"),
                    form, images, extraction, rival);
            });
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    if (!file.empty())
        writeClaims(file, claims);
    return 0;
}
