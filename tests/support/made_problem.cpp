// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/made_problem.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <stdexcept>

#include "base/matrix.h"
#include "base/random.h"
#include "report/table.h"
#include "support/safetensors_file.h"

namespace monotail::test {

namespace {

constexpr double pi = 3.14159265358979323846;

/// Standard normal numbers (Box and Muller).
class Gauss
{
public:
    explicit Gauss(std::uint64_t seed) : m_random(seed) {}
    float operator()()
    {
        if (m_kept) {
            m_kept = false;
            return m_next;
        }
        const double radius = std::sqrt(-2 * std::log(1 - m_random.uniform()));
        const double angle = 2 * pi * m_random.uniform();
        m_next = static_cast<float>(radius * std::sin(angle));
        m_kept = true;
        return static_cast<float>(radius * std::cos(angle));
    }
    RowMatrix matrix(std::int64_t rows, std::int64_t columns)
    {
        RowMatrix out(rows, columns);
        for (Eigen::Index i = 0; i < out.size(); ++i)
            out.data()[i] = (*this)();
        return out;
    }

private:
    Random m_random;
    float m_next = 0;
    bool m_kept = false;
};

/// How the features of a class come about: sample = signal * centre + noise * gauss.
struct World
{
    std::vector<std::int64_t> classAt; ///< rank -> class, 0 = most frequent
    std::vector<std::int64_t> counts;  ///< by class
    RowMatrix centres;                 ///< C x D, of about length 1: some classes are easier
    RowMatrix weight;                  ///< C x D, the head
    std::vector<float> bias;           ///< C
    double signal = 0;
    double noise = 0;
};

/// 0 for the most frequent class, 1 for the rarest.
double tailness(std::int64_t rank, std::int64_t classes)
{
    return classes > 1 ? static_cast<double>(rank) / static_cast<double>(classes - 1) : 0;
}

void fillCounts(World& world, std::int64_t classes, const MadeOptions& options)
{
    world.classAt.resize(static_cast<std::size_t>(classes));
    std::iota(world.classAt.begin(), world.classAt.end(), std::int64_t{0});
    Random(options.seed).shuffle(world.classAt);
    world.counts.resize(world.classAt.size());
    for (std::int64_t rank = 0; rank < classes; ++rank) {
        const double count = static_cast<double>(options.largest) *
                             std::pow(options.imbalance, -tailness(rank, classes));
        world.counts[static_cast<std::size_t>(world.classAt[static_cast<std::size_t>(rank)])] =
            std::max<std::int64_t>(1, std::llround(count));
    }
}

/// Classes come in families of about eight that resemble one another.
void fillCentres(World& world, std::int64_t width, Gauss& gauss)
{
    const auto classes = static_cast<std::int64_t>(world.counts.size());
    const std::int64_t families = std::max<std::int64_t>(2, classes / 8);
    const RowMatrix family = gauss.matrix(families, width);
    world.centres = gauss.matrix(classes, width);
    for (Eigen::Index c = 0; c < classes; ++c) {
        world.centres.row(c) += 0.6F * family.row(c % families);
        const float ease = std::clamp(1 + 0.12F * gauss(), 0.7F, 1.3F);
        world.centres.row(c) *= ease / world.centres.row(c).norm();
    }
}

void fillHead(World& world, const MadeOptions& options, Gauss& gauss)
{
    const auto classes = static_cast<std::int64_t>(world.counts.size());
    world.weight = gauss.matrix(classes, options.width);
    world.weight *= 0.3F / std::sqrt(static_cast<float>(options.width));
    world.weight += world.centres;
    world.bias.resize(world.counts.size());
    for (std::int64_t rank = 0; rank < classes; ++rank) {
        const Eigen::Index c = world.classAt[static_cast<std::size_t>(rank)];
        const double tail = tailness(rank, classes);
        const double law =
            options.norms == MadeNorms::Falling ? 1.6 * std::pow(1.5, -tail) : 1.4 + 0.25 * tail;
        const float norm = static_cast<float>(law) * (1 + 0.04F * gauss());
        world.weight.row(c) *= norm / world.weight.row(c).norm();
        world.bias[static_cast<std::size_t>(c)] =
            static_cast<float>(0.4 * (0.5 - tail)) + 0.05F * gauss();
    }
}

/// The share of right answers among samples whose scores are signal * clean + noise.
double accuracyAt(double signal, const RowMatrix& clean, const RowMatrix& noise,
                  const std::vector<Eigen::Index>& labels)
{
    std::int64_t right = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto row = static_cast<Eigen::Index>(i);
        Eigen::Index best = 0;
        (static_cast<float>(signal) * clean.row(row) + noise.row(row)).maxCoeff(&best);
        right += best == labels[i] ? 1 : 0;
    }
    return static_cast<double>(right) / static_cast<double>(labels.size());
}

/// Finds the signal with which the head is right as often as asked for, on samples of its own.
void fillSignal(World& world, double accuracy, Gauss& gauss)
{
    const auto classes = static_cast<Eigen::Index>(world.counts.size());
    const Eigen::Index samples = 1000;
    // Scores of about the size that trained heads have, so that confidences are not absurd.
    const auto rivals = static_cast<double>(std::max<Eigen::Index>(2, classes));
    world.noise = 0.5 + 0.5 * std::sqrt(2 * std::log(rivals));
    std::vector<Eigen::Index> labels;
    RowMatrix centres(samples, world.centres.cols());
    for (Eigen::Index i = 0; i < samples; ++i) {
        const Eigen::Index rank =
            i < samples / classes * classes ? i % classes : i * classes / samples;
        labels.push_back(world.classAt[static_cast<std::size_t>(rank)]);
        centres.row(i) = world.centres.row(labels.back());
    }
    const RowMatrix clean = centres * world.weight.transpose();
    RowMatrix noise = gauss.matrix(samples, world.centres.cols()) * world.weight.transpose();
    noise *= static_cast<float>(world.noise);
    noise.rowwise() += Eigen::Map<const Eigen::RowVectorXf>(world.bias.data(), classes);
    double low = 0;
    double high = 20 * world.noise;
    for (int step = 0; step < 20; ++step) {
        world.signal = (low + high) / 2;
        (accuracyAt(world.signal, clean, noise, labels) < accuracy ? low : high) = world.signal;
    }
}

std::string numbered(std::int64_t index)
{
    const std::string digits = std::to_string(index);
    return "class " + std::string(4 - std::min<std::size_t>(4, digits.size()), '0') + digits;
}

std::vector<std::string> makeNames(const World& world, MadeNames kind)
{
    std::vector<std::string> names;
    for (std::size_t c = 0; c < world.counts.size(); ++c)
        names.push_back(numbered(static_cast<std::int64_t>(c)));
    if (kind == MadeNames::Plain)
        return names;
    const std::vector<std::string> unruly{
        "Schwarzwälder Kirschtorte mit Sahne und Schokoladenraspeln",
        "ελληνικός ποιμενικός",
        "猫とこたつ",
        "screw, wood, \"Phillips\" <4 x 40 mm> & washer",
        "Turdus philomelos clarkei Hartert, 1909 (juvenile, seen from below, in a hawthorn hedge)",
        "قطة"};
    // Along the ranks from the first to the last, so that head and tail both have some.
    const std::size_t many = std::min(unruly.size(), names.size() / 2);
    for (std::size_t i = 0; i < many; ++i) {
        const std::size_t rank = many > 1 ? i * (names.size() - 1) / (many - 1) : 0;
        names[static_cast<std::size_t>(world.classAt[rank])] = unruly[i];
    }
    return names;
}

std::string writeCounts(const std::filesystem::path& path, const MadeProblem& problem)
{
    std::ofstream out(path, std::ios::binary);
    out << "index,name,count\n";
    for (std::size_t c = 0; c < problem.train.size(); ++c)
        out << c << ',' << csvField(problem.names[c]) << ',' << problem.train[c] << '\n';
    return path.string();
}

template <typename Number>
void append(std::string& bytes, Number value)
{
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

std::string writeData(const std::filesystem::path& path, const World& world,
                      const MadeOptions& options, Gauss& gauss)
{
    const auto classes = static_cast<std::int64_t>(world.counts.size());
    const std::int64_t samples = classes * options.samplesPerClass;
    const bool half = options.precision == MadePrecision::Float16;
    SafetensorsFile file;
    file.metadata["split"] = "val";
    file.entries.push_back({"features", {samples, options.width}, half ? "F16" : "F32", {}});
    std::string& bytes = file.entries.back().bytes;
    bytes.reserve(static_cast<std::size_t>(samples * options.width) * (half ? 2 : 4));
    std::vector<std::int64_t> labels;
    for (std::int64_t i = 0; i < samples; ++i) {
        labels.push_back(i % classes);
        for (Eigen::Index d = 0; d < options.width; ++d) {
            const float value = static_cast<float>(world.signal) * world.centres(labels.back(), d) +
                                static_cast<float>(world.noise) * gauss();
            if (half)
                append(bytes, Eigen::half(value).x);
            else
                append(bytes, value);
        }
    }
    file.addLabels("labels", labels);
    return file.write(path);
}

} // namespace

MadeProblem writeProblem(const std::filesystem::path& folder, std::int64_t classes,
                         const MadeOptions& options)
{
    if (classes < 1 || options.samplesPerClass < 1 || options.width < 2)
        throw std::invalid_argument("a problem has classes, samples of each and a width above 1");
    std::filesystem::create_directories(folder);
    World world;
    Gauss gauss(options.seed);
    fillCounts(world, classes, options);
    fillCentres(world, options.width, gauss);
    fillHead(world, options, gauss);
    fillSignal(world, options.accuracy, gauss);

    MadeProblem out;
    out.train = world.counts;
    out.names = makeNames(world, options.names);
    out.checkpoint = SafetensorsFile()
                         .add("fc.weight", {classes, options.width},
                              {world.weight.data(), world.weight.data() + world.weight.size()})
                         .add("fc.bias", {classes}, world.bias)
                         .write(folder / "model.safetensors");
    out.counts = writeCounts(folder / "counts.csv", out);
    out.data = writeData(folder / "features-val.safetensors", world, options, gauss);
    return out;
}

} // namespace monotail::test
