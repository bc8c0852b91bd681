// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "core/dataset/scratch.h"
#include "dataset/features.h"
#include "dataset/image_list.h"
#include "support/safetensors_file.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

using Labels = std::vector<std::int64_t>;

/// Features of `labels.size()` samples whose numbers are first, first + 1, ...
SafetensorsFile part(const Labels& labels, float first, const std::string& shard, int width = 2)
{
    const auto samples = static_cast<std::int64_t>(labels.size());
    std::vector<float> numbers(labels.size() * static_cast<std::size_t>(width));
    for (std::size_t i = 0; i < numbers.size(); ++i)
        numbers[i] = first + static_cast<float>(i);
    SafetensorsFile file;
    file.add("features", {samples, width}, numbers).addLabels("labels", labels);
    file.metadata = {{"backbone_sha256", "b"}, {"precision", "fp32"}, {"shard", shard}};
    return file;
}

} // namespace

class FeaturePartsTest : public QObject
{
    Q_OBJECT
    Scratch m_scratch;

    std::string write(const std::string& name, const SafetensorsFile& file)
    {
        std::filesystem::create_directories((m_scratch.root() / name).parent_path());
        return file.write(m_scratch.root() / name);
    }

private Q_SLOTS:
    void partsOpenAsOneInTheOrderOfTheirShards()
    {
        const std::string last = write("a/x.safetensors", part({5}, 100, "2/3"));
        const std::string first = write("a/y.safetensors", part({1, 2}, 0, "0/3"));
        const std::string second = write("a/z.safetensors", part({3, 4}, 10, "1/3"));
        for (const std::string& source :
             {last + "," + first + "," + second, (m_scratch.root() / "a").string()}) {
            const FeatureSet all = openFeatures(source);
            QCOMPARE(all.labels, (Labels{1, 2, 3, 4, 5}));
            QCOMPARE(all.source, source);
            QVERIFY(all.warnings.empty());
            QVERIFY(all.features->read(1, 5) ==
                    (RowMatrix(4, 2) << 2, 3, 10, 11, 12, 13, 100, 101).finished());
            QVERIFY(all.features->read(4, 5) == (RowMatrix(1, 2) << 100, 101).finished());
            QCOMPARE(all.features->read(2, 2).rows(), Eigen::Index{0});
        }
    }

    void missingShardsAreWarnedAbout()
    {
        const FeatureSet all = openFeatures(write("b/1.safetensors", part({1}, 0, "0/3")) + "," +
                                            write("b/2.safetensors", part({2}, 0, "2/3")));
        QCOMPARE(all.warnings.size(), std::size_t{1});
        QVERIFY(says(all.warnings.front(), {"2 of 3 shards"}));
    }

    void partsThatDoNotBelongTogetherAreRefused()
    {
        const std::string one = write("c/1.safetensors", part({1}, 0, "0/2"));
        const auto refusal = [&](const SafetensorsFile& other) {
            const std::string path = write("c/2.safetensors", other);
            return errorOf([&] { openFeatures(one + "," + path); });
        };
        QVERIFY(says(refusal(part({1}, 0, "1/2", 3)), {"their widths differ (2 and 3)"}));
        SafetensorsFile backbone = part({1}, 0, "1/2");
        backbone.metadata["backbone_sha256"] = "other";
        QVERIFY(says(refusal(backbone), {"their backbones differ"}));
        SafetensorsFile precision = part({1}, 0, "1/2");
        precision.metadata["precision"] = "bf16";
        QVERIFY(says(refusal(precision), {"their precisions differ (fp32 and bf16)"}));
        SafetensorsFile list = part({1}, 0, "1/2");
        list.metadata["images_sha256"] = "other";
        QVERIFY(says(refusal(list), {"their lists of images differ"}));
        SafetensorsFile assumed = part({1}, 0, "1/2");
        assumed.metadata["backbone_plan"] = "eps 0.01";
        QVERIFY(says(refusal(assumed), {"assumptions about the backbone differ"}));
        QVERIFY(says(refusal(part({1}, 0, "")), {"is shard 0/2 of a list", "is no shard"}));
        QVERIFY(says(refusal(part({1}, 0, "0/2")), {"are both shard 0/2"}));
        QVERIFY(says(refusal(part({1}, 0, "1/5")), {"shard 0/2", "shard 1/5"}));
        QVERIFY(says(errorOf([&] { openFeatures(one + "," + one); }), {"is given twice"}));
    }

    void idsNameTheImages()
    {
        SafetensorsFile file = part({1, 0}, 0, "");
        file.entries.push_back({"ids", {12}, "U8", "a.png\nb.png\n"});
        m_scratch.file("images/a.png", "x");
        file.metadata["image_root"] = (m_scratch.root() / "images").string();
        FeatureSet set = openFeatures(write("d/ids.safetensors", file));
        QCOMPARE(set.ids, (std::vector<std::string>{"a.png", "b.png"}));
        attachImages(set);
        QVERIFY(set.images != nullptr);
        QCOMPARE(set.images->path(set.imageOf[1]), m_scratch.root() / "images/b.png");
        QCOMPARE(set.images->samples[0].label, std::int64_t{1});
        // A root that is gone leaves the features as they are.
        file.metadata["image_root"] = "/nowhere";
        FeatureSet moved = openFeatures(write("d/moved.safetensors", file));
        attachImages(moved);
        QVERIFY(moved.images == nullptr);
    }

    void idsOfAnotherNumberAreLeftOut()
    {
        SafetensorsFile file = part({1, 0}, 0, "");
        file.entries.push_back({"ids", {6}, "U8", "a.png\n"});
        QVERIFY(openFeatures(write("e/ids.safetensors", file)).ids.empty());
    }

    void imagesThatCouldNotBeReadAreSaid()
    {
        SafetensorsFile file = part({1}, 0, "");
        file.metadata["unreadable"] = R"(["x.jpg: the file is empty", "y.jpg: truncated"])";
        const FeatureSet set = openFeatures(write("f/left.safetensors", file));
        QVERIFY(says(set.warnings.front(),
                     {"2 images could not be read and are left out", "x.jpg: the file is empty"}));
    }
};

QTEST_APPLESS_MAIN(FeaturePartsTest)
#include "tst_feature_parts.moc"
