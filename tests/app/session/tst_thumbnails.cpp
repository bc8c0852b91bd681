// SPDX-License-Identifier: GPL-3.0-or-later
// Small pictures are made for what is in sight, and a bounded number is kept.
#include <QSignalSpy>
#include <QtTest>

#include "dataset/image_list.h"
#include "session/thumbnails.h"

using namespace monotail;

namespace {

/// `count` grey images of `side` x `side`; image i is of brightness i modulo 251. Sample s shows
/// image count - 1 - s.
std::shared_ptr<const FeatureSet> features(std::int64_t count, std::int64_t side)
{
    auto pixels = std::make_shared<std::vector<std::byte>>();
    for (std::int64_t i = 0; i < count; ++i)
        pixels->insert(pixels->end(), static_cast<std::size_t>(side * side),
                       static_cast<std::byte>(i % 251));
    auto images = std::make_shared<ImageList>();
    images->source = "made.idx";
    images->arrays = {{{"made.idx",
                        NumberType::UInt8,
                        {count, side, side},
                        {side * side, side, 1},
                        pixels->data(),
                        pixels},
                       1,
                       side,
                       side,
                       count}};
    auto made = std::make_shared<FeatureSet>();
    for (std::int64_t i = 0; i < count; ++i) {
        images->samples.push_back({std::to_string(i), 0});
        made->labels.push_back(0);
        made->imageOf.push_back(count - 1 - i);
    }
    made->images = images;
    return made;
}

struct Made
{
    JobRunner jobs;
    Thumbnails thumbnails{jobs};
    QSignalSpy ready{&thumbnails, &Thumbnails::ready};

    bool wait() { return ready.wait(60000); }
};

} // namespace

class ThumbnailsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsAskedForComesLater()
    {
        Made made;
        made.thumbnails.setFeatures(features(10, 8));
        QVERIFY(made.thumbnails.hasImages());
        QVERIFY(made.thumbnails.of(2).image.isNull());
        QVERIFY(made.wait());
        const QImage image = made.thumbnails.of(2).image;
        QCOMPARE(image.size(), QSize(8, 8)); // small ones stay as they are
        QCOMPARE(image.pixelColor(4, 4), QColor(7, 7, 7));
    }

    void largeImagesAreScaledDown()
    {
        Made made;
        made.thumbnails.setFeatures(features(2, 500));
        made.thumbnails.of(0);
        QVERIFY(made.wait());
        QCOMPARE(made.thumbnails.of(0).image.size(), QSize(Thumbnails::side, Thumbnails::side));
    }

    void onlyWhatIsStillAskedForIsMade()
    {
        Made made;
        made.thumbnails.setFeatures(features(1000, 8));
        for (std::int64_t i = 0; i < 1000; ++i) // as if scrolled past
            made.thumbnails.of(i);
        QVERIFY(made.wait());
        QVERIFY(made.thumbnails.kept() < 100);
        while (made.thumbnails.of(999).image.isNull())
            QVERIFY(made.wait());
        QVERIFY(made.thumbnails.kept() < 100);
    }

    void aBoundedNumberIsKept()
    {
        Made made;
        made.thumbnails.setFeatures(features(700, 192)); // 144 KiB each: 455 in 64 MiB
        for (std::int64_t i = 0; i < 700; ++i)
            while (made.thumbnails.of(i).image.isNull()) {
                for (std::int64_t next = i; next < std::min<std::int64_t>(i + 24, 700); ++next)
                    made.thumbnails.of(next);
                QVERIFY(made.wait());
            }
        QVERIFY(made.thumbnails.kept() > 300);
        QVERIFY(made.thumbnails.kept() < 456);
        QVERIFY(!made.thumbnails.of(699).image.isNull());
    }

    void whatCannotBeReadSaysWhy()
    {
        auto broken = std::make_shared<FeatureSet>(*features(3, 8));
        broken->imageOf = {0, 7, 2};
        Made made;
        made.thumbnails.setFeatures(broken);
        made.thumbnails.of(0);
        made.thumbnails.of(1);
        QVERIFY(made.wait());
        QVERIFY(made.thumbnails.of(0).problem.isEmpty());
        QVERIFY(made.thumbnails.of(1).image.isNull());
        QVERIFY2(made.thumbnails.of(1).problem.contains("made.idx"),
                 qPrintable(made.thumbnails.of(1).problem));
    }

    void otherFeaturesForgetThem()
    {
        Made made;
        made.thumbnails.setFeatures(features(3, 8));
        made.thumbnails.of(0);
        made.thumbnails.setFeatures(features(3, 8)); // while the first are under way
        made.thumbnails.of(1);
        QVERIFY(made.wait());
        QVERIFY(!made.thumbnails.of(1).image.isNull());
        QVERIFY(made.thumbnails.of(0).image.isNull());
        made.thumbnails.setFeatures(std::make_shared<FeatureSet>());
        QVERIFY(!made.thumbnails.hasImages());
        QVERIFY(made.thumbnails.of(1).image.isNull());
    }
};

QTEST_MAIN(ThumbnailsTest)
#include "tst_thumbnails.moc"
