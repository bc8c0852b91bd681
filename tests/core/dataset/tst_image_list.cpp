// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/image_list.h"

#include <QtTest>

#include "core/dataset/scratch.h"
#include "dataset/wnid_words.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

using Samples = std::vector<ImageSample>;

/// One record of CIFAR's binary form: labels, then pixels that count upwards.
std::string record(std::initializer_list<int> labels, int first)
{
    std::string bytes;
    for (const int label : labels)
        bytes += static_cast<char>(label);
    for (int i = 0; i < 3072; ++i)
        bytes += static_cast<char>((first + i) % 251);
    return bytes;
}

/// `count` grey images of 2 x 3 pixels.
std::string idxImages(int count)
{
    std::string bytes("\0\0\x08\x03\0\0\0", 7);
    bytes += static_cast<char>(count);
    bytes += std::string("\0\0\0\x02\0\0\0\x03", 8);
    for (int i = 0; i < 6 * count; ++i)
        bytes += static_cast<char>(i);
    return bytes;
}

std::string idxLabels(std::initializer_list<int> labels)
{
    std::string bytes("\0\0\x08\x01\0\0\0", 7);
    bytes += static_cast<char>(labels.size());
    for (const int label : labels)
        bytes += static_cast<char>(label);
    return bytes;
}

ImageQuery queryFor(const std::string& source)
{
    ImageQuery query;
    query.source = source;
    return query;
}

ClassSet classesNamed(std::vector<std::string> names)
{
    ClassSet set;
    set.counts.assign(names.size(), 1);
    set.names = std::move(names);
    set.countsSource = "counts.csv (CSV)";
    set.namesSource = "counts.csv";
    return set;
}

} // namespace

class ImageListTest : public QObject
{
    Q_OBJECT
    Scratch m_scratch;

private Q_SLOTS:
    void aListKeepsItsOrderAndItsFolderIsTheRoot()
    {
        m_scratch.file("list/b.jpg", "x");
        const std::string list = m_scratch.file("list/val.txt", "b.jpg 1\nmissing dir/a.jpg 0\n");
        QVERIFY(isImageSource(list));
        const ImageList images = readImageList(queryFor(list));
        QCOMPARE(images.samples, (Samples{{"b.jpg", 1}, {"missing dir/a.jpg", 0}}));
        QCOMPARE(images.path(1), m_scratch.root() / "list/missing dir/a.jpg");
        QVERIFY(images.isFiles());
    }

    void anotherRootMayBeGiven()
    {
        m_scratch.file("elsewhere/a.jpg", "x");
        ImageQuery query = queryFor(m_scratch.file("lists/val.txt", "a.jpg 0\n"));
        query.root = m_scratch.root() / "elsewhere";
        QCOMPARE(readImageList(query).path(0), m_scratch.root() / "elsewhere/a.jpg");
    }

    void aWrongRootIsSaidAtOnce()
    {
        const std::string list = m_scratch.file("wrong.txt", "nowhere/a.jpg 0\nnowhere/b.jpg 1\n");
        const std::string error = errorOf([&] { readImageList(queryFor(list)); });
        QVERIFY(says(error, {"wrong.txt", "none of its first 2 images is there", "nowhere/a.jpg",
                             "--root"}));
    }

    void aLabelBeyondTheClassesNamesItsLine()
    {
        ImageQuery query = queryFor(m_scratch.file("beyond.txt", "a.jpg 0\nb.jpg 7\n"));
        query.classes = 7;
        const std::string error = errorOf([&] { readImageList(query); });
        QVERIFY(says(error, {"beyond.txt, line 2", "class 7 is out of range", "7 classes (0 to 6)",
                             "begin at 1"}));
    }

    void anEmptyListHasNoImages()
    {
        const std::string list = m_scratch.file("none.txt", "# nothing\n");
        QVERIFY(!isImageSource(list));
        QVERIFY(
            says(errorOf([&] { readImageList(queryFor(list)); }), {"no images are in this list"}));
    }

    void foldersResolveByNameSoThatAMissingOneShiftsNothing()
    {
        m_scratch.file("val/cat/2.png", "x");
        m_scratch.file("val/cat/10.png", "x");
        m_scratch.file("val/wolf/deep/1.jpeg", "x");
        m_scratch.file("val/wolf/notes.md", "x");
        const ClassSet classes = classesNamed({"ant", "cat", "dog", "wolf"});
        ImageQuery query = queryFor(m_scratch.root() / "val");
        query.classSet = &classes;
        query.classes = 4;
        const ImageList images = readImageList(query);
        QCOMPARE(images.samples,
                 (Samples{{"cat/10.png", 1}, {"cat/2.png", 1}, {"wolf/deep/1.jpeg", 3}}));
        QCOMPARE(images.warnings.size(), std::size_t{1});
        QVERIFY(says(images.warnings.front(), {"no images of 2 of 4 classes", "class 0, ant"}));
    }

    void aFolderThatIsNoClassIsAnError()
    {
        m_scratch.file("strange/cat/1.png", "x");
        m_scratch.file("strange/yeti/1.png", "x");
        const ClassSet classes = classesNamed({"cat", "dog"});
        ImageQuery query = queryFor(m_scratch.root() / "strange");
        query.classSet = &classes;
        const std::string error = errorOf([&] { readImageList(query); });
        QVERIFY(says(
            error, {"strange, folder yeti", "no class is called so", "counts.csv", "--class-map"}));
    }

    void withoutNamesFoldersAreNotGuessed()
    {
        m_scratch.file("nameless/cat/1.png", "x");
        m_scratch.file("nameless/dog/1.png", "x");
        const std::string error =
            errorOf([&] { readImageList(queryFor(m_scratch.root() / "nameless")); });
        QVERIFY(says(error, {"folder cat", "--class-map", "--classes"}));
    }

    void aClassMapSaysWhichFolderIsWhich()
    {
        m_scratch.file("mapped/b/1.png", "x");
        m_scratch.file("mapped/a/1.png", "x");
        ImageQuery query = queryFor(m_scratch.root() / "mapped");
        query.naming.classMap = m_scratch.file("map.txt", "a 5\nb 2\n");
        QCOMPARE(readImageList(query).samples, (Samples{{"a/1.png", 5}, {"b/1.png", 2}}));
    }

    void twoFoldersOfOneClassAreAnError()
    {
        m_scratch.file("twice/a/1.png", "x");
        m_scratch.file("twice/b/1.png", "x");
        ClassSet classes = classesNamed({"first", "b"});
        classes.ids = {"a", "second"};
        classes.names = {"b", "other"};
        ImageQuery query = queryFor(m_scratch.root() / "twice");
        query.classSet = &classes;
        QVERIFY(says(errorOf([&] { readImageList(query); }), {"are both class 0"}));
    }

    void splitsAreNoClasses()
    {
        m_scratch.file("root/train/a/1.png", "x");
        m_scratch.file("root/val/a/1.png", "x");
        QVERIFY(says(errorOf([&] { readImageList(queryFor(m_scratch.root() / "root")); }),
                     {"its folders are splits (train, val)"}));
    }

    void cifarsBinaryFormIsRead()
    {
        const std::string file =
            m_scratch.file("cifar/test_batch.bin", record({3}, 0) + record({9}, 7));
        m_scratch.file("cifar/batches.meta.txt", "airplane\nautomobile\n");
        const ImageList images = readImageList(queryFor(file));
        QCOMPARE(images.samples, (Samples{{"test_batch.bin#0", 3, 0}, {"test_batch.bin#1", 9, 1}}));
        QCOMPARE(images.kind, std::string("CIFAR-10"));
        QCOMPARE(images.split, std::string("test"));
        QCOMPARE(images.classes.front(), std::string("airplane"));
        QCOMPARE(std::to_integer<int>(images.arrays.front().image(1)[5]), 12);
        // The folder means its test split, and says so.
        const ImageList folder = readImageList(queryFor(m_scratch.root() / "cifar"));
        QCOMPARE(folder.samples, images.samples);
        QVERIFY(says(folder.warnings.front(), {"the test split was taken (test_batch.bin)"}));
    }

    void cifar100sFineLabelsAreTheClasses()
    {
        const std::string file =
            m_scratch.file("cifar100/train.bin", record({19, 99}, 0) + record({1, 0}, 7));
        const ImageList images = readImageList(queryFor(file));
        QCOMPARE(images.samples[0].label, std::int64_t{99});
        QCOMPARE(images.kind, std::string("CIFAR-100"));
        QCOMPARE(images.split, std::string("train"));
    }

    void severalFilesAreOneList()
    {
        const std::string one = m_scratch.file("parts/data_batch_1.bin", record({3}, 0));
        const std::string two = m_scratch.file("parts/data_batch_2.bin", record({4}, 9));
        const ImageList images = readImageList(queryFor(one + "," + two));
        QCOMPARE(images.samples,
                 (Samples{{"data_batch_1.bin#0", 3, 0}, {"data_batch_2.bin#0", 4, 1}}));
        QCOMPARE(images.arrays.size(), std::size_t{2});
    }

    void idxFindsItsLabelsBesideIt()
    {
        const std::string file = m_scratch.file("idx/t10k-images-idx3-ubyte", idxImages(2));
        QVERIFY(says(errorOf([&] { readImageList(queryFor(file)); }),
                     {"its labels are not beside it", "t10k-labels-idx1-ubyte", "IMAGES,LABELS"}));
        m_scratch.file("idx/t10k-labels-idx1-ubyte", idxLabels({4, 2}));
        const ImageList images = readImageList(queryFor(file));
        QCOMPARE(images.samples[1].label, std::int64_t{2});
        QCOMPARE(images.arrays.front().height, std::int64_t{2});
        QCOMPARE(images.arrays.front().width, std::int64_t{3});
        QCOMPARE(images.arrays.front().channels, std::int64_t{1});
        const std::string other = m_scratch.file("idx/other", idxLabels({1, 1, 1}));
        QVERIFY(says(errorOf([&] { readImageList(queryFor(file + "," + other)); }),
                     {"holds 2 images", "holds 3 labels"}));
    }

    void listsNameImagesOfArrays()
    {
        m_scratch.file("cut/data_batch_1.bin", record({3}, 0) + record({9}, 7) + record({1}, 8));
        const std::string list =
            m_scratch.file("cut/lt.txt", "data_batch_1.bin#2 1\ndata_batch_1.bin#0 3\n");
        const ImageList images = readImageList(queryFor(list));
        QCOMPARE(images.samples,
                 (Samples{{"data_batch_1.bin#2", 1, 2}, {"data_batch_1.bin#0", 3, 0}}));
        const std::string beyond = m_scratch.file("cut/beyond.txt", "data_batch_1.bin#3 1\n");
        QVERIFY(says(errorOf([&] { readImageList(queryFor(beyond)); }),
                     {"data_batch_1.bin#3", "holds 3 images (0 to 2)"}));
    }

    void aListOfArraysIsOfTheirKind()
    {
        m_scratch.file("kind/pics.idx", idxImages(2)); // no labels beside it: the list has them
        const std::string list = m_scratch.file("kind/lt.txt", "pics.idx#1 1\n");
        QCOMPARE(readImageList(queryFor(list)).kind, std::string("IDX"));
    }

    void whatHoldsNoImagesIsSaid()
    {
        const std::string cut =
            m_scratch.file("cut-short/test_batch.bin", record({3}, 0).substr(0, 3000));
        QVERIFY(says(errorOf([&] { readImageList(queryFor(cut)); }),
                     {"test_batch.bin", "3073 bytes", "truncated"}));
        const std::string picture = m_scratch.file("one.jpg", std::string("\xff\xd8\xff\x00", 4));
        QVERIFY(says(errorOf([&] { readImageList(queryFor(picture)); }),
                     {"one.jpg", "no images are in it", "an image folder, a label list"}));
    }

    void featuresAreNoImages()
    {
        QVERIFY(!isImageSource((demoFolder() / "features-test.safetensors").string()));
        QVERIFY(!isImageSource((demoFolder() / "t10k-labels-idx1-ubyte.gz").string()));
        QVERIFY(!isImageSource(m_scratch.file("features/labels.npy", "x")));
        QVERIFY(!isImageSource("nowhere"));
        QVERIFY(isImageSource((demoFolder() / "t10k-images-idx3-ubyte.gz").string()));
    }

    void wnidsBecomeWordsAndStayKnown()
    {
        m_scratch.file("words.txt", "n01443537\tgoldfish, Carassius auratus\nn02012849\tcrane\n"
                                    "n03126707\tcrane\nn00000001\tnobody\n");
        ClassSet classes = classesNamed({"n02012849", "n01443537", "n03126707", "n99999999"});
        addWords(classes, m_scratch.root() / "counts/deep");
        QCOMPARE(classes.names, (std::vector<std::string>{"crane (n02012849)", "goldfish",
                                                          "crane (n03126707)", "n99999999"}));
        m_scratch.file("wnids/n01443537/1.png", "x");
        ImageQuery query = queryFor(m_scratch.root() / "wnids");
        query.classSet = &classes;
        QCOMPARE(readImageList(query).samples.front().label, std::int64_t{1});
    }

    void realListsAreRead()
    {
        MONOTAIL_NEEDS_SHARED();
        const auto folder = sharedFolder() / "data/tiny-imagenet-lt";
        const ImageList images = readImageList(queryFor((folder / "val.txt").string()));
        QCOMPARE(images.size(), std::int64_t{10000});
        QCOMPARE(images.samples[2], (ImageSample{"val/images/val_2.JPEG", 140}));
        // Counts from train.txt equal those that were written down when the set was cut.
        const auto counts = readClassSet((folder / "train.txt").string(), 200).counts;
        const auto expected = readJson(folder / "classes.json");
        for (const auto& [key, value] : expected.items())
            if (value.is_array() && value.front().is_number())
                QCOMPARE(counts, value.get<std::vector<std::int64_t>>());
    }
};

QTEST_APPLESS_MAIN(ImageListTest)
#include "tst_image_list.moc"
