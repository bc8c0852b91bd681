// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>

#include "base/text.h"
#include "checkpoint/checkpoint.h"
#include "support/shared_material.h"

using namespace monotail;

namespace {

/// Key paths of the reference carry the three dictionaries of a module, PyTorch's names do not.
std::string pytorchName(const std::string& keyPath)
{
    std::vector<std::string> parts;
    for (const std::string_view part : split(keyPath, '/'))
        if (part != "_modules" && part != "_parameters" && part != "_buffers")
            parts.emplace_back(part);
    return joined(parts, ".");
}

std::string dtypeName(const std::string& name)
{
    const auto dtype = dtypeOfSafetensors(name);
    return dtype ? std::string(nameOf(*dtype)) : name;
}

} // namespace

/// Real files from public repositories, each against what an independent program read from it.
class SharedCheckpointsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agreeWithTheReference_data();
    void agreeWithTheReference();
    void hasTheTinyImageNetCheckpoint();
};

void SharedCheckpointsTest::agreeWithTheReference_data()
{
    MONOTAIL_NEEDS_SHARED();
    QTest::addColumn<QString>("file");
    const nlohmann::json expected = test::readJson(test::sharedFolder() / "zoo/expected.json");
    for (const auto& [name, value] : expected.items())
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
}

void SharedCheckpointsTest::agreeWithTheReference()
{
    MONOTAIL_NEEDS_SHARED();
    QFETCH(QString, file);
    const std::string name = file.toStdString();
    const nlohmann::json expected =
        test::readJson(test::sharedFolder() / "zoo/expected.json").at(name);
    const auto checkpoint = openCheckpoint(test::sharedFolder() / "zoo" / name);
    QCOMPARE(checkpoint->format, expected.at("format").get<std::string>());
    QCOMPARE(checkpoint->warnings.size(), std::size_t{0});
    for (const auto& want : expected.at("tensors")) {
        std::string key = pytorchName(want.at("key").get<std::string>());
        if (name.find("lightning") != std::string::npos && key.find("best_model_score") != key.npos)
            key = "callbacks.<class "
                  "'pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint'>."
                  "best_model_score"; // the reference program replaced the class
        const Tensor* tensor = checkpoint->find(key);
        QVERIFY2(tensor, key.c_str());
        QCOMPARE(std::string(nameOf(tensor->dtype)),
                 dtypeName(want.at("dtype").get<std::string>()));
        QCOMPARE(tensor->shape, want.at("shape").get<std::vector<std::int64_t>>());
        if (want.contains("stride"))
            QCOMPARE(tensor->stride, want.at("stride").get<std::vector<std::int64_t>>());
        if (want.contains("storage") && checkpoint->format != "safetensors")
            QCOMPARE(tensor->storage, want.at("storage").get<std::string>());
        QCOMPARE(tensorDigest(*checkpoint, *tensor), want.at("sha256").get<std::string>());
    }
    QCOMPARE(checkpoint->tensors.size(), expected.at("tensors").size());
}

void SharedCheckpointsTest::hasTheTinyImageNetCheckpoint()
{
    MONOTAIL_NEEDS_SHARED();
    const auto checkpoint =
        openCheckpoint(test::sharedFolder() / "data/tiny-imagenet-lt/checkpoint.pth.tar");
    QCOMPARE(checkpoint->format, std::string("zip"));
    const Tensor* first = checkpoint->find("state_dict.conv1.weight");
    QVERIFY(first);
    // Channels last: the data is contiguous only in another order.
    QCOMPARE(first->shape, (std::vector<std::int64_t>{64, 3, 7, 7}));
    QCOMPARE(first->stride, (std::vector<std::int64_t>{147, 1, 21, 3}));
    QCOMPARE(readTensor(*checkpoint, *first).size(), std::size_t{64 * 3 * 7 * 7});
}

QTEST_APPLESS_MAIN(SharedCheckpointsTest)
#include "tst_shared_checkpoints.moc"
