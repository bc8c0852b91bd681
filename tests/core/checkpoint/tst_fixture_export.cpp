// SPDX-License-Identifier: GPL-3.0-or-later
// Every checkpoint at hand, with its head patched: what changed in the file, byte by byte.
#include <QTemporaryDir>
#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include "checkpoint/patch.h"
#include "core/checkpoint/zip_walk.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

struct Span
{
    std::size_t begin = 0;
    std::size_t end = 0;
};

const fs::path& fixtures()
{
    static const fs::path folder = fs::path(MONOTAIL_SOURCE_DIR) / "tests/fixtures";
    return folder;
}

/// Fixtures that cannot be patched, and a part of the sentence that says why. All others can, but
/// for head kinds that the program refuses.
const std::map<std::string, std::string>& refused()
{
    constexpr const char* noHead = "no classifier head found";
    constexpr const char* noTensors = "holds no tensors";
    static const std::map<std::string, std::string> files{
        {"tied.pth", "its bytes also belong to decoder.weight, fc.weight_t"},
        {"tied_legacy.pth", "its bytes also belong to decoder.weight, fc.weight_t"},
        {"torch2.pth", "its bytes also belong to tied.weight"},
        {"language_model.bin", "it is also the embedding transformer.wte.weight"},
        {"strides.pth", "its bytes also belong to view.steps, view.overlapping, view.scalar"},
        {"strides_legacy.pth",
         "its bytes also belong to view.steps, view.overlapping, view.scalar"},
        {"legacy_storage_view.pth", noHead},
        {"empty_state_dict.pth", noTensors},
        {"empty_parts.pth", noTensors},
        {"element_types.pth", noHead},
        {"element_types_legacy.pth", noHead},
        {"list_of_tensors_legacy.pth", noHead},
        {"nested.pth", noHead},
        {"objects.pth", noHead},
        {"parameter_alone.pth", noHead},
        {"parameters.pth", noHead},
        {"quantised_linear.pth", noHead},
        {"repeated_names.pth", noHead},
        {"scalars.pth", noHead},
        {"tensor_alone.pth", noHead},
        {"torch2_element_types.pth", noHead},
        {"torch2_parameters.pth", noHead},
        {"torch2_pending.pth", noHead},
    };
    return files;
}

/// Numbers that differ from class to class; the same each time.
struct Correction
{
    std::vector<double> scale;
    std::vector<double> bias;
};

Correction correctionFor(const ClassifierHead& head)
{
    std::mt19937 random(20240601);
    const auto between = [&](double low, double high) {
        return low + (high - low) * static_cast<double>(random()) / 4294967296.0;
    };
    Correction correction;
    for (std::int64_t c = 0; c < head.classes(); ++c) {
        correction.scale.push_back(between(0.5, 2));
        correction.bias.push_back(head.hasBias() ? between(-1, 1) : 0);
    }
    return correction;
}

bool isZip(const Checkpoint& checkpoint)
{
    return checkpoint.format == "zip" || checkpoint.format == "torchscript";
}

/// Where the file may differ: the patched tensors' storages and, in a zip, the CRC fields of these
/// very records, where they held the true sum.
std::vector<Span> mayDiffer(const Checkpoint& source, const std::string& bytes,
                            const std::vector<TensorPatch>& patches)
{
    std::vector<Span> spans;
    std::set<std::size_t> storages;
    for (const TensorPatch& patch : patches) {
        const Storage& storage = source.storages.at(source.find(patch.tensor)->storage);
        spans.push_back({storage.offset, storage.offset + storage.bytes});
        storages.insert(storage.offset);
    }
    if (!isZip(source))
        return spans;
    for (const WalkedMember& member : walkZip(bytes))
        if (storages.contains(member.data))
            for (const std::size_t field : member.crcFields)
                spans.push_back({field, field + 4});
    return spans;
}

/// The first place outside `spans` where the texts differ.
std::optional<std::size_t> strayDifference(const std::string& a, const std::string& b,
                                           const std::vector<Span>& spans)
{
    for (std::size_t at = 0; at < a.size(); ++at) {
        const auto holds = [&](const Span& span) { return span.begin <= at && at < span.end; };
        if (a[at] != b[at] && std::none_of(spans.begin(), spans.end(), holds))
            return at;
    }
    return {};
}

/// The first record whose checksum fields are not what they should be: true where they were true,
/// and as they were where they were not.
std::string wrongChecksum(const std::string& before, const std::string& after)
{
    for (const WalkedMember& member : walkZip(after))
        for (const std::size_t field : member.crcFields) {
            const std::uint32_t old = little(before, field, 4);
            const bool wasTrue = old == slowCrc(before.substr(member.data, member.size));
            const std::uint32_t wanted =
                wasTrue ? slowCrc(after.substr(member.data, member.size)) : old;
            if (little(after, field, 4) != wanted)
                return member.name;
        }
    return {};
}

double rounded(DType type, double value)
{
    std::array<std::byte, 8> bytes{};
    return writeElement(type, bytes.data(), value);
}

bool isClose(double found, double wanted, DType type)
{
    const bool isHalf = type == DType::Float16 || type == DType::BFloat16;
    return std::abs(found - wanted) <= (isHalf ? 1e-2 : 1e-6) * std::max(1.0, std::abs(wanted));
}

} // namespace

class FixtureExportTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    fs::path target() const { return fs::path(m_folder.path().toStdString()) / "corrected"; }

    static void addFolder(const fs::path& folder)
    {
        for (const auto& entry : fs::directory_iterator(folder))
            if (entry.is_regular_file() && entry.path().extension() != ".json")
                QTest::newRow(entry.path().filename().string().c_str())
                    << QString::fromStdString(entry.path().string());
    }

    static void headIsAsWanted(const ClassifierHead& before, const ClassifierHead& after,
                               const Correction& correction, DType type)
    {
        QCOMPARE(after.classes(), before.classes());
        for (Eigen::Index c = 0; c < before.weight.rows(); ++c) {
            const auto at = static_cast<std::size_t>(c);
            for (Eigen::Index d = 0; d < before.weight.cols(); ++d)
                QVERIFY(isClose(static_cast<double>(after.weight(c, d)),
                                correction.scale[at] * static_cast<double>(before.weight(c, d)),
                                type));
            QVERIFY(isClose(static_cast<double>(after.bias(c)), correction.bias[at], type));
        }
    }

    /// The patched tensors hold the planned numbers, all others what they held.
    static void tensorsAreAsPlanned(const Checkpoint& source, const Checkpoint& corrected,
                                    const std::vector<TensorPatch>& patches)
    {
        QVERIFY(corrected.tensors == source.tensors);
        for (const Tensor& tensor : corrected.tensors) {
            const auto patch = std::find_if(patches.begin(), patches.end(),
                                            [&](const auto& p) { return p.tensor == tensor.name; });
            if (patch == patches.end()) {
                QCOMPARE(tensorDigest(corrected, tensor), tensorDigest(source, tensor));
                continue;
            }
            std::vector<double> wanted = patch->values;
            for (double& value : wanted)
                value = rounded(tensor.dtype, value);
            QVERIFY2(readTensor(corrected, tensor) == wanted, tensor.name.c_str());
        }
    }

    void onlyTheHeadChanges(const Checkpoint& source, const HeadCandidate& candidate) const
    {
        const ClassifierHead head = readHead(source, candidate);
        const Correction correction = correctionFor(head);
        const auto patches = planHeadPatch(source, head, correction.scale, correction.bias);
        QVERIFY(!patches.empty());
        QVERIFY(patchCheckpoint(source, patches, target(), Overwrite::Replace).verified);
        const std::string before = readText(source.path);
        const std::string after = readText(target());
        QCOMPARE(after.size(), before.size());
        const auto stray = strayDifference(before, after, mayDiffer(source, before, patches));
        QVERIFY2(!stray, qPrintable(QString("byte %1").arg(stray.value_or(0))));
        if (isZip(source)) {
            const std::string wrong = wrongChecksum(before, after);
            QVERIFY2(wrong.empty(), wrong.c_str());
        }
        const auto corrected = openCheckpoint(target());
        tensorsAreAsPlanned(source, *corrected, patches);
        headIsAsWanted(head, readHead(*corrected, candidate), correction,
                       source.find(patches.front().tensor)->dtype);
    }

    /// What the user is told when the head of this file is to be changed.
    std::string refusalOf(const Checkpoint& source) const
    {
        return errorOf([&] {
            const HeadSearch search = findHeads(source, {});
            const HeadCandidate candidate =
                search.candidates.empty() ? chooseHead(source, {}) : search.candidates.front();
            const ClassifierHead head = readHead(source, candidate);
            const Correction correction = correctionFor(head);
            patchCheckpoint(source, planHeadPatch(source, head, correction.scale, correction.bias),
                            target(), Overwrite::Replace);
        });
    }

private Q_SLOTS:
    void onlyTheHeadChanges_data()
    {
        QTest::addColumn<QString>("file");
        addFolder(fixtures() / "checkpoints");
        addFolder(fixtures() / "heads");
        if (!sharedFolder().empty())
            addFolder(sharedFolder() / "zoo");
    }

    void onlyTheHeadChanges()
    {
        QFETCH(QString, file);
        const fs::path path = file.toStdString();
        const auto source = openCheckpoint(path);
        fs::remove(target()); // of the row before
        const std::string refusal = refusalOf(*source);
        const bool wasWritten = fs::remove(target());
        if (const auto known = refused().find(path.filename().string()); known != refused().end()) {
            QVERIFY2(refusal.find(known->second) != std::string::npos, refusal.c_str());
            QVERIFY(!wasWritten);
            return;
        }
        const HeadSearch search = findHeads(*source, {});
        const bool hasHead = !search.candidates.empty();
        const bool mayBeRefused = hasHead ? nameOf(search.candidates.front().kind) != "linear"
                                          : path.parent_path() != fixtures() / "checkpoints";
        if (mayBeRefused && !refusal.empty()) { // of a kind that is shown and no more
            QVERIFY(!wasWritten);
            return;
        }
        QVERIFY2(refusal.empty(), refusal.c_str());
        onlyTheHeadChanges(*source, search.candidates.front());
    }

    void everyRefusalIsOfAFile()
    {
        for (const auto& [name, sentence] : refused())
            QVERIFY2(fs::exists(fixtures() / "checkpoints" / name) ||
                         fs::exists(fixtures() / "heads" / name),
                     name.c_str());
    }
};

QTEST_APPLESS_MAIN(FixtureExportTest)
#include "tst_fixture_export.moc"
