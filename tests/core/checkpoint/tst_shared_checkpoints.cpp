// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>

#include "base/text.h"
#include "checkpoint/checkpoint.h"
#include "support/shared_material.h"

using namespace monotail;

/// A real checkpoint in another memory layout; the other real files are read in tests/cli.
class SharedCheckpointsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hasTheTinyImageNetCheckpoint();
};

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
