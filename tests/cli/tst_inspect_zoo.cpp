// SPDX-License-Identifier: GPL-3.0-or-later
// `inspect` on real files from public repositories: each against what an independent program read
// from it, and the head that a person would propose.
#include "base/text.h"
#include "checkpoint/dtype.h"
#include "support/program.h"

using namespace monotail;
using namespace monotail::test;
using nlohmann::json;

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

const json& expected()
{
    static const json all = readJson(sharedFolder() / "zoo/expected.json");
    return all;
}

json inspected(const QString& file)
{
    const QString path = QString::fromStdString((sharedFolder() / "zoo").string()) + "/" + file;
    const Outcome outcome = runProgram({"inspect", path, "--digest", "--json"});
    return outcome.code == 0 ? outcome.json() : json::object();
}

json named(const json& tensors, const std::string& name)
{
    for (const json& tensor : tensors)
        if (tensor.at("name") == name)
            return tensor;
    return {};
}

} // namespace

class InspectZooTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agreesWithTheReference_data()
    {
        MONOTAIL_NEEDS_SHARED();
        QTest::addColumn<QString>("file");
        for (const auto& [name, value] : expected().items())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }

    void agreesWithTheReference()
    {
        MONOTAIL_NEEDS_SHARED();
        QFETCH(QString, file);
        const json wanted = expected().at(file.toStdString());
        const json found = inspected(file);
        QVERIFY(found.contains("format"));
        QCOMPARE(found.at("format"), wanted.at("format"));
        for (const json& want : wanted.at("tensors")) {
            std::string key = pytorchName(want.at("key").get<std::string>());
            if (key.find("best_model_score") != key.npos)
                key = "callbacks.<class "
                      "'pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint'>."
                      "best_model_score"; // the reference program replaced the class
            const json tensor = named(found.at("tensors"), key);
            QVERIFY2(!tensor.is_null(), key.c_str());
            QCOMPARE(tensor.at("dtype"), dtypeName(want.at("dtype").get<std::string>()));
            QCOMPARE(tensor.at("shape"), want.at("shape"));
            if (want.contains("stride"))
                QCOMPARE(tensor.at("stride"), want.at("stride"));
            if (want.contains("storage") && wanted.at("format") != "safetensors")
                QCOMPARE(tensor.at("storage"), want.at("storage"));
            QCOMPARE(tensor.at("sha256"), want.at("sha256"));
        }
        QCOMPARE(found.at("tensors").size(), wanted.at("tensors").size());
    }

    void proposesTheHeadThatAPersonWould_data()
    {
        MONOTAIL_NEEDS_SHARED();
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("head");
        QTest::addColumn<QString>("kind");
        const auto row = [](const char* file, const char* head, const char* kind = "linear") {
            QTest::newRow(file) << QString(file) << QString(head) << QString(kind);
        };
        row("akamaster_resnet20.th", "state_dict.module.linear.weight");
        row("akamaster_resnet32.th", "state_dict.module.linear.weight");
        row("cgcnn_semi-metal-classification.pth.tar", "state_dict.fc_out.weight");
        row("douzai_model_best.pth.tar", "state_dict.classifier.weight");
        row("dric_lightning_mnist_epoch9.ckpt", "state_dict.classifier.weight");
        row("emnist_lenet_ckpt.pth", "net.module.fc3.weight");
        row("fashapley_model_best.pth.tar", "state_dict.7.weight");
        row("gt_ice_cifar_net.pth", "fc3.weight");
        row("inu_entire_model.pth", "classifier.4.weight");
        row("kaihuatang_final_model_checkpoint.pth", "state_dict_best.classifier.module.weight",
            "cosine"); // the causal norm classifier
        row("kejeon_rn20_ckpt.pth", "net.module.linear.weight");
        row("level0rd_yolov5n.pt", ""); // rows are boxes and classes of anchors
        row("mnist_tinygrad.safetensors", "l2.weight");
        row("temporalens_model_best.pth.tar", "state_dict.fc.weight");
        QCOMPARE(expected().size(), std::size_t{14}); // every file has its row
    }

    void proposesTheHeadThatAPersonWould()
    {
        MONOTAIL_NEEDS_SHARED();
        QFETCH(QString, file);
        QFETCH(QString, head);
        QFETCH(QString, kind);
        const json found = inspected(file);
        QCOMPARE(found.at("ambiguous"), false);
        if (head.isEmpty()) {
            QVERIFY(found.at("heads").empty());
            QVERIFY(found.at("warnings").dump().find("several anchors") != std::string::npos);
            return;
        }
        QVERIFY(!found.at("heads").empty());
        QCOMPARE(found.at("heads")[0].at("weight"), head.toStdString());
        QCOMPARE(found.at("heads")[0].at("kind"), kind.toStdString());
    }
};

QTEST_APPLESS_MAIN(InspectZooTest)
#include "tst_inspect_zoo.moc"
