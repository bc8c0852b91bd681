// SPDX-License-Identifier: GPL-3.0-or-later
#include "extract/feature_cache.h"

#include <QtTest>
#include <fstream>

#include "core/dataset/scratch.h"
#include "extract/image_options.h"
#include "platform/growing_file.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

class FeatureCacheTest : public QObject
{
    Q_OBJECT
    Scratch m_scratch;

    FeatureCache filled(const std::string& name)
    {
        const FeatureCache cache(m_scratch.root() / name);
        const auto now = std::filesystem::file_time_type::clock::now();
        int age = 3;
        for (const char* key : {"old", "middle", "new"}) {
            std::ofstream(cache.file(key)) << std::string(100, 'x');
            std::filesystem::last_write_time(cache.file(key), now - std::chrono::hours(age--));
        }
        return cache;
    }

private Q_SLOTS:
    void whatWasUsedLongestAgoGoesFirst()
    {
        const FeatureCache cache = filled("lru");
        QCOMPARE(cache.contents().bytes, std::uint64_t{300});
        touch(cache.file("old"));
        const auto removed = cache.shrink(150);
        QCOMPARE(removed.files, std::int64_t{2});
        QCOMPARE(removed.bytes, std::uint64_t{200});
        QVERIFY(cache.has("old") && !cache.has("middle") && !cache.has("new"));
    }

    void whatWasJustMadeStays()
    {
        const FeatureCache cache = filled("keep");
        cache.shrink(0, cache.file("old"));
        QVERIFY(cache.has("old"));
        QCOMPARE(cache.contents().files, std::int64_t{1});
    }

    void aLimitThatIsKeptRemovesNothing()
    {
        QCOMPARE(filled("enough").shrink(300).files, std::int64_t{0});
    }

    void aPartThatIsBeingMadeStays()
    {
        const FeatureCache cache(m_scratch.root() / "busy");
        GrowingFile part(cache.part("busy"));
        part.append(std::as_bytes(std::span("half", 4)));
        QCOMPARE(cache.shrink(0).files, std::int64_t{0});
        QVERIFY(std::filesystem::exists(cache.part("busy")));
    }

    void otherFilesAreNotTouched()
    {
        const FeatureCache cache = filled("others");
        m_scratch.file("others/notes.txt", "mine");
        cache.shrink(0);
        QCOMPARE(cache.contents().files, std::int64_t{0});
        QVERIFY(std::filesystem::exists(m_scratch.root() / "others/notes.txt"));
    }

    void aFolderThatCannotBeMadeIsSaid()
    {
        const std::string file = m_scratch.file("file", "x");
        QVERIFY(says(errorOf([&] { FeatureCache cache(file + "/features"); }),
                     {"file/features", "cannot make the folder"}));
    }

    void shardsCountFromZero()
    {
        QVERIFY((parseShard("3/4") == ShardChoice{3, 4}));
        for (const char* wrong : {"4/4", "-1/4", "1", "1/0", "a/b", "1/2/3", ""})
            QVERIFY(says(errorOf([&] { parseShard(wrong); }), {"counted from 0", "0/4"}));
    }

    void thePresetFollowsTheSourceUntilItIsEdited()
    {
        QCOMPARE(preprocessingOf({}, "CIFAR-100").preset, std::string("cifar"));
        QCOMPARE(preprocessingOf({}, "image folder").preset, std::string("imagenet"));
        PreprocessingEdits edits;
        edits.resize = 0;
        edits.crop = 0;
        const Preprocessing edited = preprocessingOf(edits, "label list");
        QCOMPARE(edited.preset, std::string("custom"));
        QCOMPARE(edited.resize, std::int64_t{0});
        QCOMPARE(edited.mean.front(), 0.485);
        QVERIFY(says(errorOf([] { preprocessingOf({}, "IDX"); }),
                     {"IDX images do not say", "choose --preprocess", "fashion-mnist"}));
    }
};

QTEST_APPLESS_MAIN(FeatureCacheTest)
#include "tst_feature_cache.moc"
