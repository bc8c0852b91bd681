// SPDX-License-Identifier: GPL-3.0-or-later
// Every checkpoint at hand, with another head in the place of its own.
#include <QTemporaryDir>
#include <QtTest>
#include <random>

#include "core/checkpoint/replaced_head.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace fs = std::filesystem;

namespace {

/// Numbers between -1 and 1; scales between 0.5 and 2; the same each time.
HeadChange changeFor(const ClassifierHead& head)
{
    std::mt19937 random(20240601);
    const auto between = [&](double low, double high) {
        return low + (high - low) * static_cast<double>(random()) / 4294967296.0;
    };
    HeadChange change;
    change.rows.resize(head.classes(), head.features());
    for (float& value : change.rows.reshaped())
        value = static_cast<float>(between(-1, 1));
    for (std::int64_t c = 0; c < head.classes(); ++c) {
        change.scale.push_back(between(0.5, 2));
        change.bias.push_back(between(-1, 1));
    }
    return change;
}

/// What a number of this type may be off by, relative to what it should be.
double roundingOf(DType type)
{
    return type == DType::BFloat16 ? 4e-3 : type == DType::Float16 ? 5e-4 : 5e-7;
}

bool isHeads(const HeadCandidate& head, const std::string& name)
{
    const auto isPart = [&](const HeadPart& part) {
        return name == part.weight || name == part.bias;
    };
    return name == head.weight || name == head.bias || name == head.scales ||
           name == head.magnitude || std::any_of(head.experts.begin(), head.experts.end(), isPart);
}

} // namespace

class FixtureReplacementTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    int m_patches = 0;
    int m_files = 0;

    fs::path target() const { return fs::path(m_folder.path().toStdString()) / "changed"; }

    static void addFolder(const fs::path& folder)
    {
        for (const auto& entry : fs::directory_iterator(folder))
            if (entry.is_regular_file() && entry.path().extension() != ".json")
                QTest::newRow(entry.path().filename().string().c_str())
                    << QString::fromStdString(entry.path().string());
    }

    /// Tensors that are not the head's, nor tied to it.
    static void othersAreAsBefore(const Checkpoint& source, const HeadCandidate& head,
                                  const Checkpoint& after)
    {
        QCOMPARE(after.tensors.size(), source.tensors.size());
        for (const Tensor& tensor : after.tensors)
            if (!isHeads(head, tensor.name))
                QCOMPARE(tensorDigest(after, tensor),
                         tensorDigest(source, *source.find(tensor.name)));
    }

private Q_SLOTS:
    void anotherHeadReadsBackAsItWasMeant_data()
    {
        QTest::addColumn<QString>("file");
        addFolder(fs::path(MONOTAIL_SOURCE_DIR) / "tests/fixtures/heads");
        if (!sharedFolder().empty())
            addFolder(sharedFolder() / "zoo");
    }

    void anotherHeadReadsBackAsItWasMeant()
    {
        QFETCH(QString, file);
        const auto source = openCheckpoint(fs::path(file.toStdString()));
        const HeadSearch search = findHeads(*source, {});
        if (search.candidates.empty() ||
            search.candidates.front().kind == HeadKind::SampleDependent)
            return; // there is no head to replace
        const ClassifierHead head = readHead(*source, search.candidates.front());
        const HeadChange change = changeFor(head);
        fs::remove(target());
        ReplacedHead after;
        const std::string refusal =
            errorOf([&] { after = replaceHead(*source, head, change, target()); });
        if (refusal.find("its bytes also belong to") != std::string::npos ||
            refusal.find("it is also the embedding") != std::string::npos ||
            refusal.find("its background row among them") != std::string::npos) {
            QVERIFY(!fs::exists(target()));
            return;
        }
        QVERIFY2(refusal.empty(), refusal.c_str());
        ++(after.isPatch ? m_patches : m_files);
        const DType type = source->find(head.source.weight)->dtype;
        QVERIFY2(differenceOf(after.head, change) < roundingOf(type),
                 std::to_string(differenceOf(after.head, change)).c_str());
        if (after.isPatch)
            othersAreAsBefore(*source, head.source, *after.file);
    }

    void thereWereBothPatchesAndNewFiles()
    {
        QVERIFY(m_patches > 15);
        QVERIFY(m_files > 3);
    }
};

QTEST_APPLESS_MAIN(FixtureReplacementTest)
#include "tst_fixture_replacement.moc"
