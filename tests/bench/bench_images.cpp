// SPDX-License-Identifier: GPL-3.0-or-later
// Decoding and preprocessing on two threads against a PyTorch DataLoader with torchvision's
// transforms, at its best of two, one and no worker processes; both make float batches of 256 from
// the same files, in turns. Medians of whole passes; the rival's time is taken inside Python.
//
//     bench_images [--python PYTHON] [--json FILE] [options of Google Benchmark]
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "base/workers.h"
#include "duel.h"
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
    const auto add = [&](const std::string& name, const std::string& preset) {
        const auto run = [&, name, preset](benchmark::State& state) {
            Claim claim;
            for (auto _ : state) {
                claim = duel(name, preprocessingPreset(preset), images, rival);
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
    add("images/64", "tiny-imagenet");
    add("images/224", "imagenet");
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    if (!file.empty())
        writeClaims(file, claims);
    return 0;
}
